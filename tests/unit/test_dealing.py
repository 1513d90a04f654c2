"""The tests of one file run in one worker: proven by a run of pytest with this suite's options and its hooks of dealing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests import conftest, dealing

ROOT = Path(__file__).parents[2]
TOY = """
import os, pathlib, pytest

TOLD = pathlib.Path(os.environ["TOLD"])

@pytest.fixture(scope="module")
def house(): (TOLD / "set-up").open("a").write(__name__ + "\\n")

@pytest.mark.parametrize("case", range(3))
def test_toy(house, case): (TOLD / "worker").open("a").write(os.environ["PYTEST_XDIST_WORKER"] + " " + __name__ + "\\n")
"""
FILES = ("test_a.py", "test_b.py", "test_c.py", "test_d.py")


def run(folder: Path, *arguments: str) -> str:
    """pytest, with the options and the hooks of this suite, but other tests."""
    plugins = ("-p", "xdist", "-p", "tests.dealing", "-p", "no:cacheprovider")
    ours = ("-c", str(ROOT / "setup.cfg"), "--rootdir", str(folder), *plugins)
    command = [sys.executable, "-m", "pytest", *ours, *arguments]
    environ = {
        **os.environ,
        "TOLD": str(folder),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }  # other plugins take seconds, and deal nothing out
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_text(TOY, encoding="utf-8")
    return tmp_path


def test_what_a_file_sets_up_is_set_up_once_and_every_worker_works(toy: Path) -> None:
    run(toy, "-n", "2", str(toy))
    set_up = Counter((toy / "set-up").read_text().split())
    workers = Counter(line.split()[0] for line in (toy / "worker").read_text().splitlines())
    assert conftest.pytest_xdist_make_scheduler is dealing.pytest_xdist_make_scheduler
    assert set_up == {name.removesuffix(".py"): 1 for name in FILES}
    assert workers.keys() == {"gw0", "gw1"} and workers.total() == 3 * len(FILES)


def test_cases_that_share_nothing_are_dealt_out_one_by_one() -> None:
    dealt = dealing.Dealing.__new__(dealing.Dealing)
    [file] = dealing.CASE_BY_CASE
    assert (ROOT / file).is_file()
    assert dealt._split_scope(f"{file}::test_it[one]") != dealt._split_scope(f"{file}::test_it[two]")
    assert dealt._split_scope("tests/x.py::test_it[one]") == dealt._split_scope("tests/x.py::Of::test_it[a::b]")


def test_one_worker_begins_with_what_keeps_a_processor_busy(tmp_path: Path) -> None:
    for ring in ("acceptance", "unit"):
        folder = tmp_path / "tests" / ring
        folder.mkdir(parents=True)
        for name in FILES:
            (folder / name.replace("test", f"test_{ring}")).write_text(TOY, encoding="utf-8")
    run(tmp_path, "-n", "2", str(tmp_path))
    told = [line.split() for line in (tmp_path / "worker").read_text().splitlines()]
    assert len(told) == 2 * 3 * len(FILES)
    assert dict(reversed(told)) == {"gw0": "test_unit_a", "gw1": "test_acceptance_a"}


def test_what_is_compiled_is_kept_for_the_processes_that_tests_start() -> None:
    assert not sys.dont_write_bytecode
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ


@pytest.mark.parametrize(
    ("asked", "workers"),
    [
        (["tests/unit/test_dealing.py"], 0),
        (["tests/unit/test_dealing.py::test_one", "tests/unit/test_dealing.py::test_other"], 0),
        (["tests/unit/test_dealing.py", "tests/unit/test_retry.py"], None),
        (["tests/unit"], None),
        (["tests/unit", "tests/integration"], 4),
        (["tests"], 4),
    ],
)
def test_one_file_is_run_without_workers_and_who_waits_for_others_leaves_no_processor_idle(
    asked: list[str], workers: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert dealing.workers(cast(Any, SimpleNamespace(args=asked))) == workers
