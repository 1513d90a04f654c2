"""`POST /alarms`: the receiver for Alertmanager, so that staff see on their board what fires."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from core.errors import BadBody, Refused
from core.store import alarms
from core.store.db import Database
from core.telemetry import log
from core.wire import alertmanager
from webhook.keyholder import Keyholder


def blueprint(db: Database, keyholder: Keyholder) -> Blueprint:
    routes = Blueprint("alarms", __name__)

    @routes.post("/alarms")
    def take() -> tuple[Response, int]:
        """Committed when this answers 200; anything else, and Alertmanager tells it again."""
        try:
            keyholder.check(request, "alarms")
            told = alertmanager.parse(request.get_data())
        except BadBody as problem:
            return jsonify(error=str(problem)), 400
        except Refused as refused:
            return jsonify(error="the key is missing or wrong"), refused.status
        with db.transaction() as tx:
            changed = alarms.put(tx, told)
        log.info("alarms.told", alarms=len(told), changed=changed)
        return jsonify(ok=True), 200

    return routes
