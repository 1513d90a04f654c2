"""The rows that the queries about dead letters give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from core.store.query import Query

Json = Any
"""What `jsonb` holds: a mapping, a list, a text, a number."""


class ErrorCount(NamedTuple):
    error: str | None
    events: int
    newest_at: datetime


class Kind(NamedTuple):
    kind: str


class DeadLetter(NamedTuple):
    id: int
    kind: str
    external_id: str
    received_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    error: str | None
    attempts: int
    retries: int
    text: str
    content: Json
    raw: str | None
    state: str
    conversation_id: int | None
    discarded_at: datetime | None
    discarded_by: str | None
    discarded_why: str | None
    desk: str | None
    channel_kind: str
    address: str
    later: int


class Matching(NamedTuple):
    id: int
    moved_on: bool


class ListedLetter(NamedTuple):
    id: int
    kind: str
    received_at: datetime
    finished_at: datetime | None
    error: str | None
    attempts: int
    conversation_id: int | None
    desk: str | None
    discarded_at: datetime | None
    moved_on: bool
    phone: str | None


ERRORS = Query("dead_letters.errors", ErrorCount)
KINDS = Query("dead_letters.kinds", Kind)
DEAD_LETTER = Query("dead_letters.find", DeadLetter)
MATCHING = Query("dead_letters.matching", Matching)
LETTERS = Query("dead_letters.page", ListedLetter)
