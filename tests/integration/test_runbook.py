"""The SQL of the runbook runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

from core.store.db import Database

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")


def test_each_statement_of_the_runbook_runs(db: Database) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", RUNBOOK, re.S)
    assert len(blocks) > 20
    failed = {}
    with psycopg.connect(db.url, autocommit=True) as connection:
        for block in dict.fromkeys(blocks):
            try:
                connection.execute(block)
            except psycopg.Error as error:
                failed[block] = str(error)
    assert failed == {}
