"""Whether this process lives, whether it can serve, and what it has counted."""

from __future__ import annotations

import hmac
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify, request

from core import telemetry
from core.errors import TurnoError
from core.settings import Settings
from core.store import health
from core.store.db import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def blueprint(db: Database, settings: Settings) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        """The process answers. It never asks the database: a restart would not mend that."""
        return jsonify(status="live")

    @routes.get("/health/ready")
    def ready() -> tuple[Response, int]:
        """It can take events in: the database answers, and its schema is the one this code was written for."""
        why = _not_ready(db)
        return (jsonify(status="not ready", why=why), 503) if why else (jsonify(status="ready"), 200)

    @routes.get("/metrics")
    def metrics() -> Response:
        if not _may_look(settings):
            return Response("FORBIDDEN", status=403, mimetype="text/plain")
        return Response(telemetry.exposition(), content_type=telemetry.CONTENT_TYPE)

    return routes


def _not_ready(db: Database) -> str:
    try:
        with db.transaction() as tx:
            at = health.schema_version(tx)
    except TurnoError:
        return "the database does not answer"
    return "" if at == _head() else f"the schema is at {at or 'nothing'}, and this code wants {_head()}"


@cache
def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _may_look(settings: Settings) -> bool:
    """With a LOG_TOKEN, who shows it; without one, everybody in development and nobody in production."""
    token = settings.log_token.get_secret_value()
    if not token:
        return settings.app_env == "development"
    shown = request.headers.get("Authorization", "")
    return hmac.compare_digest(shown.encode("latin-1", "replace"), f"Bearer {token}".encode())
