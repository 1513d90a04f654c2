"""The web side stays open whatever becomes of the mind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BROKEN = """
import sys
sys.modules["bot.desks"] = None  # importing it fails
import wsgi
answer = wsgi.web.test_client().get("/health/live")
print(answer.status_code, wsgi.tools.diagrams, wsgi.greet(None, None))
"""


def test_a_flow_that_does_not_even_load_closes_no_door() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN],
        cwd=ROOT,
        env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PATH": "/usr/bin:/bin", "LOG_LEVEL": "error"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "200 {} None"
    assert "window.without_mind" in done.stdout
