"""Liveness, readiness and metrics endpoints."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from core import telemetry
from core.errors import Refused, TurnoError
from core.store import health, schema
from core.store.db import Database
from core.version import VERSION
from webhook.keyholder import Keyholder


def blueprint(db: Database, keyholder: Keyholder) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        """The process answers. It never asks the database: a restart would not mend that."""
        return jsonify(status="live")

    @routes.get("/health/ready")
    def ready() -> tuple[Response, int]:
        """It can take events in: the database answers, and its schema is the one this code was written for."""
        why = problem(db)
        return (jsonify(status="not ready", why=why), 503) if why else (jsonify(status="ready", version=VERSION), 200)

    @routes.get("/metrics")
    def metrics() -> Response:
        try:
            keyholder.check_metrics(request)
        except Refused as refused:
            return Response("FORBIDDEN", status=refused.status, mimetype="text/plain")
        return Response(telemetry.exposition(), content_type=telemetry.CONTENT_TYPE)

    return routes


def problem(db: Database) -> str:
    """Why nothing can be taken in; empty when all is well."""
    try:
        with db.transaction() as tx:
            at = health.schema_version(tx)
    except TurnoError:
        return "the database does not answer"
    return "" if at == schema.head() else f"the schema is at {at or 'nothing'}, and this code wants {schema.head()}"
