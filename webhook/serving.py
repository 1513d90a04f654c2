"""A web process as gunicorn serves it with greenlets; asked to stop, it waits for answers, not for silent connections."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker  # type: ignore[import-untyped]

SILENT_S = 1.0
"""A kept connection over which nothing came for so long is closed when we stop; its next request goes elsewhere."""


class Waiting:
    """While a connection waits for its next request: until it comes, or for as long as connections are kept."""

    def __init__(self, worker: Worker):
        self._worker = worker
        self.until = gevent.Timeout(worker.cfg.keepalive, False)  # type: ignore[arg-type]  # False: it ends in silence
        self.since = monotonic()

    def __enter__(self) -> None:
        self._worker.waiting[gevent.getcurrent()] = self
        self.until.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> bool | None:
        self._worker.waiting.pop(gevent.getcurrent(), None)
        ended: bool | None = self.until.__exit__(kind, error, at)
        return ended


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn tells no types
    waiting: dict[Any, Waiting]

    def init_process(self) -> None:
        self.waiting = {}
        super().init_process()

    def timeout_ctx(self) -> Waiting:
        return Waiting(self)

    def notify(self) -> None:
        """Called every second, and while we stop, too."""
        super().notify()
        if not self.alive:
            self._leave_the_silent()

    def _leave_the_silent(self) -> None:
        """As if their time were over: gunicorn closes them in order."""
        for greenlet, waiting in list(self.waiting.items()):
            if monotonic() - waiting.since >= SILENT_S:
                greenlet.kill(waiting.until, block=False)
