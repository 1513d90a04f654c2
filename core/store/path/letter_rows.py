"""The rows that the queries of letters give."""

from __future__ import annotations

from typing import NamedTuple

from core.store.path.rows import Json
from core.store.query import Query


class ClaimedBeside(NamedTuple):
    """A reply that goes out with the first one of its letter."""

    first: int
    id: int
    kind: str
    text: str
    content: Json


class LetterHead(NamedTuple):
    id: int
    name: str
    desk: str
    language: str
    answers: Json | None


CLAIMED_BESIDE = Query("letters.claim_beside", ClaimedBeside)
LETTER_HEADS = Query("letters.heads", LetterHead)
