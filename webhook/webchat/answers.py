"""Waiting for replies: a posted message is answered with its turn's replies as soon as they are committed.

One thread asks for everybody who waits, when the bell rings and a few times a second besides, because a turn that
says nothing rings for nobody.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from core import bell
from core.bell import Ear
from core.errors import TurnoError
from core.store.chat import web
from core.store.chat.rows import Answer as AnswerRow
from core.store.db import Database
from core.telemetry import log

LOOK_S = 0.25


class _Waiting:
    __slots__ = ("rows", "there")

    def __init__(self) -> None:
        self.there = threading.Event()
        self.rows: list[AnswerRow] = []


class Answers:
    """Started by the first who waits, in the process that waits."""

    def __init__(self, db: Database):
        self._db = db
        self._lock = threading.Lock()
        self._waiting: dict[str, list[_Waiting]] = defaultdict(list)
        self._somebody = threading.Event()
        self._ear: Ear | None = None

    @contextmanager
    def awaited(self, external_id: str) -> Iterator[Answer]:
        """Begin to wait before the line is accepted, so that no answer is too early."""
        waiting = _Waiting()
        with self._lock:
            self._waiting[external_id].append(waiting)
            self._start()
        self._somebody.set()
        try:
            yield Answer(waiting)
        finally:
            self._forget(external_id, waiting)

    def _forget(self, external_id: str, waiting: _Waiting) -> None:
        with self._lock, suppress(KeyError, ValueError):
            self._waiting[external_id].remove(waiting)
            if not self._waiting[external_id]:
                del self._waiting[external_id]

    def _start(self) -> None:
        if self._ear is None:
            self._ear = Ear(self._db.url, bell.OUTBOX)
            threading.Thread(target=self._work, name="answers", daemon=True).start()

    def _work(self) -> None:
        assert self._ear is not None
        while True:
            if not self._waiting:
                self._somebody.wait()
            self._somebody.clear()
            self._ear.wait(bell.OUTBOX, LOOK_S)
            try:
                self._fetch()
            except TurnoError as error:
                log.warning("answers.missed", error=str(error))
                self._ear.pause(LOOK_S)

    def _fetch(self) -> None:
        with self._lock:
            wanted = list(self._waiting)
        if not wanted:
            return
        rows = web.answers(self._db, wanted)
        found: dict[str, list[AnswerRow]] = defaultdict(list)
        for row in rows:
            found[row.external_id].append(row)
        self._bring(found)

    def _bring(self, found: dict[str, list[AnswerRow]]) -> None:
        with self._lock:
            for external_id, rows in found.items():
                for waiting in self._waiting.get(external_id, ()):
                    waiting.rows = rows
                    waiting.there.set()


class Answer:
    def __init__(self, waiting: _Waiting):
        self._waiting = waiting

    def within(self, wait_s: float) -> Sequence[AnswerRow] | None:
        """Wait for the replies to a message; None when they take longer (the browser polls for them later)."""
        return self._waiting.rows if self._waiting.there.wait(wait_s) else None
