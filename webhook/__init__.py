"""The door: HTTP in."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from core.settings import Settings
from core.store.db import Database
from webhook import health, meta
from webhook.meta import Meta

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
    app.register_blueprint(health.blueprint(db, settings))
    app.register_error_handler(HTTPException, _told)
    app.after_request(_guarded)
    return app


def _told(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.name), error.code or 500


def _guarded(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
