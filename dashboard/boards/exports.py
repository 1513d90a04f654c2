"""Exports of a panel's rows: complete, streamed in batches, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

import orjson

from core.formulas import harmless
from core.rows import Rows
from dashboard.widgets.table import PRIVATE, masked

Batches = Iterator[Rows]


def csv_lines(batches: Batches) -> Iterator[bytes]:
    return _separated(batches, "excel")


def tsv_lines(batches: Batches) -> Iterator[bytes]:
    return _separated(batches, "excel-tab")


def json_lines(batches: Batches) -> Iterator[bytes]:
    """One array of objects, a row each."""
    before = b"[\n"
    for batch in batches:
        for row in batch.rows:
            record = {column: _plain(column, cell) for column, cell in zip(batch.columns, row, strict=True)}
            yield before + orjson.dumps(record, option=orjson.OPT_UTC_Z)
            before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


FORMATS: dict[str, tuple[str, Callable[[Batches], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "tsv": ("text/tab-separated-values; charset=utf-8", tsv_lines),
    "json": ("application/json", json_lines),
}


def begun(batches: Batches) -> Batches:
    """The same, with the first batch at hand: an error in asking is told before a file is begun."""
    first = next(batches)
    return chain((first,), batches)


def _separated(batches: Batches, dialect: str) -> Iterator[bytes]:
    headed = False
    for batch in batches:
        out = io.StringIO()
        writer = csv.writer(out, dialect)
        if not headed:
            writer.writerow([harmless(column) for column in batch.columns])
            headed = True
        for row in batch.rows:
            writer.writerow([_cell(column, cell) for column, cell in zip(batch.columns, row, strict=True)])
        yield out.getvalue().encode()


def _cell(column: str, cell: Any) -> Any:
    return harmless(_plain(column, cell))


def _plain(column: str, cell: Any) -> Any:
    if isinstance(cell, str) and column in PRIVATE:
        return masked(cell)
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return cell.isoformat() if isinstance(cell, date) else cell
