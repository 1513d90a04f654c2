"""`make test-locks`: both environments from a folder of wheels and no index, by the oldest and the newest pip we support.

The folder is filled once, by the locks; from then on nothing can be looked up, so nothing depends on the day. It takes
minutes and fetches every file, so it runs by night and not in `make test`, which checks in `tests/unit/test_locks.py`
that the locks are complete.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
OLDEST_PIP = "23.2.1"  # it comes with Python 3.11
BOOTSTRAP = "requirements-pip.lock"
LOCKS = ("requirements.lock", "requirements-embedded.lock", "requirements-dev.lock")
LOCKED = ("--no-deps", "--require-hashes")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="turno-locks-") as scratch:
        wheels = Path(scratch) / "wheels"
        _fill(wheels)
        for pip in (OLDEST_PIP, ""):
            for lock in LOCKS:
                print(f"{_built(Path(scratch), wheels, pip, lock)} built {lock} without an index", flush=True)
    return 0


def _fill(wheels: Path) -> None:
    """Fetch what the locks name, by its hash, and the oldest pip."""
    fetch = [sys.executable, "-m", "pip", "download", "-qq", "--only-binary", ":all:", "--dest", str(wheels)]
    for lock in (BOOTSTRAP, *LOCKS):
        _run([*fetch, *LOCKED, "-r", lock])
    _run([*fetch, "--no-deps", f"pip=={OLDEST_PIP}"])


def _built(scratch: Path, wheels: Path, pip: str, lock: str) -> str:
    """A new environment that this pip makes from the folder alone. An empty name: the pip that the locks name."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    install = [python, "-m", "pip", "--isolated", "install", "-qq", "--no-index", "--find-links", str(wheels)]
    _run([*install, f"pip=={pip}"] if pip else [*install, *LOCKED, "-r", BOOTSTRAP])
    _run([*install, *LOCKED, "-r", lock])
    _run([python, "-m", "pip", "check"])
    return _run([python, "-m", "pip", "--version"]).partition(" from ")[0]


def _run(command: list[str]) -> str:
    """Run it as on a machine whose environment says nothing of pip. Where to fetch from, its files may say."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
