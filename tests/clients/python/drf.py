"""drf-recaptcha: fields of a serializer, for tokens with a score and for those of a checkbox."""

import django
from django.conf import settings
from promises import STAGE, promise, run, token

settings.configure(
    INSTALLED_APPS=["drf_recaptcha"],
    DRF_RECAPTCHA_SECRET_KEY=STAGE["secret"],
    DRF_RECAPTCHA_DOMAIN=f"localhost:{STAGE['port']}",
    DRF_RECAPTCHA_DEFAULT_V3_SCORE=0.0,
)
django.setup()

from django.test import RequestFactory  # noqa: E402 (Django has to be set up before)
from drf_recaptcha.fields import ReCaptchaV2Field, ReCaptchaV3Field  # noqa: E402
from rest_framework.serializers import Serializer  # noqa: E402


class Scored(Serializer):
    recaptcha = ReCaptchaV3Field(action="login", required_score=0.5, secret_key=STAGE["scored"]["secret"])


class Checked(Serializer):
    recaptcha = ReCaptchaV2Field(secret_key=STAGE["checkbox"]["secret"])


def serialized(kind, text):
    return kind(data={"recaptcha": text}, context={"request": RequestFactory().post("/")})


@promise("a token with enough of a score is valid, once")
def _():
    text = STAGE["scored"]["token"]
    first = serialized(Scored, text)
    assert first.is_valid(), first.errors
    assert first.fields["recaptcha"].score == 0.9
    assert not serialized(Scored, text).is_valid()


@promise("a token of a checkbox is valid, and has no score")
def _():
    filled = serialized(Checked, STAGE["checkbox"]["token"])
    assert filled.is_valid(), filled.errors


@promise("a token of another key is not valid")
def _():
    assert not serialized(Checked, token()).is_valid()


@promise("what is no token is not valid")
def _():
    assert not serialized(Scored, "nonsense").is_valid()


run()
