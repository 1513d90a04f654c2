"""The rows that the queries about who waits for a person give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class Id(NamedTuple):
    id: int


class InLine(NamedTuple):
    id: int
    desk: str | None
    name: str
    alias: str
    flow: str
    state: str
    since: datetime | None
    heard_kind: str | None
    heard_text: str | None
    callback: str | None
    """The number that the customer wants to be called at."""


WAITING = Query("waiting.line", Id)
IN_LINE = Query("waiting.listed", InLine)
