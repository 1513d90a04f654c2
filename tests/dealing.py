"""How pytest-xdist deals the tests out: one file goes to one worker, so that what a file sets up is set up once.

A plugin by itself, and a part of `conftest.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

CASE_BY_CASE = {"tests/acceptance/test_crash_matrix.py"}
"""Files whose cases take long and share nothing: any worker takes the next one."""
BUSY = Path(__file__).parent / "unit"
"""Tests that keep a processor busy, and wait for nobody."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Dealing:
    return Dealing(config, log)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    return workers(config)


class Dealing(LoadScopeScheduling):
    """Deals out whole files in the order of collection: acceptance, integration, unit. The short files come last, so
    the workers finish together. (`--dist loadgroup` is no use: xdist 3.8 writes a name that pytest 9.2 ignores.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in CASE_BY_CASE else file


def workers(config: pytest.Config) -> int | None:
    """None, which is as many as there are processors; one more where tests wait for other processes; none for one file."""
    asked = {Path(argument.partition("::")[0]) for argument in config.args}
    if len(asked) == 1 and next(iter(asked)).is_file():
        return 0
    busy = all(path.resolve().is_relative_to(BUSY) for path in asked)
    return None if busy else (os.cpu_count() or 1) + 1
