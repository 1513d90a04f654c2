"""Real processes under a test: start one, wait for what it says, and see what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

import psutil

Seen = TypeVar("Seen")
ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 120.0
MARK = "TURNO_TEST_MARK"
"""Every process that comes from one of ours carries this in its environment."""


def seen(of: Callable[[psutil.Process], Seen], process: psutil.Process) -> Seen | None:
    """What is looked up about a process; None when it ended meanwhile."""
    try:
        return of(process)
    except psutil.NoSuchProcess:
        return None


class Started:
    """A process, its lines as they come, and the mark that all its offspring carries."""

    def __init__(self, command: list[str], environ: dict[str, str], folder: Path = ROOT):
        self.mark = uuid.uuid4().hex
        self.lines: list[str] = []
        self._said: Queue[str | None] = Queue()
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **environ, MARK: self.mark},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        Thread(target=self._listen, daemon=True).start()

    def hear(self, words: str) -> str:
        """The next line with these words; fails when the process ends, or is silent for too long."""
        while True:
            try:
                line = self._said.get(timeout=PATIENCE_S)
            except Empty:
                raise AssertionError(f"it never said {words!r}:\n{self.told}") from None
            assert line is not None, f"it ended without saying {words!r}:\n{self.told}"
            if words in line:
                return line

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send it a signal, and wait for its exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE_S)

    @property
    def told(self) -> str:
        return "\n".join(self.lines)

    def offspring(self) -> list[psutil.Process]:
        """Everybody who comes from it and still runs."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def wait_childless(self) -> list[psutil.Process]:
        """Who is left when everybody had the time to go."""
        _, left = psutil.wait_procs(self.offspring(), timeout=PATIENCE_S)
        return left

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == self.mark
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._said.put(line)
        self._said.put(None)


@contextmanager
def started(*arguments: str, environ: dict[str, str] | None = None, folder: Path = ROOT) -> Iterator[Started]:
    """`python ARGUMENTS`, killed with its offspring at the end if it is still there."""
    running = Started([sys.executable, *arguments], environ or {}, folder)
    try:
        yield running
    finally:
        for process in running.offspring():
            process.kill()
        running.process.kill()
        running.process.wait()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
