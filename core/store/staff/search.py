"""Search for customers, tickets and messages."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core import ticket_numbers
from core.kinds import BY_US
from core.store.db import Row, Tx
from core.store.staff.conversations import listed
from core.store.staff.rows import search as rows

PIECE = 50_000
"""How many messages one search reads."""
MOST = 30
FEWEST_DIGITS = 4
_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(r"[A-Z]{0,4}-?[0-9A-Z-]{3,24}")


@dataclass(frozen=True, slots=True)
class Found:
    """The hits in one batch of messages, and the id from which the next batch continues."""

    rows: list[Row]
    messages: int
    since: datetime | None
    next: int | None
    """From below where to go on; None at the end."""


def by_phone(
    tx: Tx, digits: str, *, desks: Collection[str] | None, whole: bool = False
) -> list[rows.FoundConversation]:
    """Conversations with those whose number ends in these digits, or is these; none when they are too few."""
    if len(digits) < FEWEST_DIGITS:
        return []
    return tx.rows(rows.BY_PHONE, backwards=digits[::-1], whole=whole, desks=listed(desks), most=MOST)


def by_name(tx: Tx, wanted: str, *, desks: Collection[str] | None) -> list[rows.FoundConversation]:
    """Conversations with those in whose name every word begins one."""
    words = _WORDS.findall(wanted)
    if not words:
        return []
    return tx.rows(rows.BY_NAME, words=" & ".join(f"{word}:*" for word in words), desks=listed(desks), most=MOST)


def by_number(tx: Tx, wanted: str, *, desks: Collection[str] | None) -> list[rows.FoundTicket]:
    """Tickets whose number begins like this."""
    number = wanted.strip().upper()
    if not _NUMBER.fullmatch(number):
        return []
    beginnings = [number, ticket_numbers.completed(number)]
    return tx.rows(rows.BY_NUMBER, beginnings=beginnings, desks=listed(desks), most=MOST)


def received(tx: Tx, wanted: str, *, desks: Collection[str] | None, below: int | None, piece: int = PIECE) -> Found:
    """Search the messages that customers wrote."""
    return _read(tx, "heard", wanted, desks, below, piece, {"by_us": sorted(BY_US)})


def sent(tx: Tx, wanted: str, *, desks: Collection[str] | None, below: int | None, piece: int = PIECE) -> Found:
    """Search the messages that we sent."""
    return _read(tx, "said", wanted, desks, below, piece, {})


def _read(
    tx: Tx, where: str, wanted: str, desks: Collection[str] | None, below: int | None, piece: int,
    more: dict[str, list[str]],
) -> Found:  # fmt: skip
    name = {"heard": "search.heard", "said": "search.said"}[where]
    reach = {"heard": "search.heard_piece", "said": "search.said_piece"}[where]
    found = tx.rows(name, needle=wanted, desks=listed(desks), below=below, piece=piece, most=MOST, **more)
    end = tx.one(reach, below=below, piece=piece)
    assert end is not None
    if len(found) == MOST:
        return Found(found, end.messages, found[-1].at, found[-1].id)
    return Found(found, end.messages, end.at, end.id if end.messages == piece else None)
