"""How pytest-xdist deals the tests out: one file goes to one worker, so that what a file sets up is set up once.

A plugin by itself, and a part of `conftest.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

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
    the workers finish together. One worker begins with what keeps a processor busy: there is time for it while the others
    wait for processes. (`--dist loadgroup` is no use: xdist 3.8 writes a name that pytest 9.2 ignores.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in CASE_BY_CASE else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        if len(self.nodes) > 1 and node is self.nodes[0]:
            self._put_first(next(filter(is_busy, self.workqueue), None))
        super()._assign_work_unit(node)

    def _put_first(self, scope: str | None) -> None:
        if scope is not None:
            self.workqueue.move_to_end(scope, last=False)


def is_busy(scope: str) -> bool:
    return scope.startswith(f"{BUSY.parent.name}/{BUSY.name}/")


def workers(config: pytest.Config) -> int | None:
    """None, which is as many as there are processors; two more where tests wait for other processes; none for one file."""
    asked = {Path(argument.partition("::")[0]) for argument in config.args}
    if len(asked) == 1 and next(iter(asked)).is_file():
        return 0
    busy = all(path.resolve().is_relative_to(BUSY) for path in asked)
    return None if busy else (os.cpu_count() or 1) + 2
