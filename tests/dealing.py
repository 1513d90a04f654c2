"""How pytest-xdist deals the tests out: one file goes to one worker, so that what a file sets up is set up once."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

CASE_BY_CASE = {"tests/acceptance/test_crash_matrix.py"}
"""Files whose cases take long and share nothing: any worker takes the next one."""


class Dealing(LoadScopeScheduling):
    """Deals out whole files in the order of collection: acceptance, integration, unit. The short files come last, so
    the workers finish together. (`--dist loadgroup` is no use: xdist 3.8 writes a name that pytest 9.2 ignores.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in CASE_BY_CASE else file


def workers(config: pytest.Config) -> int | None:
    """None, which is as many as there are processors, unless only one file is asked for."""
    files = {Path(argument.partition("::")[0]) for argument in config.args}
    return 0 if len(files) == 1 and files.pop().is_file() else None
