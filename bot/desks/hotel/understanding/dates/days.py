"""The days that a text tells, one after the other, each as far as it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.desks.hotel.understanding.dates.calendar import Told
from bot.desks.hotel.understanding.marks import Mark

CENTURY: Final = 2000
_SUPPORT: Final = ("from", "until", "the", "between")
"""Before a bare number, these say that it is a day."""
_AFTER: Final = (
    "from",
    "to",
    "until",
    "and",
    "or",
    "the",
    "of",
    "dash",
    "comma",
    "stop",
    "plus",
    "open",
    "light",
    "onto",
    "daytime",
    "instead",
    "hour",
    "between",
    "one",
    "number",
)
"""After a bare number, these leave it a day: “el 3 para dos”; anything else is what it counts."""


def found(marks: Sequence[Mark], language: str) -> list[Told]:
    """Every day, in the order of the text; a bare number only if it can be one."""
    order = _order(marks, language)
    days: list[Told] = []
    at = 0
    while at < len(marks):
        day = _at(marks, at, order)
        if day:
            days.append(day)
        at = day.last if day else at + 1
    return days


def supported(marks: Sequence[Mark], day: Told) -> bool:
    """Whether what stands before a bare number says that it is a day: “el 3”, “from 3”, “the 3rd”."""
    before = marks[day.first - 1] if day.first else None
    return marks[day.first].has("ordinal") or (before is not None and before.has(*_SUPPORT))


def _at(marks: Sequence[Mark], at: int, order: str) -> Told | None:
    mark = marks[at]
    if mark.has("iso", "full", "slashed"):
        return _written(mark, at, order)
    if mark.has("pair"):
        return Told(at, at + 1, day=1, month=1, why="ambiguous")
    if mark.numbered("shift") is not None:
        return Told(at, at + 1, shift=mark.numbered("shift"))
    return _shifted(marks, at) or _weekday(marks, at, order) or _numbered(marks, at) or _by_month(marks, at)


def _order(marks: Sequence[Mark], language: str) -> str:
    """The order of day and month in this text: `dm`, `md`; "" where that is not plain."""
    for mark in marks:
        if mark.has("full", "slashed"):
            if mark.numbers[0] > 12:
                return "dm"
            if mark.numbers[1] > 12:
                return "md"
    return "" if language == "en" else "dm"


def _written(mark: Mark, at: int, order: str) -> Told:
    if mark.has("iso"):
        year, month, day = mark.numbers
        return Told(at, at + 1, day, month, year)
    first, second, *rest = mark.numbers
    year = rest[0] % CENTURY + CENTURY if rest else 0
    unclear = not order and first != second
    day, month = (second, first) if order == "md" else (first, second)
    valid = 1 <= month <= 12 and 1 <= day <= 31
    return Told(
        at, at + 1, day or 32, month or 13, year, why="ambiguous" if unclear else "" if valid else "no_such_day"
    )


def _shifted(marks: Sequence[Mark], at: int) -> Told | None:
    """“en 10 días”; two weeks or fifteen days are said of any time about then."""
    if not marks[at].has("in") or at + 2 >= len(marks):
        return None
    many, unit = marks[at + 1].many, marks[at + 2]
    if many is None or not unit.has("days", "weeks"):
        return None
    loose = unit.has("weeks") or many in (8, 15)
    return Told(at, at + 3, shift=min(many, 999), why="about" if loose else "")


def _weekday(marks: Sequence[Mark], at: int, order: str) -> Told | None:
    """“el próximo viernes”, “viernes que viene”, “Friday the 8th of January”."""
    leading = marks[at].has("this", "next") and at + 1 < len(marks)
    here = at + leading
    weekday = marks[here].numbered("weekday")
    if weekday is None:
        return None
    next_one = leading and marks[at].has("next")
    end = here + 1
    if end < len(marks) and marks[end].has("next", "past"):
        return Told(
            at, end + 1, weekday=weekday, next=marks[end].has("next"), why="past" if marks[end].has("past") else ""
        )
    date = _behind(marks, end, order)
    if date:
        return replace(date, first=at, weekday=weekday)
    if _is_name(marks, at, end):
        return None
    return Told(at, end, weekday=weekday, next=next_one, why="weekday" if next_one and not order else "")


def _is_name(marks: Sequence[Mark], first: int, last: int) -> bool:
    """“Domingo Pérez”, “sun terrace”: a word that is no day here."""
    named = last < len(marks) and marks[last].has("other")
    return named and not (first and marks[first - 1].has(*_SUPPORT, "to", "of", "this", "next"))


def _behind(marks: Sequence[Mark], at: int, order: str) -> Told | None:
    """The date that a weekday is told with."""
    at = _past(marks, at, "comma")
    the = _past(marks, at, "the")
    if the < len(marks) and marks[the].has("iso", "full", "slashed"):
        return _written(marks[the], the, order)
    return (_numbered(marks, the) or _by_month(marks, the)) if the < len(marks) else None


def _numbered(marks: Sequence[Mark], at: int) -> Told | None:
    """“3 de enero de 2027”, “3rd of January”, or a bare number that may be a day."""
    day = marks[at].number
    counts = any(mark.has("counting") for mark in marks[max(0, at - 2) : at] if not mark.has("the", "from"))
    if day is None or not 1 <= day <= 31 or (counts and _counted(marks, at)):
        return None
    end = _past(marks, at + 1, "of")
    month = marks[end].numbered("month") if end < len(marks) else None
    if month is not None:
        year, last = _year(marks, end + 1)
        return Told(at, last, day, month, year)
    if at + 1 < len(marks) and marks[at + 1].has("of") and not marks[at].has("ordinal"):
        return None
    alone = at + 1 == len(marks) or marks[at + 1].has(*_AFTER)
    return Told(at, at + 1, day) if alone else None


def _counted(marks: Sequence[Mark], at: int) -> bool:
    """“somos 3”, “seríamos entre 4 y 5”; not “somos 4, el 5”."""
    return not marks[at].has("ordinal") and marks[at - 1].has("counting", "between")


def _by_month(marks: Sequence[Mark], at: int) -> Told | None:
    """“January 3rd, 2027”."""
    month = marks[at].numbered("month")
    here = _past(marks, at + 1, "the")
    day = marks[here].number if month is not None and here < len(marks) else None
    if month is None or day is None or not 1 <= day <= 31:
        return None
    counts = here + 1 < len(marks) and not marks[here + 1].has(*_AFTER) and not marks[here].has("ordinal")
    if counts:
        return None
    year, last = _year(marks, here + 1)
    return Told(at, last, day, month, year)


def _year(marks: Sequence[Mark], at: int) -> tuple[int, int]:
    """The year that stands here, and where it ends."""
    here = _past(marks, _past(marks, at, "comma"), "of")
    year = marks[here].number if here < len(marks) and marks[here].has("number") else None
    return (year, here + 1) if year is not None and CENTURY < year < CENTURY + 100 else (0, at)


def _past(marks: Sequence[Mark], at: int, tag: str) -> int:
    return at + 1 if at < len(marks) and marks[at].has(tag) else at
