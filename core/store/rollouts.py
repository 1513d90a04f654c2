"""Rollouts: a new version takes some conversations, whole, while the version before takes the others.

Every worker claims what belongs to its own version: `sessions.claim`. Where no rollout is under way, any worker claims
anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.store.db import Tx
from core.store.query import Query


class Standing(NamedTuple):
    """A rollout under way; `conversations` were last answered by the new version."""

    version: str
    share: float
    listed: int
    withdrawn: bool
    began_at: datetime
    stage_at: datetime
    conversations: int


class Figures(NamedTuple):
    """The new version, and the others besides it, within some time."""

    turns: int
    turns_of_others: int
    p95_s: float | None
    p95_s_of_others: float | None
    failed: int
    dead_letters: int
    ai_open: bool
    ai_open_of_others: bool
    workers: int


NOW = Query("rollouts.now", Standing)
FIGURES = Query("rollouts.figures", Figures)


def begin(tx: Tx, version: str, *, share: float, conversations: Sequence[int], rest_s: float) -> None:
    """`rest_s`: after so much silence a conversation is over, and the next one may be another version's."""
    tx.run("rollouts.begin", version=version, share=share, conversations=list(conversations), rest_s=rest_s)


def widen(tx: Tx, share: float) -> bool:
    """The new version takes so many of a hundred; conversations under way stay where they are."""
    return tx.run("rollouts.widen", share=share) == 1


def withdraw(tx: Tx) -> bool:
    """The new version takes nothing any more, not even what it has begun."""
    return tx.run("rollouts.withdraw") == 1


def finish(tx: Tx) -> bool:
    """All versions at work are alike again."""
    return tx.run("rollouts.finish") == 1


def now(tx: Tx) -> Standing | None:
    return tx.one(NOW)


def figures(tx: Tx, *, within_s: float) -> Figures:
    return tx.first(FIGURES, within_s=within_s)
