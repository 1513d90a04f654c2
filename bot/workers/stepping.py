"""Steps a whole group, looking up together the facts that its steps turn out to need.

A quick fact is one query for the group. For a slow one a service is asked, and its conversation leaves the group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.desks import fact_of, serving
from bot.engine import step as engine
from bot.script.facts import Fact, Slow
from bot.workers import quick_facts
from bot.workers.slow_facts import Outside
from core.errors import Broken
from core.reading import Missing, Reading
from core.settings import Settings
from core.store.db import Tx
from core.store.path.sessions import Lease
from core.turn import Turn

MOST_ROUNDS = 5
"""Looking up one fact may show that another is needed, but not for ever."""
Transaction = Callable[[], AbstractContextManager[Tx]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed event that has been read."""

    claimed: Lease
    reading: Reading


Wanting = tuple[Ready, Missing]


@dataclass(slots=True)
class Stepped:
    """A group after its step: the turns, the steps that failed, and the conversations that wait for a service."""

    turns: list[Turn] = field(default_factory=list)
    failed: list[tuple[Lease, Exception]] = field(default_factory=list)
    waiting: list[tuple[Lease, Future[Reading]]] = field(default_factory=list)


def step_all(
    transaction: Transaction, ready: Sequence[Ready], now: datetime, settings: Settings, outside: Outside
) -> Stepped:
    done = Stepped()
    for _ in range(MOST_ROUNDS):
        wanting = _step_each(ready, now, settings, done)
        if not wanting:
            return done
        slow, quick = _by_speed(wanting)
        ready = _ask(slow, outside, done) + (_look_up(transaction, quick) if quick else [])
    done.failed += [(each.claimed, Broken("a step never has enough facts")) for each in ready]
    return done


def _step_each(ready: Sequence[Ready], now: datetime, settings: Settings, done: Stepped) -> list[Wanting]:
    """Step each; the steps that want a fact come back, the others are done."""
    wanting: list[Wanting] = []
    for each in ready:
        try:
            done.turns.append(_step(each, now, settings))
        except Missing as missing:
            wanting.append((each, missing))
        except Exception as error:
            done.failed.append((each.claimed, error))
    return wanting


def _step(each: Ready, now: datetime, settings: Settings) -> Turn:
    event = each.claimed.event
    assert event is not None
    return engine.step(each.claimed.session, event, each.reading, now, settings)


def _by_speed(wanting: Sequence[Wanting]) -> tuple[list[Wanting], list[Wanting]]:
    """The wanted facts, slow ones and quick ones."""
    slow: list[Wanting] = []
    quick: list[Wanting] = []
    for each, missing in wanting:
        is_slow = isinstance(_brought(each, missing.kind), Slow)
        (slow if is_slow else quick).append((each, missing))
    return slow, quick


def _ask(wanting: Sequence[Wanting], outside: Outside, done: Stepped) -> list[Ready]:
    """Ask for slow facts; steps answered at once come back. An event under suspicion is waited for, so that it stays alone."""
    wiser = []
    for each, missing in wanting:
        asked = outside.ask(serving(each.claimed.session.desk), missing.kind, missing.key)
        if asked.done() or each.claimed.alone:
            wiser.append(_knowing(each, missing.kind, missing.key, asked.result()))
        else:
            done.waiting.append((each.claimed, _later(asked, each.reading, missing)))
    return wiser


def _later(asked: Future[Any], reading: Reading, missing: Missing) -> Future[Reading]:
    """The reading, as soon as it knows the fact."""
    wiser: Future[Reading] = Future()
    asked.add_done_callback(lambda done: wiser.set_result(reading.knowing(missing.kind, missing.key, done.result())))
    return wiser


def _look_up(transaction: Transaction, wanting: Sequence[Wanting]) -> list[Ready]:
    """The same, each knowing one fact more: one query for each fact."""
    asked: dict[tuple[str, Fact | None], list[tuple[Ready, str]]] = defaultdict(list)
    for each, missing in wanting:
        asked[missing.kind, _brought(each, missing.kind)].append((each, missing.key))
    wiser = []
    with transaction() as tx:
        for (name, fact), keys in asked.items():
            found = quick_facts.find(tx, name, fact, [(_conversation(each), key) for each, key in keys])
            wiser += [_knowing(each, name, key, found[_conversation(each), key]) for each, key in keys]
    return wiser


def _brought(each: Ready, name: str) -> Fact | None:
    return fact_of(each.claimed.session.desk, name)


def _knowing(each: Ready, kind: str, key: str, fact: object) -> Ready:
    return replace(each, reading=each.reading.knowing(kind, key, fact))


def _conversation(each: Ready) -> int:
    return each.claimed.session.conversation_id
