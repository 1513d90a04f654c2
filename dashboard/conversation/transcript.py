"""Transcript: events, decisions and replies of a conversation, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.store.db import Row, Tx
from core.store.staff import conversations
from core.store.staff.conversations import Below

MOST = 60
What = Literal["heard", "step", "said"]
RANK: dict[What, int] = {"heard": 0, "step": 1, "said": 2}
ID: dict[What, str] = {"heard": "id", "step": "version", "said": "id"}
LETTER: dict[What, str] = {"heard": "e", "step": "s", "said": "o"}


@dataclass(frozen=True, slots=True)
class Line:
    what: What
    row: Row

    @property
    def at(self) -> datetime:
        at: datetime = self.row.at
        return at

    @property
    def id(self) -> int:
        return int(getattr(self.row, ID[self.what]))

    @property
    def anchor(self) -> str:
        """By which an address names it: `e7` the event 7, `s3` the step to version 3, `o9` the message 9."""
        return f"{LETTER[self.what]}{self.id}"

    @property
    def order(self) -> tuple[datetime, int, int]:
        return self.at, RANK[self.what], self.id


@dataclass(frozen=True, slots=True)
class Transcript:
    lines: tuple[Line, ...]
    """The oldest first."""
    older: Below | None
    """From below where the lines before these are read; None at the beginning."""


def read(tx: Tx, conversation_id: int, below: Below, *, most: int = MOST) -> Transcript:
    """The newest lines from below there. It costs the same wherever in a long conversation that is."""
    found: Mapping[What, Sequence[Row]] = {
        "heard": conversations.received(tx, conversation_id, below=below.heard, most=most),
        "step": conversations.steps(tx, conversation_id, below=below.step, most=most),
        "said": conversations.said(tx, conversation_id, below=below.said, most=most),
    }
    every = sorted((Line(what, row) for what in RANK for row in found[what]), key=lambda line: line.order)
    kept = every[-most:]
    more = len(every) > most or any(len(rows) == most for rows in found.values())
    return Transcript(tuple(kept), _below(kept, below) if more else None)


def _below(kept: Sequence[Line], below: Below) -> Below:
    """The cut-off id of each kind: rows older than a page's oldest are on the next page."""
    first = {what: min((line.id for line in kept if line.what == what), default=None) for what in RANK}
    return Below(
        _or(first["heard"], below.heard),
        _or(first["step"], below.step),
        _or(first["said"], below.said),
    )


def _or(first: int | None, otherwise: int | None) -> int | None:
    return otherwise if first is None else first
