"""What the Containerfile says; `make test-image` builds what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "Containerfile"
DIGEST = re.compile(r"^ARG BASE=[\w./:-]+@sha256:[0-9a-f]{64}$", re.M)


def problems(text: str) -> list[str]:
    """What hadolint says, and what only we ask for."""
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([linter, "--no-color", "-"], input=text, capture_output=True, text=True, timeout=60)
    found = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert bool(found) == bool(done.returncode), found
    if not DIGEST.search(text):
        found.append("the base is not pinned by its digest")
    if not re.search(r"^USER [1-9]\d*:[1-9]\d*$", text, re.M):
        found.append("it does not run as a user whose number is told")
    return found


def test_the_containerfile_is_clean() -> None:
    assert problems(FILE.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (r"@sha256:[0-9a-f]{64}", "", "digest"),
        (r"^USER .*$", "USER root", "DL3002"),
        (r"^USER .*$", "USER turno", "number"),
        (r"^WORKDIR /src$", "WORKDIR src", "DL3000"),
        (r"--no-install-recommends ", "", "DL3015"),
    ],
)
def test_what_makes_it_worse_is_seen(old: str, new: str, why: str) -> None:
    text = re.sub(old, new, FILE.read_text("utf-8"), flags=re.M)
    assert why in "\n".join(problems(text))


def test_what_is_copied_is_what_the_package_is_built_from() -> None:
    """A file that the package needs and the context leaves out would be found by a build only."""
    taken = set(re.findall(r"^!(\S+)$", (FILE.parent / "Containerfile.dockerignore").read_text("utf-8"), re.M))
    assert [name for name in taken if not (ROOT / name).exists()] == []
    setup = (ROOT / "setup.cfg").read_text("utf-8")
    rooms = re.findall(r"^    (\w+)\*$", setup, re.M)
    files = re.findall(r"file: (\S+)|^    (alembic\.ini|gunicorn\.conf\.py)$", setup, re.M)
    assert len(rooms) == 7
    assert {
        *rooms,
        *(name for pair in files for name in pair if name),
        "wsgi.py",
        "LICENSE",
        "pyproject.toml",
    } - taken == set()
