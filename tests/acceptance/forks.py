"""Real processes of ours, started fast: they are forked from a server that has imported everything already."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from core.messages import Event
from core.session import Session
from core.turn import Turn

POISON = "veneno"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    "bot.__main__ bot.workers.greeting bot.workers.dry_run_process bot.workers.presence simulator.serve dashboard"
    " webhook.webchat.page webhook.webchat.public tests.acceptance.forks".split()
)
"""All that a process of ours imports, so that none does it by itself."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


class Process:
    """One process of ours, with the environment and the log file it was given."""

    def __init__(self, target: str, environ: Mapping[str, str], arguments: Sequence[str], log: Path):
        self.environ, self.log = dict(environ), log
        self._process: BaseProcess = FORKS.Process(target=TARGETS[target], args=(self.environ, list(arguments), log))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def killed(self) -> bool:
        """It has killed itself, or was killed: nothing of it had a chance to tidy up."""
        return self._process.exitcode == -signal.SIGKILL

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        self._process.kill()  # asks first whether it lives: its number may be somebody else's by now
        self._process.join(10)

    def stop(self) -> int | None:
        """Ask it to drain; its exit code."""
        self._process.terminate()
        self._process.join(30)
        return self._process.exitcode

    def wait(self, timeout_s: float) -> int | None:
        """Its exit code, once it has ended; None when it has not."""
        self._process.join(timeout_s)
        return self._process.exitcode

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.exists() else ""


def _begin(environ: Mapping[str, str], log: Path) -> None:
    os.environ.update(environ)
    out = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)


def _work(environ: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
    _begin(environ, log)
    from bot.__main__ import main

    sys.exit(main(["work", *arguments]))


def _mortal(environ: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
    """Workers that are killed, as by a bug in native code, whenever they step what says `POISON`."""
    from bot.engine import step as engine

    whole = engine.step

    def step(session: Session, event: Event, *rest: Any) -> Turn:
        if event.text == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(session, event, *rest)

    engine.step = step
    _work(environ, arguments, log)


def _web(environ: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
    """The application of `wsgi.py` in one process with threads, so that it dies alone and nobody revives it."""
    _begin(environ, log)
    from simulator.serve import server
    from wsgi import app

    serving = server(app, "127.0.0.1", int(arguments[0]))  # type: ignore[arg-type]  # any WSGI application will do
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    serving.serve_forever()


def _turno(environ: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
    """A command of the program, in the folder that the environment calls `PWD`."""
    _begin(environ, log)
    os.chdir(environ["PWD"])
    from bot.__main__ import main

    sys.exit(main(arguments))


TARGETS = {"turno": _turno, "work": _work, "mortal": _mortal, "web": _web}
