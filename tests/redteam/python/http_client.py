"""HTTP clients of Python: requests, httpx and curl_cffi, which greets as a browser does."""

import importlib
import json
import os
import sys

settings = json.loads(sys.argv[1])
tool = importlib.import_module(settings["module"])
more = {"impersonate": "chrome"} if settings["module"] == "curl_cffi.requests" else {}
headers = settings["headers"]


def post(door, body):
    url = f"{settings['verifier']}/recaptcha/agent/{door}?k={settings['siteKey']}"
    # httpx names the same thing otherwise.
    sent = {"content": body} if settings["module"] == "httpx" else {"data": body}
    answer = tool.post(url, headers=headers, timeout=20, **sent, **more)
    answer.raise_for_status()
    return answer


post("session", b"")
body = {"empty": b"", "random": os.urandom(700), "plain": b"\x00\x01" + settings["action"].encode()}[settings["body"]]
print(post("token", body).text)
