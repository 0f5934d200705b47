"""Runs the promises of a Python client and prints one JSON line for each; python.mjs makes tests of the lines."""

import json
import os
import sys
import traceback

# What the test gives: origin, host, port, project, siteKey, secret, apiKey, ca, tokens.
STAGE = json.loads(os.environ.get("STAGE", "{}"))

_promises = []


def promise(name):
    """Marks a function as the check of a promise. They run in the order in which they stand."""

    def mark(check):
        _promises.append((name, check))
        return check

    return mark


def token():
    """The next of the real tokens that a page got for this script."""
    return STAGE["tokens"].pop()


def run():
    """Runs all promises; what one of them raises is told, and stops no other."""
    for name, check in _promises:
        failure = None
        try:
            check()
        except BaseException:  # A client may well raise something that is no Exception.
            failure = traceback.format_exc()
        print(json.dumps({"promise": name, "failure": failure}), flush=True)
    sys.exit(0)
