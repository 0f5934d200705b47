"""google-cloud-recaptcha-enterprise, which speaks gRPC alone: without TLS by a channel, with TLS by its options."""

import os

import grpc
from google.api_core import exceptions
from google.cloud import recaptchaenterprise_v1 as recaptcha
from google.cloud.recaptchaenterprise_v1.services.recaptcha_enterprise_service.transports import (
    RecaptchaEnterpriseServiceGrpcTransport,
)
from google.protobuf import field_mask_pb2
from promises import STAGE, promise, run, token

PARENT = f"projects/{STAGE['project']}"
REASON = recaptcha.TokenProperties.InvalidReason


def connect():
    """A client, and the keywords that each call needs."""
    if os.environ.get("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"):
        options = {"api_endpoint": f"localhost:{STAGE['port']}", "api_key": STAGE["apiKey"]}
        return recaptcha.RecaptchaEnterpriseServiceClient(client_options=options), {}
    channel = grpc.insecure_channel(f"127.0.0.1:{STAGE['port']}")
    transport = RecaptchaEnterpriseServiceGrpcTransport(channel=channel)
    # The library sends its API key by TLS alone.
    metadata = [("x-goog-api-key", STAGE["apiKey"])]
    return recaptcha.RecaptchaEnterpriseServiceClient(transport=transport), {"metadata": metadata}


CLIENT, CALL = connect()


def assess(**event):
    event = {"site_key": STAGE["siteKey"], **event}
    return CLIENT.create_assessment(parent=PARENT, assessment={"event": event}, **CALL)


def web_key(name):
    settings = {"allowed_domains": ["localhost"], "integration_type": "SCORE"}
    return CLIENT.create_key(parent=PARENT, key={"display_name": name, "web_settings": settings}, **CALL)


def refused(error, call, *arguments, **fields):
    try:
        call(*arguments, **fields, **CALL)
    except error as refusal:
        return refusal
    raise AssertionError(f"{error.__name__} was not raised")


@promise("a real token is valid, and a duplicate ever after")
def _():
    text = token()
    first = assess(token=text, expected_action="login", user_ip_address="203.0.113.7", headers=["accept: */*"])
    assert first.token_properties.valid, first
    assert first.token_properties.action == "login"
    assert first.token_properties.hostname == "localhost"
    assert 0 <= first.risk_analysis.score <= 1
    assert first.event.user_ip_address == "203.0.113.7"
    assert list(first.event.headers) == ["accept: */*"]
    second = assess(token=text)
    assert second.token_properties.invalid_reason == REASON.DUPE, second


@promise("what is no token is malformed or missing, without an error")
def _():
    assert assess(token="nonsense").token_properties.invalid_reason == REASON.MALFORMED
    assert assess().token_properties.invalid_reason == REASON.MISSING


@promise("an assessment is annotated")
def _():
    name = assess(token=token()).name
    annotation = recaptcha.AnnotateAssessmentRequest.Annotation.LEGITIMATE
    CLIENT.annotate_assessment(name=name, annotation=annotation, **CALL)


@promise("a key is made, read, changed by a mask, and deleted")
def _():
    key = web_key("python")
    assert CLIENT.get_key(name=key.name, **CALL) == key
    mask = field_mask_pb2.FieldMask(paths=["display_name"])
    request = {"key": {"name": key.name, "display_name": "renamed"}, "update_mask": mask}
    changed = CLIENT.update_key(request=request, **CALL)
    assert changed.display_name == "renamed"
    assert changed.web_settings == key.web_settings, "what the mask leaves out stays"
    CLIENT.delete_key(request={"name": key.name}, **CALL)
    refused(exceptions.NotFound, CLIENT.get_key, name=key.name)


@promise("keys are listed page by page, each once")
def _():
    made = {web_key(name).name for name in ("one", "two", "three")}
    listed = [key.name for key in CLIENT.list_keys(request={"parent": PARENT, "page_size": 2}, **CALL)]
    assert len(listed) == len(set(listed)) and made <= set(listed), listed


@promise("the legacy secret, overrides and numbers of a key are there")
def _():
    name = web_key("settings").name
    assert CLIENT.retrieve_legacy_secret_key(key=name, **CALL).legacy_secret_key.startswith("6L")
    data = {"ip": "1.2.3.4", "override_type": "ALLOW"}
    CLIENT.add_ip_override(name=name, ip_override_data=data, **CALL)
    assert [override.ip for override in CLIENT.list_ip_overrides(parent=name, **CALL)] == ["1.2.3.4"]
    CLIENT.remove_ip_override(name=name, ip_override_data=data, **CALL)
    refused(exceptions.NotFound, CLIENT.remove_ip_override, name=name, ip_override_data=data)
    assert CLIENT.get_metrics(name=f"{name}/metrics", **CALL).name == f"{name}/metrics"


@promise("firewall policies are made, ordered, listed and deleted")
def _():
    policies = [{"path": path, "condition": "recaptcha.score < 0.5", "actions": [{"block": {}}]} for path in ("/a", "/b")]
    first, second = (CLIENT.create_firewall_policy(parent=PARENT, firewall_policy=policy, **CALL) for policy in policies)
    CLIENT.reorder_firewall_policies(parent=PARENT, names=[second.name, first.name], **CALL)
    listed = [policy.name for policy in CLIENT.list_firewall_policies(request={"parent": PARENT}, **CALL)]
    assert listed == [second.name, first.name], listed
    for name in listed:
        CLIENT.delete_firewall_policy(request={"name": name}, **CALL)


@promise("no account is related to another")
def _():
    assert list(CLIENT.list_related_account_groups(parent=PARENT, **CALL)) == []
    search = {"project": PARENT, "account_id": "u1"}
    assert list(CLIENT.search_related_account_group_memberships(request=search, **CALL)) == []


@promise("a faulty request is refused with its field")
def _():
    refusal = refused(exceptions.InvalidArgument, CLIENT.create_key, parent=PARENT, key={"display_name": ""})
    assert "display" in refusal.message, refusal
    assert refusal.domain or refusal.details, "the error has details"


@promise("another project is out of reach")
def _():
    refused(exceptions.PermissionDenied, CLIENT.create_assessment, parent="projects/other", assessment={"event": {"token": "x"}})


@promise("a wrong API key is refused with its reason")
def _():
    metadata = [("x-goog-api-key", "nonsense")]
    channel = grpc.insecure_channel(f"127.0.0.1:{STAGE['port']}")
    if STAGE.get("ca"):
        with open(STAGE["ca"], "rb") as roots:
            channel = grpc.secure_channel(f"localhost:{STAGE['port']}", grpc.ssl_channel_credentials(roots.read()))
    stranger = recaptcha.RecaptchaEnterpriseServiceClient(transport=RecaptchaEnterpriseServiceGrpcTransport(channel=channel))
    try:
        stranger.create_assessment(parent=PARENT, assessment={"event": {"token": "x"}}, metadata=metadata)
    except exceptions.InvalidArgument as refusal:
        assert refusal.reason == "API_KEY_INVALID", refusal
    else:
        raise AssertionError("nobody refused it")


run()
