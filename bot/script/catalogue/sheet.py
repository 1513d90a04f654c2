"""CSV catalogues: read whole with all problems reported at once, and written so that they read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.script.catalogue.cells import shown, unquoted
from bot.script.catalogue.kind import Column, Kind

LARGEST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a catalogue file, with its line; line 0 is the file itself."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "the file"
        return f"{where}, {self.column}: {self.why}" if self.column else f"{where}: {self.why}"


@dataclass(slots=True)
class Sheet:
    """The lines of a file. They are whole only when there are no problems."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(kind: Kind, content: bytes, tell: Callable[[int], None] = lambda line: None) -> Sheet:
    """The sheet, or all that is wrong with it. `tell` hears how far it is, by line."""
    sheet = Sheet()
    text = _decoded(content, sheet)
    if text is None:
        return sheet
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        names = [name.strip().lower() for name in next(lines, [])]
        sheet.problems += _header(kind, names)
        if not sheet.problems:
            _fill(sheet, kind, names, lines, tell)
    except csv.Error as error:
        sheet.problems.append(Problem(lines.line_num, "", f"is not CSV: {error}"))
    return sheet


def write(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of the file, header first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in _cells(kind.names, rows):
        writer.writerow(cells)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _cells(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    yield list(names)
    for row in rows:
        yield [shown(row[name]) for name in names]


def _decoded(content: bytes, sheet: Sheet) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sheet.problems.append(Problem(line, "", "is not UTF-8: save the file as “CSV UTF-8” and try again"))
        return None
    if not text.strip():
        sheet.problems.append(Problem(0, "", "is empty"))
        return None
    return text


def _separator(text: str) -> str:
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _header(kind: Kind, names: Sequence[str]) -> Iterator[Problem]:
    known = kind.names
    for name in dict.fromkeys(names):
        if name not in known:
            yield Problem(1, name or "(no name)", f"is no column of {kind.name}, which has {', '.join(known)}")
        elif names.count(name) > 1:
            yield Problem(1, name, "stands there twice")
    for column in kind.columns:
        if column.needed and column.name not in names:
            yield Problem(1, column.name, "is missing")


def _fill(sheet: Sheet, kind: Kind, names: Sequence[str], lines: Any, tell: Callable[[int], None]) -> None:
    """Every line, each with its own problems; a key that came before is one."""
    key, first = kind.key, dict[str, int]()
    absent = {column.name: column.default for column in kind.columns if column.name not in names}
    for cells in lines:
        line = lines.line_num
        tell(line)
        if not any(cell.strip() for cell in cells):
            continue
        row, wrong = _row(kind, names, cells, absent)
        if key in row and (before := first.setdefault(row[key], line)) != line:
            wrong.append((key, f"“{row[key]}” stands in line {before} already"))
        sheet.problems += [Problem(line, column, why) for column, why in wrong]
        sheet.rows.append(row)


def _row(
    kind: Kind, names: Sequence[str], cells: Sequence[str], absent: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    if len(cells) != len(names):
        return {}, [("", f"has {len(cells)} cells, the header has {len(names)}")]
    columns = {column.name: column for column in kind.columns}
    row, wrong = dict(absent), list[tuple[str, str]]()
    for name, cell in zip(names, cells, strict=True):
        try:
            row[name] = _value(columns[name], unquoted(cell))
        except ValueError as error:
            wrong.append((name, str(error)))
    return row, wrong or list(_against_rules(kind, row))


def _against_rules(kind: Kind, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for column in kind.columns:
        if column.rule and (why := column.rule(row, row[column.name])):
            yield column.name, why


def line(kind: Kind, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """One line of a catalogue from its cells, and its problems by column. What is not given is as if it were empty."""
    missing = [(column.name, "is missing") for column in kind.columns if column.needed and column.name not in cells]
    absent = {column.name: column.default for column in kind.columns if column.name not in cells}
    row, wrong = _row(kind, list(cells), list(cells.values()), absent) if not missing else ({}, [])
    return row, [*missing, *wrong]


def _value(column: Column, cell: str) -> Any:
    if cell:
        return column.check(cell)
    if column.needed:
        raise ValueError("is empty")
    return column.default
