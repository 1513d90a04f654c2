"""What the lab needs of the machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.lab import failures, postgres

TOOLS = {
    "ip": "iproute2",
    "setpriv": "util-linux",
    "haproxy": "haproxy",
    "pgbouncer": "pgbouncer",
}
"""Each with its Debian package."""


def lacking() -> list[str]:
    """What must be mended first; nothing, where it can run."""
    if sys.platform != "linux":
        return ["it needs Linux: its hosts are network namespaces"]
    root = [] if os.geteuid() == 0 else ["only root may make network namespaces"]
    tools = [f"no {tool}: apt install {package}" for tool, package in TOOLS.items() if not shutil.which(tool)]
    return [*root, *tools, *_told(postgres.programs), *_told(failures.clock_library)]


def _told(found: Callable[[], Path]) -> list[str]:
    try:
        found()
    except FileNotFoundError as error:
        return [str(error)]
    return []
