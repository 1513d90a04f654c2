"""Oversight for key holders: visitors present, histories of conversations, and clean-up of old ones."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import groupby
from math import isfinite
from typing import Any

from flask import Blueprint, Response, request

from core import pii
from core.errors import BadBody
from core.formulas import harmless
from core.settings import Settings
from core.store.chat import web
from core.store.chat.rows import Present
from core.store.db import Database
from core.store.files import photos
from core.store.path import steps
from core.store.path.rows import Happened
from core.store.path.steps import Place
from core.store.staff import audit, conversations
from core.wire import webchat
from webhook.keyholder import Keyholder
from webhook.webchat.guard import UnknownSession
from webhook.webchat.refusals import answered
from webhook.webchat.transcripts import Transcripts

PAGE = 500
SHOWN = 200
HOUR_S = 3600.0
LONGEST_H, EVER_H = 24 * 7, 24 * 365 * 10
LOOPED = 3
"""Asked the same so often in a row, a conversation goes round in a circle."""
BATCHES = 40
COLUMNS = "timestamp conversation stage origin userInput trigger botReply nextStage note durationMs".split()


class Overseeing:
    def __init__(self, db: Database, settings: Settings, *, page: int = PAGE):
        self._db, self._settings, self._page = db, settings, page
        self._transcripts = Transcripts(db)

    def present(self) -> dict[str, Any]:
        with self._db.transaction() as tx:
            rows = web.present(tx, within_s=self._settings.webchat_busy_s, size=SHOWN)
            active = web.busy(tx, within_s=self._settings.webchat_busy_s)
        return {"ok": True, "active": active, "sessions": [_session(row) for row in rows]}

    def flow(self, *, hours: float, conversation_id: int | None = None) -> Iterator[dict[str, Any]]:
        """Every step, page by page: no transaction stays open while somebody takes them away."""
        place = Place()
        while True:
            with self._db.transaction() as tx:
                rows = steps.flow(
                    tx, conversation_id=conversation_id, since_s=hours * HOUR_S, after=place, size=self._page
                )
            yield from map(_step, rows)
            if len(rows) < self._page:
                return
            place = Place(rows[-1].conversation_id, rows[-1].version)

    def whole(self, conversation_id: int) -> dict[str, Any]:
        """One conversation: what was said, masked, and how it went. Raises UnknownSession."""
        with self._db.transaction() as tx:
            found = conversations.find(tx, conversation_id, desks=None)
        if found is None:
            raise UnknownSession("there is no such conversation")
        steps = [*self.flow(hours=EVER_H, conversation_id=conversation_id)]
        return {
            "ok": True, "conversation_id": conversation_id, "transcript": self._transcripts.of(conversation_id),
            "flow": steps, "loops": loops(steps),
        }  # fmt: skip

    def clean(self, days: int) -> dict[str, Any]:
        """Photos older than this go now, in small batches; their files with the next sweep."""
        gone = 0
        for _ in range(BATCHES):
            with self._db.transaction() as tx:
                batch = photos.purge(tx, keep_days=days, size=PAGE)
            gone += batch
            if batch < PAGE:
                break
        with self._db.transaction() as tx:
            audit.note(
                tx, who="delete token", did="removed old photos", subject="photos", why=f"{gone} over {days} days"
            )
        return {"ok": True, "daysOld": days, "photos": gone, "more": batch == PAGE}


def add_to(routes: Blueprint, overseeing: Overseeing, keyholder: Keyholder) -> None:
    @routes.get("/sessions")
    @answered
    def sessions() -> dict[str, Any]:
        keyholder.check(request, "personal")
        return overseeing.present()

    @routes.get("/flow-audit")
    @answered
    def flow_report() -> dict[str, Any]:
        """How much happened, and who went round in circles."""
        keyholder.check(request, "personal")
        return _report(overseeing.flow(hours=_hours()))

    @routes.get("/flow-audit/export")
    @answered
    def flow_export() -> Response:
        keyholder.check(request, "personal")
        return _exported(overseeing.flow(hours=_hours()))

    @routes.get("/flow-audit/<int(max=9223372036854775807):id>")
    @routes.get("/admin/conversation/<int(max=9223372036854775807):id>")
    @answered
    def conversation(id: int) -> dict[str, Any]:
        keyholder.check(request, "personal")
        return overseeing.whole(id)

    @routes.get("/admin/conversation/<int(max=9223372036854775807):id>/export")
    @answered
    def export(id: int) -> Response:
        keyholder.check(request, "personal")
        content = json.dumps(overseeing.whole(id), ensure_ascii=False, indent=1)
        return Response(content, mimetype="application/json", headers=_saved(f"conversation-{id}.json"))

    @routes.post("/cleanup")
    @answered
    def cleanup() -> dict[str, Any]:
        keyholder.check(request, "delete")
        return overseeing.clean(_days_old())


def _days_old() -> int:
    days = webchat.body(request.get_data()).get("daysOld")
    if type(days) is not int or not 1 <= days <= 3650:
        raise BadBody("daysOld is a whole number of days, one at least")
    return days


def _exported(steps: Iterator[dict[str, Any]]) -> Response:
    if request.args.get("format") == "csv":
        return Response(_as_csv(steps), mimetype="text/csv", headers=_saved("flow-audit.csv"))
    return Response(_as_lines(steps), mimetype="application/x-ndjson", headers=_saved("flow-audit.jsonl"))


def loops(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Loops: places where a conversation repeated a step `LOOPED` times or more without progress."""
    found = []
    for (conversation, stage, trigger), steps_there in groupby(steps, key=_same):
        times = sum(step["stage"] == step["nextStage"] and step["origin"] == "customer" for step in steps_there)
        if times >= LOOPED:
            found.append({"conversation": conversation, "stage": stage, "trigger": trigger, "times": times})
    return found


def _same(step: dict[str, Any]) -> tuple[int, str, str]:
    return step["conversation"], step["nextStage"], step["trigger"]


def _report(steps: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Counted as they pass: however many there are, few are held."""
    stages, origins, conversations = Counter[str](), Counter[str](), 0

    def passing() -> Iterator[dict[str, Any]]:
        nonlocal conversations
        last = None
        for step in steps:
            stages[step["nextStage"]] += 1
            origins[step["origin"]] += 1
            conversations += step["conversation"] != last
            last = step["conversation"]
            yield step

    circles = loops(passing())
    return {
        "ok": True, "steps": origins.total(), "conversations": conversations, "stages": dict(stages.most_common()),
        "origins": dict(origins), "loops": circles,
    }  # fmt: skip


def _hours() -> float:
    asked = request.args.get("hours", 24.0, type=float)
    if not isfinite(asked):
        raise BadBody("hours is a number")
    return min(max(asked, 0.01), LONGEST_H)


def _session(row: Present) -> dict[str, Any]:
    return {
        "conversation_id": row.conversation_id, "desk": row.desk, "userLocale": row.locale,
        "stage": f"{row.flow}.{row.state}" if row.flow else "",
        "createdAt": row.created_at.isoformat(), "seenAt": row.seen_at.isoformat(),
    }  # fmt: skip


def _step(row: Happened) -> dict[str, Any]:
    """A row of the flow audit: nobody's personal data is in it."""
    return {
        "timestamp": row.at.isoformat(), "conversation": row.conversation_id,
        "stage": f"{row.from_flow}.{row.from_state}", "origin": row.origin,
        "userInput": pii.mask(row.said or f"[{row.kind or 'gone'}]"), "trigger": row.trigger,
        "botReply": pii.mask(row.answered or ""), "nextStage": f"{row.to_flow}.{row.to_state}", "note": row.note,
        "durationMs": None if row.took_s is None else round(1000 * row.took_s),
    }  # fmt: skip


def _as_lines(steps: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (json.dumps(step, ensure_ascii=False) + "\n" for step in steps)


def _as_csv(steps: Iterable[dict[str, Any]]) -> Iterator[str]:
    """For spreadsheets: what begins like a formula is made a text."""
    yield _row(COLUMNS)
    for step in steps:
        yield _row(harmless(step[name]) for name in COLUMNS)


def _row(values: Iterable[object]) -> str:
    out = StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _saved(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
