"""The door: HTTP in."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from core.errors import Unreachable
from core.settings import Settings
from core.store.db import Database
from core.telemetry import log
from webhook import health, meta
from webhook.keyholder import Keyholder
from webhook.meta import Meta
from webhook.webchat import limits, wrong_keys
from webhook.webchat.guard import Guard
from webhook.webchat.limits import Limits

LATER_S = 2
A_YEAR = "max-age=31536000"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def create_app(door: Meta, db: Database, settings: Settings) -> Flask:
    """Every route of the door."""
    app = Flask("webhook", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.webhook_max_bytes
    app.register_blueprint(meta.blueprint(door))
    app.register_blueprint(_watched(db, settings))
    app.register_error_handler(HTTPException, _told)
    app.register_error_handler(Unreachable, _away)
    app.after_request(_guarded)
    if settings.app_env == "production":
        app.after_request(_over_tls)
    return app


def _watched(db: Database, settings: Settings) -> Blueprint:
    keyholder = Keyholder(settings, wrong_keys.counting(settings, Limits(db), Guard(settings)))
    routes = health.blueprint(db, keyholder)
    routes.after_request(limits.told)
    return routes


def _told(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.name), error.code or 500


def _away(error: Unreachable) -> tuple[Response, int]:
    """A page that needs the database while it is away, or while too many want it: that is for a moment only."""
    log.error("page.closed", error=str(error))
    told = Response("Please try again in a moment.\n", mimetype="text/plain")
    told.headers["Retry-After"] = str(LATER_S)
    return told, 503


def _over_tls(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = A_YEAR
    return response


def _guarded(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
