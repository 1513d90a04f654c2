"""No pattern of the program goes back over what it read: whatever anybody writes, it is read once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import patterns
from tests.backtracking import troubles

ROOT = Path(__file__).parent.parent.parent

REFUSED = {
    r"^\W*(?:paso|step)?\W*(?:paso)?\W*([1-8])\W*$": False,
    r"(?:\w+)*x": False,
    r"(?:\s?x\s?)*y": False,
    r"(?:ab|a|b)*c": False,
    r"\w*x\w*y": False,
    r".*[aeiou]\w*(?:es|as)$": False,
    r"\[(?P<text>[^\]]+)\]\(": True,
    r'"(?:[^"\\]|\\.)*"': True,
    r"\s+$": True,
    r"\d+\b": True,
    r"(?=.*\d)[0-9a-z]{3,20}": True,
    r"\w{1,64}@": True,
    r"(?<!\w)(?:\w+\.)+x": True,
    r"a(?:[^b]+b)*": True,
    r"(?>\w+)x": True,
}
"""What costs the square of a text or more; True: when it is searched for."""
ALLOWED = {
    r"\W*+(?:paso|step)?+\W*+(?:paso)?+\W*+([1-8])\W*+": False,
    r"(?:[^xy]++|y)*+x?": True,
    r"\w+(?:\.\w+)*@": False,
    r"\[(?P<text>[^\]\[]+)\]\(": True,
    r'"(?:[^"\\]++|\\.)*+"?': True,
    r"(?<!\s)\s+$": True,
    r"\d+": True,
    r"\d{4}(?:[\s._/-]{0,3}\d{4}){3}": True,
    r"(?=.*\d)[0-9a-z]{3,20}": False,
    r"\b\w+@": True,
    r"(?<![\w.])\w+(?:\.\w+)*@": True,
    r"[^\W_]+(?:['’][^\W_]+)*": True,
}


@pytest.mark.parametrize(("pattern", "searched"), REFUSED.items())
def test_what_goes_back_is_refused(pattern: str, searched: bool) -> None:
    assert troubles(pattern, searched=searched)


@pytest.mark.parametrize(("pattern", "searched"), ALLOWED.items())
def test_what_reads_once_is_allowed(pattern: str, searched: bool) -> None:
    assert troubles(pattern, searched=searched) == []


def test_an_injected_violation_is_told_with_its_line() -> None:
    added = patterns.Pattern("bot/nlu/added.py", 7, r"\W*a?\W*b")
    told = "".join(patterns.told([added]))
    assert "bot/nlu/added.py:7" in told and "two repeats" in told


def test_every_pattern_of_the_program_reads_once() -> None:
    """In a process of its own, where our modules are imported for the first time."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.patterns"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    count = int(done.stdout.split()[0])
    assert count > 100
