"""The paths that the web side serves, asked of it in a process of its own: `wsgi.py` opens what no two may share."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = """
import json, wsgi
print(json.dumps(sorted({rule.rule.partition("<")[0] for rule in wsgi.app.url_map.iter_rules()})))
"""


@cache
def routes() -> list[str]:
    environ = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PATH": "/usr/bin:/bin", "LOG_LEVEL": "error"}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found
