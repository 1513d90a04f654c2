"""One run of pytest in a process of its own, forked from one that has imported what takes long and none of our own."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import alembic.command
import flask
import hypothesis
import orjson
import psycopg
import pytest
import sqlalchemy

from tests.mutants.targets import ROOT, Mutant

IMPORTED = (alembic, flask, hypothesis, orjson, psycopg, sqlalchemy)
LONGEST_S = 300
OPTIONS = ("-n", "0", "-p", "no:cacheprovider")
RED, GREEN, HUNG = "red", "green", "hung"
MOST_NAMED = 300
"""Bytes of a test's name."""


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutant where its module is imported."""

    def __init__(self, mutant: Mutant):
        self._name = mutant.place.removesuffix(".py").replace("/", ".")
        self._mutant = mutant

    def is_new(self) -> bool:
        return self._name not in sys.modules

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(ROOT / self._mutant.place)
        exec(compile(self._mutant.text, module.__file__, "exec"), module.__dict__)


class Recorder:
    """Records the blocks that each test runs, and how long it takes."""

    def __init__(self) -> None:
        self.ran: dict[str, set[str]] = defaultdict(set)
        self.took_s: dict[str, float] = defaultdict(float)
        self._now = ""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._now = nodeid

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took_s[report.nodeid] += report.duration

    def watch(self) -> None:
        from core.store.db import Tx

        execute = Tx._execute

        def note(tx: Tx, cursor: Any, name: str, values: dict[str, Any]) -> Any:
            self.ran[name].add(self._now)
            return execute(tx, cursor, name, values)

        Tx._execute = note  # type: ignore[method-assign]


class Witness:
    """Says which test noticed, to the process that waits for it."""

    def __init__(self, pipe: int):
        self._pipe = pipe

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.say(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.say(report.nodeid)

    def say(self, name: str) -> None:
        os.write(self._pipe, name.encode()[:MOST_NAMED] + b"\n")


class Started(NamedTuple):
    pid: int
    pipe: int
    """The names of the tests that noticed."""

    def noticed_by(self) -> str:
        """The first test that failed; "" for none. The process has ended; one that it left behind may hold the pipe."""
        os.set_blocking(self.pipe, False)
        try:
            written = os.read(self.pipe, MOST_NAMED)
        except BlockingIOError:
            written = b""
        os.close(self.pipe)
        return written.decode("utf-8", "replace").partition("\n")[0]


Work = Callable[[Witness], int]


def start(work: Work) -> Started:
    """The process that does it; its output is dropped."""
    pipe, end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(end)
        return Started(pid, pipe)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.alarm(LONGEST_S)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    witness = Witness(end)
    try:
        os._exit(work(witness))
    except BaseException as error:
        witness.say(repr(error))
    finally:
        os._exit(9)


def outcome(status: int, said: str) -> str:
    """Red, hung (which is noticed, too), or green; anything else is a fault of this tool."""
    if os.WIFSIGNALED(status):
        return HUNG if os.WTERMSIG(status) == signal.SIGALRM else RED
    if os.WEXITSTATUS(status) in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        return RED
    if os.WEXITSTATUS(status) == pytest.ExitCode.OK:
        return GREEN
    raise RuntimeError(f"pytest ended with {os.WEXITSTATUS(status)}: {said}")


def warm_up(files: Sequence[str]) -> None:
    """Import the program and these tests once for all mutants of SQL, which change no module: a test takes longer to be
    imported than to notice."""
    for name in ("bot.workers.janitor", "bot.workers.sender", "bot.workers.loop", "bot.nlu.reader", "webhook.door"):
        importlib.import_module(name)
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*OPTIONS, "--collect-only", *files])


def make_template(url: str) -> int:
    from tests import conftest

    conftest._make_template(url)
    return 0


def run_tests(url: str, tests: Sequence[str], *plugins: object) -> int:
    from core.store import embedded
    from tests import databases

    embedded.start = lambda folder: url
    embedded.stop = lambda folder: None
    databases.forget = _dropped
    return int(pytest.main([*OPTIONS, "-x", *tests], plugins=list(plugins)))


def _dropped(url: str) -> None:
    """The server goes on without the databases of this process."""
    from tests import databases

    for clean in databases._SHELF.pop(url, ()):
        databases._drop(databases._administrator(url), clean.name)


def run_mutant(url: str, mutant: Mutant, stages: Sequence[Sequence[str]], witness: Witness) -> int:
    """Run the tests of each stage as long as none of them notices the mutant."""
    _put_in(mutant)
    for tests in stages:
        if code := run_tests(url, tests, witness):
            return code
    return 0


def _put_in(mutant: Mutant) -> None:
    if mutant.is_code:
        assert Finder(mutant).is_new()
        sys.meta_path.insert(0, Finder(mutant))
    else:
        from core.store import queries

        queries.load()[mutant.place] = mutant.text
