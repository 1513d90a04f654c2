"""A process dies on purpose only where it was told to, and never in production."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from core import crashpoints
from core.settings import BadSettings, load
from tests.production import PRODUCTION

SCRIPT = """
from core import crashpoints
crashpoints.arm({where!r})
for time in range(1, 5):
    crashpoints.reach("graph:written")
    crashpoints.reach_commit(["inbox.accept", "contacts.meet", "inbox.accept"], "committed")
    print(time, flush=True)
"""


@pytest.mark.parametrize(
    ("where", "survived"),
    [
        ("graph:written", 0),
        ("graph:written#3", 2),
        ("contacts.meet:committed#2", 1),
        ("inbox.accept:committed#4", 3),
    ],
)
def test_it_dies_when_it_gets_there_for_the_told_time(where: str, survived: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(where=where)], capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == -signal.SIGKILL
    assert len(ran.stdout.split()) == survived


@pytest.mark.parametrize("where", ["", "graph:answered", "inbox.accept:committing"])
def test_it_lives_when_it_never_gets_there(where: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(where=where)], capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 0 and len(ran.stdout.split()) == 4


def test_nothing_is_armed_unless_told() -> None:
    assert not crashpoints.armed
    assert load({}).turno_crash_at == ""


def test_production_refuses_to_be_told() -> None:
    with pytest.raises(BadSettings, match="TURNO_CRASH_AT"):
        load({**PRODUCTION, "TURNO_CRASH_AT": "graph:written"})
