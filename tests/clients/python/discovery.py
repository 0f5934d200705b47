"""google-api-python-client, which speaks REST by the discovery document that comes with it."""

from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from promises import STAGE, promise, run, token

PARENT = f"projects/{STAGE['project']}"


def connect(api_key):
    options = {"api_endpoint": STAGE["origin"] + "/"}
    return build("recaptchaenterprise", "v1", developerKey=api_key, client_options=options, static_discovery=True).projects()


PROJECTS = connect(STAGE["apiKey"])


def assess(**event):
    body = {"event": {"siteKey": STAGE["siteKey"], **event}}
    return PROJECTS.assessments().create(parent=PARENT, body=body).execute()


def refused(status, call):
    try:
        call.execute()
    except HttpError as refusal:
        assert refusal.status_code == status, refusal
        return refusal
    raise AssertionError(f"status {status} was not answered")


@promise("a real token is valid, in names and camel case, and a duplicate ever after")
def _():
    text = token()
    first = assess(token=text, expectedAction="login")
    properties = first["tokenProperties"]
    assert properties["valid"] is True, first
    assert properties["invalidReason"] == "INVALID_REASON_UNSPECIFIED"
    assert properties["createTime"].endswith("Z")
    assert isinstance(first["riskAnalysis"]["score"], (int, float))
    assert first["event"]["hashedAccountId"] == "" and first["event"]["express"] is False, "defaults are printed"
    assert assess(token=text)["tokenProperties"]["invalidReason"] == "DUPE"


@promise("an assessment is annotated")
def _():
    name = assess(token=token())["name"]
    body = {"annotation": "LEGITIMATE", "reasons": ["CORRECT_PASSWORD"]}
    assert PROJECTS.assessments().annotate(name=name, body=body).execute() == {}


@promise("a key is made, listed, changed by a mask, and deleted")
def _():
    settings = {"allowedDomains": ["localhost"], "integrationType": "SCORE"}
    key = PROJECTS.keys().create(parent=PARENT, body={"displayName": "discovered", "webSettings": settings}).execute()
    listing, names = PROJECTS.keys().list(parent=PARENT, pageSize=1), []
    while listing is not None:
        page = listing.execute()
        names += [listed["name"] for listed in page.get("keys", [])]
        listing = PROJECTS.keys().list_next(listing, page)
    assert key["name"] in names and len(names) == len(set(names)), names
    body = {"displayName": "renamed"}
    changed = PROJECTS.keys().patch(name=key["name"], updateMask="displayName", body=body).execute()
    assert changed["displayName"] == "renamed" and changed["webSettings"]["allowedDomains"] == ["localhost"], changed
    assert PROJECTS.keys().migrate(name=key["name"], body={}).execute()["name"] == key["name"]
    secret = PROJECTS.keys().retrieveLegacySecretKey(key=key["name"]).execute()["legacySecretKey"]
    assert secret.startswith("6L") and len(secret) == 40, secret
    assert PROJECTS.keys().getMetrics(name=key["name"] + "/metrics").execute()["name"] == key["name"] + "/metrics"
    assert PROJECTS.keys().delete(name=key["name"]).execute() == {}
    refused(404, PROJECTS.keys().get(name=key["name"]))


@promise("firewall policies are made, listed and deleted")
def _():
    body = {"path": "/login", "condition": "recaptcha.score < 0.5", "actions": [{"block": {}}]}
    policy = PROJECTS.firewallpolicies().create(parent=PARENT, body=body).execute()
    listed = PROJECTS.firewallpolicies().list(parent=PARENT).execute()["firewallPolicies"]
    assert [other["name"] for other in listed] == [policy["name"]], listed
    PROJECTS.firewallpolicies().delete(name=policy["name"]).execute()


@promise("errors have the status, the reason and the details of the incumbent")
def _():
    stranger = connect("nonsense").assessments().create(parent=PARENT, body={"event": {"token": "x"}})
    refusal = refused(400, stranger)
    assert [detail.get("reason") for detail in refusal.error_details] == ["API_KEY_INVALID"], refusal.error_details
    foreign = PROJECTS.assessments().create(parent="projects/other", body={"event": {"token": "x"}})
    refused(403, foreign)


run()
