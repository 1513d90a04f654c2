"""Read marks and typing indicators: best effort, and never worth a failure."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from typing import Protocol

from core.store.path.sessions import Lease

MOST_WAITING = 200
THREADS = 2


class Marker(Protocol):
    def mark_read(self, address: str, wamid: str, typing: bool) -> bool: ...


class Marks:
    """Marks customers' messages read in the background. When too many wait, the newest are left out."""

    def __init__(self, marker: Marker, *, enabled: bool):
        self._marker = marker
        self._enabled = enabled
        self._waiting: queue.Queue[tuple[str, str] | None] = queue.Queue(MOST_WAITING)
        self._threads = [threading.Thread(target=self._work, name="marks", daemon=True) for _ in range(THREADS)]
        for thread in self._threads if enabled else ():
            thread.start()

    def __call__(self, claims: Sequence[Lease]) -> None:
        """These events are being looked at."""
        if not self._enabled:
            return
        for claimed in claims:
            event = claimed.event
            if event and event.channel_kind == "whatsapp" and event.origin == "customer" and not claimed.session.agent:
                self._offer((event.address, event.external_id))

    def close(self) -> None:
        for _ in self._threads if self._enabled else ():
            self._offer(None)

    def _offer(self, mark: tuple[str, str] | None) -> None:
        try:
            self._waiting.put_nowait(mark)
        except queue.Full:
            pass  # nobody is harmed by grey ticks

    def _work(self) -> None:
        while (mark := self._waiting.get()) is not None:
            self._marker.mark_read(*mark, typing=True)
