"""Known senders: a cache of contacts that need no insert because they wrote through this process before."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from core.messages import Event


class KnownSenders:
    """Senders by everything they are called, as many as there is room for. Forgetting one costs a query, nothing else.

    Somebody with a new name, a new number or a declared change is a stranger again. The database still decides: an
    event whose conversation is not there any more is met in any case.
    """

    def __init__(self, most: int = 50_000):
        self._most = most
        self._known: set[Hashable] = set()

    def strangers(self, events: Iterable[Event]) -> list[Event]:
        """The events whose sender is not in the cache."""
        return [event for event in events if _called(event) not in self._known]

    def met(self, events: Iterable[Event]) -> None:
        """Their meeting is committed."""
        if len(self._known) >= self._most:
            self._known.clear()
        self._known.update(called for event in events if (called := _called(event)) is not None)


def _called(event: Event) -> Hashable | None:
    sender = event.sender
    return (event.channel_kind, event.address, sender) if sender is not None and sender.was is None else None
