"""Running a console query within limits. It is audited before any row is shown."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import IO

from core.panels.sql_text import BadSql, typed_select
from core.rows import Rows
from core.store.asking import console
from core.store.asking.confined import Confined
from core.store.asking.question import ALL_DESKS, Limits, Question, Unanswered
from core.store.staff import audit
from core.telemetry import log
from dashboard.boards.exports import FORMATS, begun
from dashboard.person import Staff
from dashboard.window import Window

FILE = Limits(timeout_s=30.0, rows=200_000, cell=100_000, bytes=200_000_000)
"""Limits of a file; its name says when there was more."""
IN_MEMORY = 1_000_000


class Wanting(Exception):
    """These parameters have no value yet."""

    def __init__(self, names: list[str]):
        super().__init__(f"Give a value for {', '.join(f':{name}' for name in names)}, and run it again.")


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a console query."""

    rows: Rows | None = None
    plan: str = ""
    problem: str = ""
    ms: int = 0

    @property
    def outcome(self) -> str:
        if self.problem:
            return "no answer"
        if self.rows is None:
            return "a plan"
        return f"{'the first ' if self.rows.more else ''}{len(self.rows.rows)} rows"


@dataclass(frozen=True, slots=True)
class File:
    content: IO[bytes]
    rows: int
    cut: bool


class Asking:
    def __init__(self, window: Window, confined: Confined):
        self._window, self._confined = window, confined
        settings = window.settings
        self.limits = Limits(timeout_s=settings.console_timeout_s, rows=settings.console_rows)

    def closed(self) -> list[str]:
        """Why nobody may ask now; nothing when one may. Looked at before every question."""
        with self._window.db.transaction() as tx:
            why = console.check(tx)
        if not why and (problem := self._confined.closed()):
            why = [problem]
        if why:
            log.warning("console.off", why=why)
        return why

    def run(self, staff: Staff, sql: str, values: Mapping[str, str]) -> Found:
        return self._noted(staff, sql, values, lambda q: Found(rows=self._confined.ask(q, self.limits)))

    def explain(self, staff: Staff, sql: str, values: Mapping[str, str]) -> Found:
        return self._noted(staff, sql, values, lambda q: Found(plan="\n".join(self._confined.explain(q, self.limits))))

    def file(self, staff: Staff, sql: str, values: Mapping[str, str], kind: str) -> File:
        """The rows as a file; raises Unanswered, BadSql and Wanting."""
        began = monotonic()
        question = _question(staff, sql, values)
        try:
            file = _filed(self._confined.stream(question, FILE), kind)
        except Unanswered:
            self._note(staff, sql, "no answer", began)
            raise
        self._note(staff, sql, f"a file of {'the first ' if file.cut else ''}{file.rows} rows", began)
        return file

    def _noted(self, staff: Staff, sql: str, values: Mapping[str, str], ask: Callable[[Question], Found]) -> Found:
        began = monotonic()
        try:
            found = ask(_question(staff, sql, values))
        except (BadSql, Unanswered) as problem:
            found = Found(problem=str(problem))
        ms = self._note(staff, sql, found.outcome, began)
        return Found(found.rows, found.plan, found.problem, ms)

    def _note(self, staff: Staff, sql: str, outcome: str, began: float) -> int:
        """The text stays with who wrote it; the audit knows it by its hash."""
        ms = round(1000 * (monotonic() - began))
        known = hashlib.sha256(sql.encode("utf-8", "surrogateescape")).hexdigest()
        with self._window.db.transaction() as tx:
            console.remember(tx, staff.id, sql, outcome=outcome, ms=ms)
            audit.note(tx, who=staff.email, did="asked in the console", subject=f"sql:{known}", why=outcome)
        return ms


def _question(staff: Staff, sql: str, values: Mapping[str, str]) -> Question:
    statement = typed_select(sql)
    missing = sorted(statement.names - values.keys())
    if missing:
        raise Wanting(missing)
    desks = frozenset({ALL_DESKS}) if staff.desks is None else staff.desks
    return Question(statement.text, {name: values[name] for name in statement.names}, desks)


def _filed(batches: Iterator[Rows], kind: str) -> File:
    """All of it lies here before the first byte leaves: what goes wrong on the way is told, and not half a file."""
    content = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    counted = _Counted(batches)
    for line in FORMATS[kind][1](begun(counted.some())):
        content.write(line)
        counted.bytes += len(line)
    content.seek(0)
    return File(content, counted.rows, counted.cut)


class _Counted:
    """Batches until there are too many rows or bytes."""

    def __init__(self, batches: Iterator[Rows]):
        self._batches = batches
        self.rows = self.bytes = 0
        self.cut = False

    def some(self) -> Iterator[Rows]:
        for batch in self._batches:
            room = FILE.rows - self.rows
            self.cut = len(batch.rows) > room
            self.rows += min(room, len(batch.rows))
            yield Rows(batch.columns, batch.kinds, batch.rows[:room])
            if self.cut or self.bytes > FILE.bytes:
                self.cut = True
                return
