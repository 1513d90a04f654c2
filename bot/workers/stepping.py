"""Steps a whole group, looking up together the facts that its steps turn out to need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.engine import step as engine
from bot.workers.ways import AsTheCrowFlies, Ways
from bot.workers.ways import facts as ways_known
from core.errors import Broken
from core.reading import Missing, Reading
from core.settings import Settings
from core.store.db import Database
from core.store.path import facts
from core.store.path.sessions import Lease
from core.turn import Turn

WAY = "way"
MOST_ROUNDS = 5
"""Looking up one fact may show that another is needed, but not for ever."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed event that has been read."""

    claimed: Lease
    reading: Reading


Failed = tuple[Lease, Exception]


def step_all(
    db: Database, ready: Sequence[Ready], now: datetime, settings: Settings, ways: Ways | None = None
) -> tuple[list[Turn], list[Failed]]:
    """The turn of each, and those whose step failed."""
    turns: list[Turn] = []
    failed: list[Failed] = []
    for _ in range(MOST_ROUNDS):
        wanting: list[tuple[Ready, Missing]] = []
        for each in ready:
            try:
                turns.append(_step(each, now, settings))
            except Missing as missing:
                wanting.append((each, missing))
            except Exception as error:
                failed.append((each.claimed, error))
        if not wanting:
            return turns, failed
        ready = _look_up(db, wanting, ways or AsTheCrowFlies())
    return turns, failed + [(each.claimed, Broken("a step never has enough facts")) for each in ready]


def _step(each: Ready, now: datetime, settings: Settings) -> Turn:
    event = each.claimed.event
    assert event is not None
    return engine.step(each.claimed.session, event, each.reading, now, settings)


def _look_up(db: Database, wanting: Sequence[tuple[Ready, Missing]], ways: Ways) -> list[Ready]:
    """The same, each knowing one fact more: one query for each kind of fact. Ways are asked for when none is open."""
    by_kind: dict[str, list[tuple[Ready, str]]] = defaultdict(list)
    for each, missing in wanting:
        by_kind[missing.kind].append((each, missing.key))
    far = by_kind.pop(WAY, [])
    found_far = ways_known(ways, {key for _, key in far})
    wiser = [_knowing(each, WAY, key, found_far[key]) for each, key in far]
    if by_kind:
        with db.transaction() as tx:
            for kind, asked in by_kind.items():
                found = facts.find(tx, kind, [(_conversation(each), key) for each, key in asked])
                wiser += [_knowing(each, kind, key, found[_conversation(each), key]) for each, key in asked]
    return wiser


def _knowing(each: Ready, kind: str, key: str, fact: object) -> Ready:
    return replace(each, reading=each.reading.knowing(kind, key, fact))


def _conversation(each: Ready) -> int:
    return each.claimed.session.conversation_id
