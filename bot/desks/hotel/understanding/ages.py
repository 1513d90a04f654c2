"""Ages of children: “de 4”, “aged 3 and 17”, “(3 y 6)”, “a 5 year old”."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.desks.hotel.understanding.marks import Mark

GROWN: Final = 18
_OPENS: Final = ("of", "open")
_JOINS: Final = ("comma", "and", "plus")
COUNTED: Final = ("adults", "people", "children", "babies", "rooms", "kind", "single", "couple", "unit", "each")
"""What a number before these counts, it is no age."""
_OLD: Final = ("yo", "y o")
_RANGES: Final = ("to", "dash")


class Ages(NamedTuple):
    """Ages that were told, and the mark behind them."""

    ages: tuple[int, ...]
    last: int


def after(marks: Sequence[Mark], at: int) -> Ages:
    """The ages that follow a word for children, from this mark on."""
    nothing = Ages((), at)
    begin = at
    while begin < len(marks) and marks[begin].has(*_OPENS, "comma"):
        begin += 1
    introduced = any(mark.has(*_OPENS) for mark in marks[at:begin])
    ages, end = _numbers(marks, begin)
    if not ages or (end < len(marks) and marks[end].has(*_RANGES)):
        return nothing
    if end < len(marks) and marks[end].has("years", "months"):
        told = ages if marks[end].has("years") else tuple(0 for _ in ages)
        return Ages(told, end + 1)
    return Ages(ages, end) if introduced else nothing


def _numbers(marks: Sequence[Mark], at: int) -> tuple[tuple[int, ...], int]:
    """Numbers one after the other; one that counts something else is none of them."""
    ages: list[int] = []
    end = at
    while at < len(marks) and _is_age(marks, at):
        ages.append(marks[at].number or 0)
        end = at = at + 1
        if at < len(marks) and marks[at].has("years") and at + 1 < len(marks) and marks[at + 1].has(*_JOINS):
            end = at = at + 1
        while at < len(marks) and marks[at].has(*_JOINS):
            at += 1
    return tuple(ages), end


def _is_age(marks: Sequence[Mark], at: int) -> bool:
    number = marks[at].number
    counts = at + 1 < len(marks) and marks[at + 1].has(*COUNTED)
    return number is not None and 0 <= number < 100 and not counts


def before(marks: Sequence[Mark], at: int) -> int | None:
    """The age of “a 5 year old”, whose “year old” stands at this mark; None when it is no child's."""
    near = [mark for mark in marks[max(0, at - 2) : at] if not mark.has("dash")]
    age = near[-1].number if near else None
    return age if age is not None and age < GROWN and (marks[at].word in _OLD or "old" in marks[at].word) else None
