"""Connection caps, in all and by address: a new connection is admitted, and the longest idle one is dropped for it.

The path of a request is known only when its head was read, so no room can be kept for the webhook by name. Room is
made instead, at the cost of connections on which nothing comes: a signed POST is read within milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

from core import telemetry
from webhook.pace import Paced

AT_ONCE = 20
"""One in so many of the connections go together: looking for them costs as much as looking for one."""


class Crowd:
    """`each` is the most of one address; 0: no cap by address."""

    def __init__(self, most: int, each: int):
        self._most, self._each = most, each
        self._by_address: dict[str, dict[Paced, None]] = {}
        self._held = 0

    def enter(self, connection: Paced) -> bool:
        """Whether the connection is admitted; room may be made by dropping a slow one."""
        there = self._by_address.get(connection.address, {})
        if self._each and len(there) >= self._each and not self._make_room(there, self._each, "address"):
            return False
        if self._held >= self._most:
            self._make_room(self._everybody(), self._most, "crowded")
        self._by_address.setdefault(connection.address, {})[connection] = None
        self._held += 1
        return True

    def leave(self, connection: Paced) -> None:
        """It is over, for whatever reason; one that was dropped has left already."""
        there = self._by_address.get(connection.address, {})
        if connection in there:
            self._held -= 1
            del there[connection]
        if not there:
            self._by_address.pop(connection.address, None)

    def _make_room(self, there: Iterable[Paced], most: int, why: str) -> int:
        """Drop some of those that wait for their client: of addresses that hold much first, then the oldest."""
        waiting = [connection for connection in there if connection.waits]
        dropped = nsmallest(max(1, most // AT_ONCE), waiting, key=self._rank)
        for connection in dropped:
            self.leave(connection)
            connection.drop()
        telemetry.dropped(len(dropped), why)
        return len(dropped)

    def _rank(self, connection: Paced) -> tuple[int, float]:
        return -len(self._by_address[connection.address]), connection.since

    def _everybody(self) -> list[Paced]:
        return [connection for there in self._by_address.values() for connection in there]
