"""One run of pytest in a process of its own, forked from one that has imported what takes long and none of our own."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import os
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
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
OPTIONS = ("-n", "0", "-s", "-p", "no:cacheprovider")
"""Nothing is captured: a log may write to where it began, and one process runs pytest several times."""
SILENT = Path(os.devnull).open("w", encoding="utf-8")
RED, GREEN, HUNG = "red", "green", "hung"
MOST_NAMED = 300
BY_TIME = re.compile(r"time|Lock|cancel|Unreachable|did not come true|Deadlock", re.IGNORECASE)
MOST_DOUBTED = 3


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
    """Says which test noticed, and by what, to the process that waits for it."""

    def __init__(self, pipe: int):
        self._pipe = pipe
        self.by = self.why = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.say(report.nodeid, getattr(getattr(report.longrepr, "reprcrash", None), "message", ""))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.say(report.nodeid, str(report.longrepr))

    def say(self, by: str, why: str) -> None:
        self.by, self.why = by, " ".join(why.split())[:MOST_NAMED]
        os.write(self._pipe, f"{self.by[:MOST_NAMED]}\t{self.why}\n".encode())

    @property
    def by_time(self) -> bool:
        """Whether something took too long, which a busy machine may do without any mutant."""
        return bool(BY_TIME.search(self.why))


class Started(NamedTuple):
    pid: int
    pipe: int
    """What its witness says."""

    def noticed(self) -> list[str]:
        """The last test that failed, and by what; both empty for none. The process has ended; one that it left behind
        may hold the pipe."""
        os.set_blocking(self.pipe, False)
        try:
            written = os.read(self.pipe, 2**16).decode("utf-8", "replace")
        except BlockingIOError:
            written = ""
        os.close(self.pipe)
        by, _, why = (written.splitlines() or [""])[-1].partition("\t")
        return [by, why]


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
        witness.say("", repr(error))
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
    with contextlib.redirect_stdout(SILENT):
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
    """Run the tests of each stage as long as none of them notices the mutant. One that notices by time is doubted: it
    must notice again, and be green without the mutant."""
    _put_in(mutant)
    doubted: list[str] = []
    for tests in stages:
        while (code := run_tests(url, [*tests, *doubted], witness)) not in _nothing(tests, doubted):
            if not witness.by_time or len(doubted) == 2 * MOST_DOUBTED or _surely(url, mutant, witness.by, witness):
                return code
            doubted += ["--deselect", witness.by]
    return 0


def _nothing(tests: Sequence[str], doubted: Sequence[str]) -> set[int]:
    """The results that mean that nothing was noticed: a single test may be gone since it noticed, or be doubted."""
    gone = {pytest.ExitCode.USAGE_ERROR} if len(tests) == 1 else set()
    return {0, *map(int, gone), *([int(pytest.ExitCode.NO_TESTS_COLLECTED)] if doubted else [])}


def _surely(url: str, mutant: Mutant, test: str, witness: Witness) -> bool:
    if mutant.is_code:
        return run_tests(url, [test], witness) != 0
    red_again = run_tests(url, [test], witness) != 0
    _take_out(mutant)
    green_without = run_tests(url, [test]) == 0
    _put_in(mutant)
    return red_again and green_without


def _put_in(mutant: Mutant) -> None:
    if mutant.is_code:
        assert Finder(mutant).is_new()
        sys.meta_path.insert(0, Finder(mutant))
    else:
        from core.store import queries

        queries.load()[mutant.place] = mutant.text


def _take_out(mutant: Mutant) -> None:
    from core.store import queries

    queries.load()[mutant.place] = mutant.whole
