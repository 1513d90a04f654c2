"""Sessions: leased by one worker at a time, loaded, and saved one version later (optimistic locking)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from typing import Any

import orjson

from core.kinds import FROM_A_CUSTOMER, KINDS
from core.messages import Event
from core.session import SET_ASIDE, Desk, Session, Slot
from core.store.db import Tx
from core.store.path import rows
from core.store.path.rows import Fresh, Loaded
from core.turn import Turn
from core.version import VERSION

MOST_TOGETHER = 20
"""So many events of one conversation are answered together."""
MEMORY = ("slots", "asked", "asked_at_version", "misses", "timers", "notes")


@dataclass(frozen=True, slots=True)
class Lease:
    """A leased conversation, and the event to answer (None when its queue was empty after all)."""

    session: Session
    event: Event | None
    claims: int
    """Number of this try of the event. Leases that ended for a reason outside the event are not counted."""
    last_error: str = ""
    alone: bool = False
    """Its last lease expired, so the event may be poisonous: it is read and stepped alone."""
    more: tuple[Event, ...] = ()
    """What the customer said right after it: answered together with it."""
    pressed_on: bool = False
    """Something waits behind these events that is answered by a turn of its own."""
    turns: tuple[Turn, ...] = ()
    """What was decided for the events before it, and is not written yet."""

    @property
    def newest(self) -> Event | None:
        """The last event that is answered with this one."""
        return self.more[-1] if self.more else self.event

    def after(self, turn: Turn) -> Lease:
        """The same lease, with this turn decided: at the next event, if there is one."""
        event, more = (self.more[0], self.more[1:]) if self.more else (None, ())
        return replace(self, session=turn.after, event=event, more=more, turns=(*self.turns, turn))


def claim(
    tx: Tx, *, token: int, size: int, lease_s: float, suspects: bool = True, suspects_first: bool = False,
    release: str = VERSION,
) -> list[int]:  # fmt: skip
    """Lease conversations with waiting events: a group, the longest waiting first, or one suspect alone. Their ids.

    `release` is the version that will answer them, which matters during a rollout.
    """
    which = {"suspects": suspects, "suspects_first": suspects and suspects_first}
    found = tx.rows(rows.CLAIMED, token=token, size=size, lease_s=lease_s, release=release, **which)
    return [row.conversation_id for row in found]


def load(tx: Tx, conversation_ids: Sequence[int], *, token: int) -> list[Lease]:
    """Load the current sessions of these leases."""
    found = tx.rows(rows.LOADED, conversation_ids=list(conversation_ids), token=token, most=MOST_TOGETHER)
    return [_with_more(list(group)) for _, group in groupby(found, key=lambda row: row.conversation_id)]


def _with_more(line: Sequence[Loaded]) -> Lease:
    """The head of a line, and what its customer said right after it. What is not a customer's is answered alone."""
    head = _claimed(line[0])
    if head.alone or head.event is None or not joins(head.event):
        return head
    more = tuple(takewhile(joins, (replace(_event(row), attempts=0) for row in line[1:])))
    return replace(head, more=more, pressed_on=len(more) < len(line) - 1 or len(line) == MOST_TOGETHER)


def joins(event: Event) -> bool:
    """Whether it may be answered together with what was said before and after it."""
    return event.origin == "customer" and not KINDS.get(event.kind, FROM_A_CUSTOMER).alone


def borrow(tx: Tx, event_id: int, *, token: int) -> Lease | None:
    """One event with its session, ours until this transaction is taken back. None: nobody would ever step it."""
    if tx.one(rows.BORROWED, event_id=event_id, token=token) is None:
        return None
    row = tx.one(rows.LOADED_FOR_ONE_EVENT, event_id=event_id)
    return _claimed(row) if row else None


def fresh(tx: Tx, kind: str, address: str) -> Session | None:
    """A session of nobody yet, as it would begin on this channel; None when no desk answers there."""
    row = tx.one(rows.FRESH, kind=kind, address=address)
    return revive(row) if row else None


def _claimed(row: Loaded) -> Lease:
    event = _event(row) if row.event_id else None
    return Lease(revive(row), event, row.claims, row.last_error or "", row.alone)


def save(tx: Tx, turns: Sequence[Turn], *, token: int, release: str = VERSION) -> set[int]:
    """The next version of each session. The conversations that were still ours; nothing happened to the others."""
    first = {turn.conversation_id: turn.before.version for turn in reversed(turns)}
    last = {turn.conversation_id: turn.after for turn in turns}
    after = list(last.values())
    found = tx.rows(
        rows.SAVED,
        token=token,
        release=release,
        conversation_id=[s.conversation_id for s in after],
        version=[first[s.conversation_id] for s in after],
        next_version=[s.version for s in after],
        flow=[s.flow for s in after],
        flow_version=[s.flow_version for s in after],
        state=[s.state for s in after],
        language=[s.language for s in after],
        memory=[orjson.dumps(_memory(s)).decode() for s in after],
        agent=[s.agent for s in after],
        heard_at=[s.heard_at for s in after],
    )
    return {row.conversation_id for row in found}


def release(tx: Tx, waits: Mapping[int, float], *, token: int) -> None:
    """Let go of conversations, each to be left alone for its number of seconds."""
    if waits:
        tx.run("sessions.release", conversation_id=list(waits), wait_s=list(waits.values()), token=token)


def give_back(tx: Tx, conversation_ids: Iterable[int], *, wait_s: float, token: int) -> int:
    """Let go of conversations after a failure that was not their own: no try is counted. How many were still held."""
    return tx.run("sessions.give_back", conversation_ids=list(conversation_ids), wait_s=wait_s, token=token)


@dataclass(frozen=True, slots=True)
class Breath:
    """A conversation that is left alone for a moment, unless something newer than this event comes."""

    conversation_id: int
    wait_s: float
    event_id: int


def breathe(tx: Tx, breaths: Sequence[Breath], *, token: int) -> None:
    """Let go of customers who may go on writing. No try is counted."""
    if breaths:
        tx.run(
            "sessions.breathe",
            conversation_id=[b.conversation_id for b in breaths],
            wait_s=[b.wait_s for b in breaths],
            event_id=[b.event_id for b in breaths],
            token=token,
        )


def forgive(tx: Tx, conversation_ids: Sequence[int], *, token: int) -> None:
    """Let go of conversations, and count their leases anew."""
    if conversation_ids:
        tx.run("sessions.forgive", conversation_ids=list(conversation_ids), token=token)


def pinned(tx: Tx) -> list[tuple[str, int, str, int]]:
    """Flow, version, state and number of live conversations in it."""
    return [(r.flow, r.flow_version, r.state, r.conversations) for r in tx.rows(rows.PINNED)]


def revive(row: Loaded | Fresh) -> Session:
    """The stored session; when it cannot be read, a fresh one that keeps the old one aside."""
    desk = Desk(row.desk_id, row.desk_name, row.desk_language, row.timezone, row.menu, row.settings)
    fresh = Session(
        conversation_id=row.conversation_id,
        desk=desk,
        version=row.version,
        language=row.language or desk.language,
        agent=row.agent,
        heard_at=row.heard_at,
        contact_name=row.contact_name,
    )
    try:
        return replace(fresh, flow=row.flow, flow_version=row.flow_version, state=row.state, **_remember(row.memory))
    except (TypeError, KeyError, AttributeError, ValueError):
        return replace(fresh, notes={SET_ASIDE: row.memory})


def _memory(session: Session) -> dict[str, Any]:
    slots = {name: [slot.value, slot.confidence, slot.source] for name, slot in session.slots.items()}
    rest = {name: getattr(session, name) for name in MEMORY if name != "slots"}
    return {"slots": slots, **rest}


def _remember(memory: Mapping[str, Any]) -> dict[str, Any]:
    if memory == {}:
        return {}
    slots = {name: Slot(*slot) for name, slot in memory["slots"].items()}
    return {**{name: memory[name] for name in MEMORY}, "slots": slots}


def _event(row: Loaded) -> Event:
    assert row.event_id is not None
    return Event(
        external_id=row.external_id,
        kind=row.kind,
        channel_kind=row.channel_kind,
        address=row.address,
        text=row.text,
        content=row.content,
        sent_at=row.sent_at,
        received_at=row.received_at,
        id=row.event_id,
        attempts=row.claims - 1,
    )
