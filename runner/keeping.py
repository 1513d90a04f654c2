"""The runner's side of the protocol with the keeper: see `keeper.py`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psutil

from core.store import embedded

ROOT = Path(__file__).parent.parent
STOP_S = 60.0


class Keeper:
    """Holds PostgreSQL (when a folder is named), and the groups that must not outlive us."""

    def __init__(self, folder: Path | None):
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "runner.keeper", *([str(folder)] if folder else [])],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.url = ""

    def wait_ready(self, ready: Callable[[bool], None]) -> None:
        """Call back, from a thread, once it is ready (True) or has ended without getting there (False)."""
        Thread(target=self._wait_ready, args=(ready,), daemon=True).start()

    def note(self, group: int) -> None:
        """This group was started."""
        self._write(f"+{group}")

    def forget(self, group: int) -> None:
        """This group is gone."""
        self._write(f"-{group}")

    def close(self) -> None:
        """End what it holds, PostgreSQL last, and wait until it has."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        if self._process.wait(STOP_S) != 0 and self._folder is not None:
            with suppress(psutil.NoSuchProcess):  # it was killed itself: what it held is ours to stop
                embedded.stop(self._folder)

    def _wait_ready(self, ready: Callable[[bool], None]) -> None:
        assert self._process.stdout is not None
        word, _, self.url = self._process.stdout.readline().strip().partition(" ")
        ready(word == "ready")
        if word == "ready":
            self._process.wait()
            ready(False)

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it is gone, which `wait_ready` tells
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
