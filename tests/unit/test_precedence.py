"""A process that is told to give way comes after the others, and so does its session where sessions count."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core import niceness
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process has no session to be told")


@pytest.fixture
def process() -> Iterator[psutil.Process]:
    """One in a session of its own, as each of PostgreSQL's is."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as made:
        yield psutil.Process(made.pid)
        made.kill()


def test_the_process_and_its_session_come_behind(process: psutil.Process) -> None:
    until(lambda: niceness.give_way(process))
    assert process.nice() == niceness.BEHIND
    session = Path(f"/proc/{process.pid}/autogroup")
    assert not session.exists() or session.read_text().split()[-1:] in ([], [str(niceness.BEHIND)])
    assert niceness.give_way(process), "it has given way already"


def test_who_comes_late_already_is_not_moved_forward(process: psutil.Process) -> None:
    process.nice(12)
    niceness.give_way(process, 5)
    assert process.nice() == 12
