"""The rows that the queries of the audit give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class Chained(NamedTuple):
    id: int
    at: str
    who: str
    did: str
    subject: str
    why: str
    desk: str
    via: str
    previous: bytes
    hash: bytes


class Deed(NamedTuple):
    did: str


class End(NamedTuple):
    id: int
    did: str
    hash: bytes


class Noted(NamedTuple):
    id: int
    at: datetime
    who: str
    did: str
    subject: str
    why: str
    desk: str
    via: str


class Refusals(NamedTuple):
    tries: int
    last_why: str | None
    last_at: datetime | None


CHAINED = Query("audit.after", Chained)
DEEDS = Query("audit.deeds", Deed)
END = Query("audit.end", End)
NOTED = Query("audit.page", Noted)
REFUSALS = Query("audit.refusals", Refusals)
