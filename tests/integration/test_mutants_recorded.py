"""Which statements a test runs is recorded, so that a mutant of a statement is tried with the tests that run it."""

from __future__ import annotations

import pytest

from core.store.db import Database, Tx
from core.store.path import inbox
from tests.mutants.forked import Recorder


def test_a_statement_is_recorded_with_the_test_that_runs_it(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tx, "_execute", Tx._execute)  # as it was, when this is over
    recorder = Recorder()
    recorder.watch()
    recorder.pytest_runtest_logstart("this one")
    with db.transaction() as tx:
        inbox.figures(tx)
    assert recorder.ran == {"inbox.figures": {"this one"}}
