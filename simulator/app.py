"""The simulator as a Flask application."""

from __future__ import annotations

from flask import Flask, Response, redirect, url_for
from werkzeug.wrappers import Response as Answer

from core.settings import BadSettings, Settings
from simulator import graph, phone
from simulator.exchange import Exchange

MAX_BYTES = 100 * 1024 * 1024


def create(settings: Settings, webhook_url: str) -> Flask:
    """The application that plays Meta and the phones; raises BadSettings where it must not run."""
    _check(settings)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    exchange = Exchange(settings, webhook_url)
    app.extensions["exchange"] = exchange
    app.register_blueprint(graph.blueprint(exchange))
    app.register_blueprint(phone.blueprint(exchange))
    app.register_error_handler(graph.HangUp, graph.hang_up)
    app.register_error_handler(graph.Bare, graph.bare)
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/health/live", "live", lambda: Response("ok", mimetype="text/plain"))
    return app


def _home() -> Answer:
    return redirect(url_for("phone.page"))


def _check(settings: Settings) -> None:
    if settings.app_env == "production":
        raise BadSettings("The simulator plays Meta and the customers: it never runs with APP_ENV=production.")
    missing = [
        name
        for name in ("whatsapp_app_secret", "whatsapp_access_token")
        if not getattr(settings, name).get_secret_value()
    ]
    if missing:
        raise BadSettings("The simulator needs " + " and ".join(name.upper() for name in missing) + ".")
