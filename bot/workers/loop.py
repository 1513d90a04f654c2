"""A loop that runs rounds of some job until it is told to stop. It knows no job."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from core.errors import Unreachable
from core.telemetry import log

TROUBLE_S = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Waits between rounds that failed, the last one again and again."""


class Job(Protocol):
    name: str

    def run_once(self) -> int:
        """One round; how much it did. Nothing done means: wait until woken."""
        ...

    def wait(self) -> None:
        """Sleep until there may be something to do."""
        ...

    def wake(self) -> None:
        """End a wait."""
        ...

    def drain(self) -> None:
        """Finish what is under way, and let go of everything."""
        ...


class Loop:
    """Runs a job in a thread of its own."""

    def __init__(self, job: Job):
        self._job = job
        self._stopping = threading.Event()
        self._failures = 0
        self._thread = threading.Thread(target=self._run, name=job.name)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after this round."""
        self._stopping.set()
        self._job.wake()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for its end; False when it has not come."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            done = self._attempt(self._job.run_once)
            if done == 0 and not self._stopping.is_set():
                self._job.wait()
        self._attempt(self._drain)

    def _drain(self) -> int:
        self._job.drain()
        return 0

    def _attempt(self, run: Callable[[], int]) -> int:
        """Run, and when it fails say so and wait a little longer each time: the database may be away."""
        try:
            done = run()
        except Unreachable as error:
            log.warning("loop.unreachable", job=self._job.name, error=str(error))
            return self._stumble()
        except Exception as error:
            log.error("loop.broken", job=self._job.name, error=type(error).__name__, exc_info=True)
            return self._stumble()
        self._failures = 0
        return done

    def _stumble(self) -> int:
        self._stopping.wait(TROUBLE_S[min(self._failures, len(TROUBLE_S) - 1)])
        self._failures += 1
        return -1
