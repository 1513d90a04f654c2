"""The columns of a kind of line, as a desk declares them in its `catalogue.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.script.catalogue.cells import Check

Line = Mapping[str, Any]
Rule = Callable[[Line, Any], str]
"""Judges the value of a column by the others of its line: what is wrong; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class Column:
    """`default` is what an empty cell means, or a column that is not there; without one it must be given."""

    name: str
    check: Check
    help: str = ""
    key: bool = False
    default: Any = None
    personal: bool = False
    """Whether it names a person: then `report.catalogue` leaves it out."""
    rule: Rule | None = None
    """Asked once every cell of the line is read."""

    @property
    def needed(self) -> bool:
        return self.default is None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of line, and its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def key(self) -> str:
        """The column that tells one line from another."""
        return next(column.name for column in self.columns if column.key)

    @property
    def personal(self) -> list[str]:
        return [column.name for column in self.columns if column.personal]

    def problems(self) -> Iterator[str]:
        """Everything wrong with the declaration."""
        if (keys := sum(column.key for column in self.columns)) != 1:
            yield f"{self.name}: {keys} columns are its key; one must be"
        for name in sorted({name for name in self.names if self.names.count(name) > 1}):
            yield f"{self.name}: there are two columns {name}"


def after(earlier: str) -> Rule:
    """The rule of a column that must be more than another one: a place closes after it opens."""
    return lambda line, value: "" if value > line[earlier] else f"must be after {earlier}"
