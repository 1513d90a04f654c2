"""Supervisor: starts programs, watches them, and stops all of them the same way whatever the reason.

Everything that happens comes through one queue: a signal, a program that ended, the keeper's word. So nothing is
handled in the midst of something else, and no wait is deaf to Ctrl-C.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from runner import groups
from runner.keeping import Keeper
from runner.program import Program, Running
from runner.screen import Screen

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 30.0
LOOK_S = 0.1


class Stopped(Exception):
    """Somebody asked for the end."""


class Failed(Exception):
    """Something ended that should not have."""


@dataclass(frozen=True, slots=True)
class _Ended:
    running: Running
    code: int


@dataclass(frozen=True, slots=True)
class _Kept:
    ready: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    signal: int


class Supervisor:
    """Use as a context: whatever was started inside is gone after it."""

    def __init__(self, screen: Screen, *, grace_s: float = GRACE_S):
        self._screen = screen
        self._grace_s = grace_s
        self._happened: SimpleQueue[_Ended | _Kept | _Asked] = SimpleQueue()
        self._running: list[Running] = []
        self._keeper: Keeper | None = None

    def __enter__(self) -> Supervisor:
        for number in SIGNALS:
            signal.signal(number, lambda caught, _: self._happened.put(_Asked(caught)))
        return self

    def __exit__(self, *_: object) -> None:
        self._end_programs()
        if self._keeper is not None:
            self._keeper.close()

    def keep(self, folder: Path | None) -> str:
        """Start the keeper, and PostgreSQL in this folder with it; its URL."""
        self._keeper = Keeper(folder)
        self._keeper.wait_ready(lambda ready: self._happened.put(_Kept(ready)))
        self._wait(lambda happened: isinstance(happened, _Kept))
        return self._keeper.url

    def start(self, program: Program) -> Running:
        assert self._keeper is not None, "the keeper first: nothing may outlive us"
        running = Running(program, self._screen.output, lambda ended, code: self._happened.put(_Ended(ended, code)))
        self._keeper.note(running.group)
        self._running.append(running)
        return running

    def run(self, step: Program) -> None:
        """Run a program to its good end."""
        running = self.start(step)
        self._wait(lambda happened: isinstance(happened, _Ended) and happened.running is running)
        self._forget(running)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until it is true, asking again and again."""
        while not true():
            self._refuse_next(LOOK_S)

    def watch(self) -> None:
        """Wait for somebody to ask for the end (Stopped), or for something to break (Failed)."""
        while True:
            self._refuse_next(None)

    def _wait(self, expected: Callable[[_Ended | _Kept | _Asked], bool]) -> None:
        while True:
            happened = self._happened.get()
            _refuse_bad_ends(happened)
            if expected(happened):
                return
            _refuse(happened)

    def _refuse_next(self, timeout_s: float | None) -> None:
        try:
            _refuse(self._happened.get(timeout=timeout_s))
        except Empty:
            pass

    def _end_programs(self) -> None:
        if not self._running:
            return
        self._screen.say("stopping… (Ctrl-C again: at once)")
        waiting = {running.group: running.name for running in self._running}
        groups.ask(waiting)
        groups.kill_late(waiting, until=time.monotonic() + self._grace_s, hurried=self._hurried)
        for running in [*self._running]:
            self._forget(running)

    def _hurried(self) -> bool:
        """Whether somebody pressed Ctrl-C again. Other signals come twice by nature: from make, or to a whole group."""
        while not self._happened.empty():
            if self._happened.get() == _Asked(signal.SIGINT):
                return True
        return False

    def _forget(self, running: Running) -> None:
        self._running.remove(running)
        if self._keeper is not None and not groups.alive(running.group):
            self._keeper.forget(running.group)


def _refuse(happened: _Ended | _Kept | _Asked) -> None:
    """Nothing that comes unexpectedly is good."""
    _refuse_bad_ends(happened)
    if isinstance(happened, _Ended):
        raise Failed(f"{happened.running.name} ended by itself")


def _refuse_bad_ends(happened: _Ended | _Kept | _Asked) -> None:
    match happened:
        case _Asked():
            raise Stopped
        case _Kept(ready=False):
            raise Failed("PostgreSQL, or the process that keeps it, ended")
        case _Ended(running=running, code=code) if code != 0:
            raise Failed(f"{running.name} ended with {_named(code)}")
        case _:
            pass


def _named(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
