"""The tenant resolver of a process: puts each event on the channel of the desk that serves its sender, with caches.

Where no contact is mapped, no number is shared and there is no default desk, it asks the database once in a while
whether that is still so, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from core import telemetry
from core.messages import Event
from core.resolution import Resolution, Resolved, resolve
from core.settings import Settings
from core.store import desk_contacts
from core.store.db import Database
from core.store.staff import audit
from core.telemetry import log
from core.ttl_cache import TtlCache

MOST = 50_000


@dataclass(frozen=True, slots=True)
class _InUse:
    mapped: bool
    shared: frozenset[tuple[str, str]]
    """Numbers that several desks share: kind and number."""


class Resolver:
    """Resolves the desks of events, for any channel that accepts them."""

    def __init__(self, db: Database, settings: Settings, clock: Callable[[], float] = monotonic):
        self._db = db
        self._default = settings.default_desk
        self._clock, self._keep_s = clock, settings.desk_contacts_cache_s
        self._in_use: tuple[_InUse, float] | None = None
        """Whether anything is to be resolved, and until when that is believed: read for every group, so it is no `TtlCache`."""
        self._resolved: TtlCache[Hashable, Resolved] = TtlCache(MOST, settings.desk_contacts_cache_s, clock)

    def place(self, events: Sequence[Event]) -> Sequence[Event]:
        """The same events, each on the channel of its desk, with the method of the resolution in its content."""
        if not events:
            return events
        in_use = self._look_whether_in_use()
        if not (in_use.mapped or in_use.shared or self._default):
            return events
        found = self._of(events)
        before = self._first_copies(events, in_use)
        return [self._placed(event, found, before) for event in events]

    def _look_whether_in_use(self) -> _InUse:
        if self._in_use is None or self._clock() >= self._in_use[1]:
            mapped, shared = desk_contacts.in_use(self._db)
            self._in_use = _InUse(mapped, shared), self._clock() + self._keep_s
        return self._in_use[0]

    def _of(self, events: Sequence[Event]) -> Mapping[Hashable, Resolved]:
        """The resolution of every sender among these events."""
        wanted = {_who(event): event for event in events if event.sender is not None and event.sender.aliases}
        found = {who: resolved for who in wanted if (resolved := self._resolved.get(who)) is not None}
        if strangers := {who: event for who, event in wanted.items() if who not in found}:
            fresh = self._ask(list(strangers.values()))
            for who, resolved in zip(strangers, fresh, strict=True):
                self._resolved.put(who, resolved)
                found[who] = resolved
        return found

    def _ask(self, events: Sequence[Event]) -> list[Resolved]:
        with self._db.transaction() as tx:
            resolved = [resolve(known, self._default) for known in desk_contacts.known(tx, events)]
            for event, each in zip(events, resolved, strict=True):
                if each.desk is not None and each.address != event.address:
                    desk_contacts.share(tx, event.channel_kind, each.address, each.desk)
            for event, each in zip(events, resolved, strict=True):
                if each.by is Resolution.REJECTED and each.known is not None:
                    did, subject = "turned a contact of another desk away", f"event:{event.correlation_id}"
                    audit.note(tx, who="door", did=did, subject=subject, why=f"of {each.known.mapped}", desk=each.desk)
        for event, each in zip(events, resolved, strict=True):
            _log(event, each)
        return resolved

    def _first_copies(self, events: Sequence[Event], in_use: _InUse) -> Mapping[tuple[str, str], str]:
        """The addresses at which events lie already: a copy goes there too, so that a contact mapped in between has one answer."""
        shared = [event for event in events if (event.channel_kind, event.address) in in_use.shared]
        return desk_contacts.first_copies(self._db, shared) if shared else {}

    def _placed(self, event: Event, found: Mapping[Hashable, Resolved], before: Mapping[tuple[str, str], str]) -> Event:
        resolved = found.get(_who(event))
        if resolved is None:
            return event
        telemetry.resolved(resolved.by)
        address = before.get((event.channel_kind, event.external_id), resolved.address)
        return replace(event, address=address, content={**event.content, "resolved": resolved.kept})


def _who(event: Event) -> Hashable:
    return event.channel_kind, event.address, event.sender


def _log(event: Event, resolved: Resolved) -> None:
    """An entry for each fallback with its reason, and one for a contact who is turned away."""
    for fallback in resolved.fallbacks:
        log.info(f"desk.{fallback.step}", reason=fallback.reason, correlation_id=event.correlation_id)
    if resolved.by is Resolution.REJECTED:
        log.warning("desk.rejected", desk=resolved.desk, correlation_id=event.correlation_id)
