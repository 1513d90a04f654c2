"""State as JSON: health for outside monitors, and figures for key holders."""

from __future__ import annotations

from time import monotonic
from typing import Any

import psutil
from flask import Blueprint, Response, jsonify, request

from core import telemetry
from core.errors import TurnoError
from core.settings import Settings
from core.store.chat import figures, web
from core.store.db import Database
from webhook import health
from webhook.keyholder import Keyholder
from webhook.webchat.refusals import answered

KEEP_S = 2.0
"""The result is cached for so long: watching costs the same however many watch."""
BEGAN = monotonic()


class State:
    def __init__(self, db: Database, settings: Settings):
        self._db, self._settings = db, settings
        self._state: dict[str, Any] = {}
        self._measured_at = -KEEP_S

    def health(self) -> dict[str, Any]:
        """Without the database nothing works; without workers everything waits, and nothing is lost."""
        if monotonic() - self._measured_at >= KEEP_S:
            self._state, self._measured_at = self._measure(), monotonic()
        return {**self._state, "uptime": _uptime(), "memory": _memory()}

    def _measure(self) -> dict[str, Any]:
        why = health.problem(self._db)
        stats, services = self._ask() if not why else (None, {})
        ok = not why and stats is not None
        healthy = ok and services["workers"] == "ok"
        return {
            "ok": ok,
            "status": "healthy" if healthy else "degraded" if ok else "unhealthy",
            "services": {"database": why or "ok", **services},
            "stats": {**(stats or {}), **_counted()},
        }

    def _ask(self) -> tuple[dict[str, int] | None, dict[str, str]]:
        try:
            with self._db.transaction() as tx:
                active, crew = web.busy(tx, within_s=self._settings.webchat_busy_s), figures.crew(tx)
        except TurnoError:
            return None, {"workers": "unknown"}
        return {"activeSessions": active}, {
            "workers": "ok" if crew.workers else "none",
            "openai": _ai(self._settings, resting=crew.ai_rests),
            "photos": self._settings.photos_store,
        }

    def metrics(self) -> dict[str, Any]:
        """Figures of everything that is kept, and of what was counted since the start."""
        with self._db.transaction() as tx:
            chat = figures.chat(tx, within_s=self._settings.webchat_busy_s)
            tickets, uploads = figures.tickets(tx), figures.uploads(tx)
            asked, errors, size = figures.asked(tx), figures.errors(tx), figures.storage(tx)
        return {
            "ok": True,
            "chat": {"totalMessages": chat.messages, "activeSessions": chat.active, "sessions": chat.sessions},
            "tickets": {"total": sum(tickets.values()), **tickets},
            "uploads": {
                "total": uploads.total, "success": uploads.success, "failed": uploads.failed,
                "waiting": uploads.waiting, "totalBytes": uploads.bytes, "avgAnalysisTime": round(uploads.average_s, 3),
            },
            "openai": {
                "requests": asked.requests, "failures": asked.failures, "vision": asked.vision, "voice": asked.voice,
            },
            "errors": {
                **_counted(), "deadLetters": errors.buried, "failedSends": errors.failed,
                "lastAt": errors.last_buried_at.isoformat() if errors.last_buried_at else None,
            },
            "storage": {"databaseBytes": size, "photos": uploads.kept, "photosBytes": uploads.bytes},
            "memory": _memory(),
            "uptime": _uptime(),
        }  # fmt: skip


def add_to(routes: Blueprint, state: State, keyholder: Keyholder) -> None:
    @routes.get("/health")
    @routes.get("/healthz")
    @answered
    def health() -> Response:
        """Health of the chat: 200, or 503 while no message can be accepted."""
        answer = jsonify(found := state.health())
        answer.status_code = 200 if found["ok"] else 503
        return answer

    @routes.get("/metrics")
    @answered
    def metrics() -> dict[str, Any]:
        keyholder.check_metrics(request)
        return state.metrics()


def _counted() -> dict[str, int]:
    totals = telemetry.totals()
    return {
        "totalMessages": int(totals.get("turno_events_total", 0)),
        "totalErrors": int(totals.get("turno_refused_total", 0) + totals.get("turno_buried_total", 0)),
    }


def _ai(settings: Settings, *, resting: bool) -> str:
    if not settings.smart_mode or not settings.openai_api_key.get_secret_value():
        return "off"
    return "resting" if resting else "on"


def _memory() -> dict[str, int]:
    return {"rssBytes": int(psutil.Process().memory_info().rss)}


def _uptime() -> float:
    return round(monotonic() - BEGAN, 1)
