"""Contacts: people, the identities they are known by, and their conversations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.messages import Event, Identity
from core.store.db import Tx
from core.store.people import rows

Place = tuple[str, str]
"""A channel: its kind and address."""

Name = tuple[str, str]
"""An alias: its kind and value."""


@dataclass(slots=True)
class Person:
    """One person of this group, with every name the group's events gave."""

    place: Place
    names: list[Name]
    called: str = ""
    declared: bool = False
    """The platform itself said that the names belong together."""

    def absorb(self, other: Person) -> None:
        self.names += [name for name in other.names if name not in self.names]
        self.called = other.called or self.called
        self.declared = self.declared or other.declared

    def contradicts(self, other: Person) -> bool:
        """Two BSUIDs are two people, unless a change was declared."""
        mine, theirs = self._bsuids(), other._bsuids()
        return bool(mine and theirs and mine.isdisjoint(theirs)) and not (self.declared or other.declared)

    def _bsuids(self) -> set[str]:
        return {value for kind, value in self.names if kind == "bsuid"}


@dataclass(slots=True)
class Crowd:
    """The people of one group of events, each once."""

    people: list[Person] = field(default_factory=list)
    by_name: dict[tuple[Place, Name], Person] = field(default_factory=dict)

    def add(self, newcomer: Person) -> None:
        for name in newcomer.names:
            known = self.by_name.get((newcomer.place, name))
            if known is not None and known is not newcomer and not known.contradicts(newcomer):
                known.absorb(newcomer)
                newcomer = known
        if not any(newcomer is person for person in self.by_name.values()):
            self.people.append(newcomer)
        for name in newcomer.names:
            self.by_name.setdefault((newcomer.place, name), newcomer)


def person_of(event: Event) -> Person | None:
    sender = event.sender
    if sender is None or not sender.aliases:
        return None
    names = [*(sender.was.aliases if sender.was else ()), *sender.aliases]
    return Person((event.channel_kind, event.address), list(dict.fromkeys(names)), sender.name, sender.was is not None)


def primary(identity: Identity | None) -> tuple[str | None, str | None]:
    """The name an event's conversation is found by."""
    return identity.aliases[0] if identity and identity.aliases else (None, None)


def meet(tx: Tx, events: Iterable[Event]) -> None:
    """Everybody who sent these events is known afterwards, and has a conversation."""
    crowd = Crowd()
    for event in events:
        person = person_of(event)
        if person:
            crowd.add(person)
    if crowd.people:
        _meet(tx, crowd.people)


def _meet(tx: Tx, people: Sequence[Person]) -> None:
    names = [(ord_, rank, name) for ord_, p in enumerate(people) for rank, name in enumerate(p.names)]
    tx.run(
        "contacts.meet",
        ord=list(range(len(people))),
        channel_kind=[p.place[0] for p in people],
        address=[p.place[1] for p in people],
        name=[p.called for p in people],
        declared=[p.declared for p in people],
        alias_ord=[ord_ for ord_, _, _ in names],
        rank=[rank for _, rank, _ in names],
        kind=[name[0] for _, _, name in names],
        value=[name[1] for _, _, name in names],
    )


def callback_of(tx: Tx, conversation_id: int) -> rows.Phone | None:
    """The number that a conversation's customer wants to be called at, unmasked, and the desk it belongs to."""
    return tx.one(rows.CALLBACK, conversation_id=conversation_id)


def phone_of(tx: Tx, conversation_id: int) -> rows.Phone | None:
    """The number of a conversation's customer, unmasked, and the desk it belongs to."""
    return tx.one(rows.PHONE, conversation_id=conversation_id)
