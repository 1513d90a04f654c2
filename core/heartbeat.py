"""Heartbeat: every few seconds a process records that it lives, the state of its circuit breakers, and its metrics;
and it hears how much of its log is wanted.

One small transaction a beat, whatever the traffic. A beat that fails loses nothing: what was noticed is written by the
next one.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core import breaker, machine, telemetry
from core.errors import TurnoError
from core.metrics import METRICS, Metrics
from core.store import heartbeats
from core.store.db import Database
from core.telemetry import log, set_level

Kind = Literal["web", "window", "workers"]


class Heartbeat:
    def __init__(
        self,
        db: Database,
        kind: Kind,
        jobs: Sequence[str] = (),
        *,
        every_s: float,
        log_level: str = "info",
        metrics: Metrics = METRICS,
        folders: Mapping[str, Path] = MappingProxyType({}),
    ):
        """`folders`: those that this process writes to, by name; the room on their disks is measured."""
        self._db = db
        self._who = heartbeats.Who(secrets.token_hex(8), kind, socket.gethostname(), os.getpid(), list(jobs))
        self._every_s, self._log_level = every_s, log_level
        self._metrics, self._folders = metrics, folders
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self, kind: Kind | None = None) -> None:
        """`kind`: what this process turned out to be, when it was forked."""
        self._who = replace(self._who, kind=kind or self._who.kind)
        self._thread.start()

    def stop(self) -> None:
        """Write down what is left, and leave in order. A process without a heartbeat has nothing to remove."""
        if self._thread.ident is None:
            return
        self._stopping.set()
        self._thread.join(timeout=5)
        self._attempt(leaving=True)

    def beat(self, *, leaving: bool = False) -> None:
        """One beat. Counts that cannot be written are kept for the next beat."""
        telemetry.machine(self._who.kind, machine.memory_bytes(), machine.disks(self._folders))
        noted = self._metrics.take()
        try:
            with self._db.transaction() as tx:
                heartbeats.write(tx, noted)
                if leaving:
                    heartbeats.leave(tx, self._who)
                else:
                    heartbeats.beat(tx, self._who, breaker.states())
                    set_level(heartbeats.log_level(tx) or self._log_level)
        except BaseException:
            self._metrics.put_back(noted)
            raise

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._attempt()
            self._stopping.wait(self._every_s)

    def _attempt(self, *, leaving: bool = False) -> None:
        try:
            self.beat(leaving=leaving)
        except TurnoError as error:
            log.warning("pulse.missed", error=str(error))
        except Exception as error:  # a heartbeat that stops would make a living process look dead
            log.error("pulse.broken", error=type(error).__name__, exc_info=True)
