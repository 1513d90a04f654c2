"""The Makefile works where only an old make is, and says what lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEWER_THAN_3_81 = re.compile(
    r"^\.(ONESHELL|SHELLFLAGS|RECIPEPREFIX|EXTRA_PREREQS|NOTINTERMEDIATE|WAIT)\b"
    r"|^(undefine|private|load|-load)\s|^define\s+\S+\s*[:+?]?="
    r"|^[\w.-]+\s*(!=|::=|:::=)|^[^\t#]*&:|\$[({](file|guile|let|intcmp)\s",
    re.M,
)


def test_nothing_in_it_is_newer_than_make_3_81() -> None:
    assert NEWER_THAN_3_81.search((ROOT / "Makefile").read_text("utf-8")) is None


@pytest.mark.parametrize("line", [".ONESHELL:", ".SHELLFLAGS := -euc", "A != date", "a b &: c", "A := $(file <x)"])
def test_what_is_newer_is_seen(line: str) -> None:
    assert NEWER_THAN_3_81.search(f"B := 1\n{line}\n")


FAILS = "#!/bin/sh\nexit 1\n"
NO_VENV = '#!/bin/sh\n[ "$1" = -c ]\n'
MAKES = """#!/bin/sh
[ "$1" = -c ] && exit 0
[ "$1" = --version ] && echo "Python of the test" && exit 0
mkdir -p .venv/bin && touch .venv/bin/pip
"""


def make_venv(folder: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """`make .venv/bin/pip` where these are the only Pythons, and there is no uv."""
    tools = folder / "tools"
    tools.mkdir()
    for name in ("rm", "mkdir", "touch", "sh"):
        (tools / name).symlink_to(str(shutil.which(name)))
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        (tools / name).write_text(pythons.get(name.replace(".", "_"), FAILS))
        (tools / name).chmod(0o755)
    shutil.copy(ROOT / "Makefile", folder)
    environ = {**os.environ, "PATH": str(tools), "MAKEFLAGS": ""}
    command = [str(shutil.which("make")), "-s", ".venv/bin/pip"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60)


def test_a_python_without_venv_is_passed_over_for_the_next(tmp_path: Path) -> None:
    done = make_venv(tmp_path, python3_13=NO_VENV, python3_11=MAKES)
    assert (done.returncode, done.stdout) == (0, ".venv has Python of the test\n"), done.stderr


def test_it_says_which_package_lacks(tmp_path: Path) -> None:
    done = make_venv(tmp_path, python3_11=NO_VENV)
    assert done.returncode == 2
    assert "python3.11 cannot make a virtual environment: apt install python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_it_says_which_python_it_wants(tmp_path: Path) -> None:
    done = make_venv(tmp_path)
    assert done.returncode == 2
    assert "Turno needs Python 3.11 or newer" in done.stderr
    assert "apt install" not in done.stderr
