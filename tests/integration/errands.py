"""Errands in tests: a worker for photos and voice notes, and errands that nobody's turn wanted."""

from __future__ import annotations

import json
from typing import Any

from bot.commands.work import built_in
from bot.errands.media_examine import Examiner
from bot.workers.errands import ErrandWorker
from core import bell
from core.settings import Settings
from core.store.files.photos import Photos
from tests.integration.crew import Rooms


def media_worker(rooms: Rooms, examiner: Examiner, kept: Photos, settings: Settings) -> ErrandWorker:
    """A worker whose services look into photos and listen to voice notes."""
    return ErrandWorker(rooms.db, rooms.bell, rooms.ear, built_in(rooms.db, settings, examiner, kept), settings)


def do_all(rooms: Rooms, worker: ErrandWorker) -> None:
    """Do every errand there is, those that are put off too, and take every turn after it."""
    while worker.run_once() or worker.under_way or _put_off(rooms):
        while worker.under_way and not worker.told:
            rooms.ear.wait(bell.ERRANDS, 1)
        rooms.ear.wait(bell.ERRANDS, 0.02)
    rooms.work()


def _put_off(rooms: Rooms) -> int:
    """Errands that wait for another try."""
    found: int = rooms.ask("select count(*) as n from errands where state = 'waiting' and error is not null")[0].n
    return found


def want(rooms: Rooms, service: str, what: str, key: str, *, conversation: int = 0, **content: Any) -> None:
    """An errand of this conversation, or of the newest one, wanted by its newest event."""
    rooms.ask(
        "insert into errands (conversation_id, event_id, service, what, key, content)"
        " select v.id, coalesce((select max(i.id) from inbox i where i.conversation_id = v.id), 0), %(service)s, %(what)s,"
        " %(key)s, %(content)s from conversations v where v.id = coalesce(nullif(%(conversation)s, 0),"
        " (select max(id) from conversations)) returning 1",
        service=service, what=what, key=key, content=json.dumps(content), conversation=conversation,
    )  # fmt: skip
