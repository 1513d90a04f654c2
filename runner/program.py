"""One child process: started in its own session, its output forwarded, its exit noticed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread


@dataclass(frozen=True, slots=True)
class Program:
    """A command to start, and its name on the screen."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."


class Running:
    """A program that was started. `heard` gets its lines and `ended` its exit code, each from a thread of its own."""

    def __init__(self, program: Program, heard: Callable[[str, str], None], ended: Callable[[Running, int], None]):
        self.name = program.name
        self._process = subprocess.Popen(
            program.command,
            env=dict(program.environ),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # a group of its own, which the terminal's Ctrl-C does not reach: we stop it, in order
        )
        self.group = self._process.pid
        Thread(target=self._listen, args=(heard,), daemon=True).start()
        Thread(target=self._await, args=(ended,), daemon=True).start()

    def _listen(self, heard: Callable[[str, str], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            heard(self.name, line.rstrip())

    def _await(self, ended: Callable[[Running, int], None]) -> None:
        ended(self, self._process.wait())
