"""The rows that the console's own queries give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.store.query import Query


class Sql(NamedTuple):
    sql: str


class ViewColumn(NamedTuple):
    view: str
    holds: str
    name: str
    type: str


class Run(NamedTuple):
    id: int
    sql: str
    at: datetime
    outcome: str
    ms: int


class Id(NamedTuple):
    id: int


class Saved(NamedTuple):
    id: int
    name: str
    sql: str
    shared: bool
    saved_at: datetime
    mine: bool
    owner: str


class SavedOne(NamedTuple):
    id: int
    name: str
    sql: str
    shared: bool
    mine: bool


class Why(NamedTuple):
    why: str


ASKED = Query("console.asked", Sql)
COLUMNS = Query("console.columns", ViewColumn)
HISTORY = Query("console.history", Run)
SAVED_ID = Query("console.save", Id)
SAVED = Query("console.saved", Saved)
SAVED_ONE = Query("console.saved_one", SavedOne)
UNSAFE = Query("console.unsafe", Why)
