"""A Flask site with Flask-WTF's RecaptchaField: /checkbox and /invisible. What a form made of it is the answer."""

import json

from flask import Flask, render_template_string
from flask_wtf import FlaskForm, RecaptchaField
from promises import STAGE
from werkzeug.serving import make_server

PAGE = """<!doctype html><html lang="en"><title>Shop</title>
<form method="post">{{ form.csrf_token }}{{ form.recaptcha }}<button id="go">Send</button></form></html>"""


class SignIn(FlaskForm):
    recaptcha = RecaptchaField()


def site(**settings):
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="of a test",
        RECAPTCHA_PUBLIC_KEY=STAGE["siteKey"],
        RECAPTCHA_PRIVATE_KEY=STAGE["secret"],
        RECAPTCHA_VERIFY_SERVER=STAGE["origin"] + "/recaptcha/api/siteverify",
        RECAPTCHA_SCRIPT=STAGE["origin"] + "/recaptcha/api.js",
        **settings,
    )

    @app.route("/", methods=["GET", "POST"])
    def form():
        filled = SignIn(meta={"csrf": False})
        if filled.is_submitted():
            return json.dumps({"valid": filled.validate(), "errors": filled.errors})
        return render_template_string(PAGE, form=filled)

    # A browser asks for it by itself; a 404 would stand in the console as an error of the page.
    app.add_url_rule("/favicon.ico", view_func=lambda: ("", 204), endpoint="icon")
    return app


server = make_server("127.0.0.1", 0, site(**STAGE.get("settings", {})))
print(json.dumps({"origin": f"http://localhost:{server.server_port}"}), flush=True)
server.serve_forever()
