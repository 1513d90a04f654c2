"""One run of pytest in a process of its own, forked from one that has imported what takes long and none of our own."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

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
RED, GREEN = "red", "green"


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

        noted = Tx._note

        def note(tx: Tx, name: str) -> None:
            self.ran[name].add(self._now)
            noted(tx, name)

        Tx._note = note  # type: ignore[method-assign]


def start(work: Callable[[], int]) -> int:
    """The process that does it; what it prints is for nobody."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.alarm(LONGEST_S)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        os._exit(work())
    finally:
        os._exit(9)


def outcome(status: int) -> str:
    """Red, also when it hung or broke everything; green; anything else is a fault of this tool."""
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        return RED
    if os.WEXITSTATUS(status) == pytest.ExitCode.OK:
        return GREEN
    raise RuntimeError(f"pytest ended with {os.WEXITSTATUS(status)}")


def warm_up() -> None:
    """Import the program once for all mutants of SQL, which change none of its modules."""
    for name in ("bot.workers.janitor", "bot.workers.sender", "bot.workers.loop", "bot.nlu.reader", "webhook.door"):
        importlib.import_module(name)


def make_template(url: str) -> int:
    from tests import conftest

    conftest._make_template(url)
    return 0


def run_tests(url: str, tests: Sequence[str], *plugins: object) -> int:
    from core.store import embedded

    embedded.start = lambda folder: url
    embedded.stop = lambda folder: None
    return int(pytest.main(["-x", "-n", "0", "-p", "no:cacheprovider", *tests], plugins=list(plugins)))


def run_mutant(url: str, mutant: Mutant, tests: Sequence[str]) -> int:
    if mutant.is_code:
        assert Finder(mutant).is_new()
        sys.meta_path.insert(0, Finder(mutant))
    else:
        from core.store import queries

        queries.load()[mutant.place] = mutant.text
    return run_tests(url, tests)
