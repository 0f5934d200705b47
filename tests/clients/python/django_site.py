"""A Django site whose forms carry django-recaptcha: /v3, /checkbox and /invisible. What a form made of it is the answer."""

import json
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from promises import STAGE

settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_recaptcha"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    RECAPTCHA_PUBLIC_KEY=STAGE["siteKey"],
    RECAPTCHA_PRIVATE_KEY=STAGE["secret"],
    RECAPTCHA_DOMAIN=f"localhost:{STAGE['port']}",
)
django.setup()

from django_recaptcha.fields import ReCaptchaField  # noqa: E402 (Django has to be set up before)
from django_recaptcha.widgets import ReCaptchaV2Checkbox, ReCaptchaV2Invisible, ReCaptchaV3  # noqa: E402

PAGE = """<!doctype html><html lang="en"><title>Shop</title>
<form method="post">{{ form.as_p }}<button id="go">Send</button></form></html>"""


def view(form):
    def answer(request):
        if request.method == "POST":
            filled = form(request.POST)
            return HttpResponse(json.dumps({"valid": filled.is_valid(), "errors": filled.errors}))
        return HttpResponse(engines["django"].from_string(PAGE).render({"form": form()}, request))

    return answer


class SignIn(forms.Form):
    captcha = ReCaptchaField(widget=ReCaptchaV3(action="signin"))


class Checked(forms.Form):
    captcha = ReCaptchaField(
        public_key=STAGE.get("checkbox", {}).get("siteKey"),
        private_key=STAGE.get("checkbox", {}).get("secret"),
        widget=ReCaptchaV2Checkbox(),
    )


class Invisible(forms.Form):
    captcha = ReCaptchaField(
        public_key=STAGE.get("invisible", {}).get("siteKey"),
        private_key=STAGE.get("invisible", {}).get("secret"),
        widget=ReCaptchaV2Invisible(),
    )


urlpatterns = [
    path("v3", view(SignIn)),
    path("checkbox", view(Checked)),
    path("invisible", view(Invisible)),
    # A browser asks for it by itself; a 404 would stand in the console as an error of the page.
    path("favicon.ico", lambda request: HttpResponse(status=204)),
]


class Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent)
print(json.dumps({"origin": f"http://localhost:{server.server_port}"}), flush=True)
server.serve_forever()
