"""What a failure cost: counted in the database and at the platform, for what was said while it happened."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from deploy.lab.hosts import Lab
from deploy.lab.load import Line

OPEN = """
    select (select count(*) from inbox where external_id = any(%(said)s) and state in ('done', 'buried')) as done,
        (select count(*) from outbox o where conversation_id = any (
            select conversation_id from inbox where external_id = any(%(said)s)
        ) and state not in ('delivered', 'read', 'parked', 'failed')) as going
"""
EFFECTS = """
    select i.external_id, i.state, (select count(*) from steps s where s.event_id = i.id) as effects
    from inbox i where i.external_id = any(%(said)s)
"""
DECIDED = """
    select o.id::text as id from outbox o where conversation_id in (
        select conversation_id from inbox where external_id = any(%(said)s)
    )
"""


@dataclass(frozen=True, slots=True)
class Cost:
    messages: int
    lost: int
    """Messages without an effect, and replies that were decided and never said."""
    twice: int
    """Messages with two effects, replies that were accepted twice, and those that nobody decided."""
    usual_s: float
    longest_s: float
    """How long a customer waited for the next reply: half of them, and who waited longest."""


def settled(lab: Lab, said: Sequence[Line]) -> bool:
    """All that was said is here and done with, and all answers are known to have arrived."""
    [now] = lab.ask(OPEN, said=[line.wamid for line in said])
    return bool(now.done == len(said) and not now.going)


def cost(lab: Lab, said: Sequence[Line]) -> Cost:
    wamids = [line.wamid for line in said]
    customers = {line.customer for line in said}
    effects = {row.external_id: row.effects if row.state == "done" else 0 for row in lab.ask(EFFECTS, said=wamids)}
    decided = {row.id for row in lab.ask(DECIDED, said=wamids)}
    accepted = [entry for entry in list(lab.exchange.world.accepted) if entry["to"] in customers]
    lost, twice = balance(wamids, effects, decided, [entry["callback_id"] for entry in accepted])
    waited = sorted(waits(said, accepted))
    return Cost(len(said), lost, twice, median(waited), waited[-1])


def balance(
    said: Iterable[str], effects: Mapping[str, int], decided: set[str], accepted: Sequence[str]
) -> tuple[int, int]:
    """How much is lost, and how much is there twice."""
    lost = sum(effects.get(wamid, 0) == 0 for wamid in said) + len(decided.difference(accepted))
    doubled = sum(max(0, count - 1) for count in [*effects.values(), *Counter(accepted).values()])
    return lost, doubled + len(set(accepted) - decided)


def waits(said: Iterable[Line], accepted: Iterable[Mapping[str, Any]]) -> list[float]:
    """For each line, the seconds until the platform had the next reply for its customer; who got none waits for ever."""
    replies: dict[str, list[float]] = {}
    for entry in accepted:
        replies.setdefault(entry["to"], []).append(entry["at"])
    for moments in replies.values():
        moments.sort()
    return [_next(replies.get(line.customer, []), line.at) - line.at for line in said]


def _next(moments: Sequence[float], after: float) -> float:
    place = bisect_left(moments, after)
    return moments[place] if place < len(moments) else float("inf")
