"""The web side as it is deployed, gunicorn with greenlets, one process of which can be told to die at a place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.waiting import until

ROOT = Path(__file__).parents[2]
CONFIG = Path(__file__).with_name("doomed_conf.py")
DIED = "was sent SIGKILL"
"""gunicorn tells so of a process that it did not end itself."""


class Served:
    """gunicorn with one process that serves. That one may die; gunicorn puts another in its place."""

    def __init__(self, environ: Mapping[str, str], folder: Path):
        self.log, self._order, self._deaths = folder / "gunicorn.log", folder / "doom", 0
        own = {
            "WEB_CONCURRENCY": "1",
            "WINDOW_CONCURRENCY": "0",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            "TEST_DOOM": str(self._order),
        }
        command = [sys.executable, "-m", "gunicorn", "--config", str(CONFIG), "wsgi:app"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **environ, **own}, stdout=log, stderr=log
            )

    def doom(self, place: str) -> None:
        """The process that serves makes way for one that dies at this place."""
        [serving] = until(self._serving, 60, told=self.told)
        self._order.write_text(place, encoding="utf-8")
        serving.kill()
        until(lambda: not self._order.exists(), 60, told=self.told)
        self._deaths = self._told_deaths()

    @property
    def killed(self) -> bool:
        """The doomed process is dead; another serves already."""
        return self._told_deaths() > self._deaths

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        serving = self._serving()
        self._process.kill()
        for process in serving:
            process.kill()
        self._process.wait(10)

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def _told_deaths(self) -> int:
        return self.log.read_text(encoding="utf-8", errors="replace").count(DIED)

    def _serving(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children() if self.alive else []
