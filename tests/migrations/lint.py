"""squawk over the SQL of each migration: what locks a table for long, or breaks the version before. A part of
`make check`; it needs no database."""

from __future__ import annotations

import io
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from alembic import command

from tests.migrations.steps import config, revisions

LAST_WITHOUT = "0026"
"""Up to here nobody had asked squawk, and what is applied is not changed. (0026 also reads rows between its statements,
which cannot be written down beforehand.)"""

PASSED_OVER = {
    "0028": "a generated column rewrites `sessions`: one row a conversation, a second or two for a million of them",
    "0031": "the constraint listed the kinds of alias of the channels that there were; the code before writes only those",
    "0036": "an index of few rows: one scan of `steps`, some seconds for millions, in which turns wait and are retried",
    "0037": "a view takes the name of the table that is dropped, and the version before goes on through it",
    "0046": "partial indexes of few rows: one scan of `errands` and of `audit`, some seconds for millions",
}
"""revision → why squawk need not like it."""

DONE_OTHERWISE = {
    "require-lock-timeout": "`migrations/env.py` sets it before every migration",
    "require-statement-timeout": "and this one too",
    "transaction-nesting": "Alembic writes the `begin` and `commit` around each of them",
}


def offline(before: str, revision: str) -> str:
    """The SQL that Alembic emits for one step."""
    made, written = config("postgresql:///offline"), io.StringIO()
    made.output_buffer = written
    command.upgrade(made, f"{before}:{revision}", sql=True)
    return written.getvalue()


def complaint(sql: str) -> str:
    """The complaints of squawk about this SQL; empty when it has none."""
    squawk = Path(sys.executable).parent / "squawk"
    asked = [squawk, "--reporter", "gcc", "--pg-version", "16", "--assume-in-transaction"]
    asked += ["--exclude", ",".join(DONE_OTHERWISE)]
    done = subprocess.run(asked, input=sql, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"squawk ended with {done.returncode}: {done.stderr}")
    return done.stdout


def complaints() -> list[str]:
    """One for each migration of which squawk says something, and for each excuse that it does not need."""
    chain = revisions()
    newer = [step for step in pairwise(chain) if step[1] > LAST_WITHOUT]
    said = {revision: complaint(offline(before, revision)) for before, revision in newer}
    wrong = [f"{name}: {text}" for name, text in said.items() if text and name not in PASSED_OVER]
    return wrong + [f"{name}: squawk has nothing against it" for name in PASSED_OVER if not said.get(name)]


def main() -> int:
    wrong = complaints()
    print("\n".join(wrong) or "squawk has nothing against the migrations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
