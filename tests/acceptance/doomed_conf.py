"""`gunicorn.conf.py` as it is deployed, but for one thing: the next process that is forked may be told where to die."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

_deployed = importlib.util.spec_from_file_location("deployed", Path(__file__).parents[2] / "gunicorn.conf.py")
assert _deployed and _deployed.loader
_module = importlib.util.module_from_spec(_deployed)
_deployed.loader.exec_module(_module)
globals().update({name: value for name, value in vars(_module).items() if not name.startswith("__")})


def post_fork(_: Any, __: Any) -> None:
    """One process takes the order; those that come after it are sound."""
    order = Path(os.environ["TEST_DOOM"])
    if order.exists():
        os.environ["TURNO_CRASH_AT"] = order.read_text(encoding="utf-8")
        order.unlink()
