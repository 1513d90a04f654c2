"""Read marks and typing indicators: best effort, and never worth a failure."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence

from bot.channels.channel import Marker
from core.resolution import number_of
from core.store.path.sessions import Lease

MOST_WAITING = 200
THREADS = 2


class Marks:
    """Marks customers' messages read in the background. When too many wait, the newest are left out."""

    def __init__(self, markers: Mapping[str, Marker], *, enabled: bool):
        """`markers` by kind of channel: of a channel without one, nothing is marked."""
        self._markers = markers
        self._enabled = enabled and bool(markers)
        self._waiting: queue.Queue[tuple[Marker, str, str] | None] = queue.Queue(MOST_WAITING)
        self._threads = [threading.Thread(target=self._work, name="marks", daemon=True) for _ in range(THREADS)]
        for thread in self._threads if self._enabled else ():
            thread.start()

    def __call__(self, claims: Sequence[Lease]) -> None:
        """These events are being looked at."""
        if not self._enabled:
            return
        for claimed in claims:
            event = claimed.newest  # who has read it has read what came before
            if event and event.origin == "customer" and not claimed.session.agent:
                marker = self._markers.get(event.channel_kind)
                if marker is not None:
                    self._offer((marker, event.address, event.external_id))

    def close(self) -> None:
        for _ in self._threads if self._enabled else ():
            self._offer(None)

    def _offer(self, mark: tuple[Marker, str, str] | None) -> None:
        try:
            self._waiting.put_nowait(mark)
        except queue.Full:
            pass  # nobody is harmed by grey ticks

    def _work(self) -> None:
        while (mark := self._waiting.get()) is not None:
            marker, address, external_id = mark
            marker.mark_read(number_of(address), external_id, typing=True)
