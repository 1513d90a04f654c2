"""The calendar: which day is meant by one that was told in part. What may mean two days is `Unsure`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

LONG_AGO: Final = 60
"""A day of this year that is over longer than so many days is meant of the next one."""
JUST_OVER: Final = 2
"""A day of the month that is over since so few days may be a slip."""
SOON: Final = 3
FRIDAY: Final = 4
A_WEEK: Final = 7


class Unsure(Exception):
    """It is not plain which days are meant: `why`, and the days that may be."""

    def __init__(self, why: str, arrives: date | None = None, leaves: date | None = None, nights: int | None = None):
        super().__init__(why)
        self.why, self.arrives, self.leaves, self.nights = why, arrives, leaves, nights


@dataclass(frozen=True, slots=True)
class Told:
    """One day as it was told, and the marks that tell it, `first` to `last` (exclusive); what was left out is 0."""

    first: int
    last: int
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int | None = None
    shift: int | None = None
    """So many days from today."""
    next: bool = False
    why: str = ""
    """Why it can mean no day by itself."""

    @property
    def monthless(self) -> bool:
        return bool(self.day) and not self.month

    @property
    def bare(self) -> bool:
        """A number that may be a day, if what stands around it says so."""
        return self.monthless and self.weekday is None


def first_day(told: Told, today: date) -> date:
    """The day that is meant, today or later. Raises Unsure."""
    if told.why:
        raise Unsure(told.why)
    if told.shift is not None:
        return today + timedelta(days=told.shift)
    if told.day:
        return _right_weekday(told, _dated(told, today))
    return _weekday(told, today)


def day_after(told: Told, begin: date, today: date) -> date:
    """The first day of this kind after `begin`. Raises Unsure."""
    if told.why or told.shift is not None or told.year:
        return first_day(told, today)
    if not told.day:
        assert told.weekday is not None, "a day is told by its number or its weekday"
        return begin + timedelta(days=(told.weekday - begin.weekday() - 1) % A_WEEK + 1)
    month, year = told.month or begin.month, begin.year
    if (month, told.day) <= (begin.month, begin.day):
        month, year = (month, year + 1) if told.month else _following(month, year)
    return _right_weekday(told, _made(year, month, told.day))


def shared(first: Told, last: Told) -> tuple[Told, Told]:
    """Two days of one range: the month and the year of one are those of the other, where that other tells none."""
    if first.monthless and last.month:
        month = last.month if first.day < last.day or not last.day else (last.month - 2) % 12 + 1
        if first.day >= last.day and _looks_backwards(first, last):
            raise Unsure("backwards")
        first = replace(first, month=month)
    elif last.monthless and first.month and last.day <= first.day:
        last = replace(last, month=first.month % 12 + 1)
    elif last.monthless and first.month:
        last = replace(last, month=first.month)
    if last.year and not first.year and first.month:
        first = replace(first, year=last.year - ((first.month, first.day) > (last.month, last.day)))
    return first, last


def _looks_backwards(first: Told, last: Told) -> bool:
    """“del 6 al 3 de enero” would be a stay of nearly a month: the days are more likely changed about."""
    return first.day - last.day < 15


def _dated(told: Told, today: date) -> date:
    if told.year:
        day = _made(told.year, told.month, told.day)
        if day < today:
            raise Unsure("past", day)
        return day
    if told.month:
        return _of_month(told, today)
    month, year = today.month, today.year
    if told.day < today.day:
        if today.day - told.day <= JUST_OVER:
            raise Unsure("past")
        month, year = _following(month, year)
    return _made(year, month, told.day)


def _of_month(told: Told, today: date) -> date:
    if (told.month, told.day) >= (today.month, today.day):
        return _made(today.year, told.month, told.day)
    next_one = _made(today.year + 1, told.month, told.day)
    if (today - date(today.year, told.month, min(told.day, 28))).days <= LONG_AGO:
        raise Unsure("past", next_one)
    return next_one


def _weekday(told: Told, today: date) -> date:
    assert told.weekday is not None, "a day is told by its number or its weekday"
    ahead = (told.weekday - today.weekday()) % A_WEEK
    if not ahead or (told.next and ahead < SOON):
        raise Unsure("weekday", today + timedelta(days=ahead))
    return today + timedelta(days=ahead)


def _right_weekday(told: Told, day: date) -> date:
    if told.weekday is not None and day.weekday() != told.weekday:
        raise Unsure("weekday", day)
    return day


def weekend(today: date, *, following: bool) -> tuple[date, date]:
    """From Friday to Sunday. Raises Unsure on the weekend itself, and when the next one may be this one."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % A_WEEK)
    days = friday, friday + timedelta(days=2)
    if today.weekday() > FRIDAY or (following and friday - today < timedelta(days=SOON)):
        raise Unsure("weekend", *days)
    return days


def holiday(name: str, today: date) -> tuple[date, date]:
    """The usual days around a holiday that is still to come."""
    return next(days for year in (today.year, today.year + 1) for days in [_holiday(name, year)] if days[0] >= today)


def _holiday(name: str, year: int) -> tuple[date, date]:
    easter = _easter(year)
    return {
        "christmas": (date(year, 12, 24), date(year, 12, 26)),
        "new_year": (date(year, 12, 30), date(year + 1, 1, 2)),
        "easter": (easter - timedelta(days=3), easter),
        "carnival": (easter - timedelta(days=50), easter - timedelta(days=46)),
    }[name]


def _easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian computus)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap = century // 4
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _following(month: int, year: int) -> tuple[int, int]:
    return (1, year + 1) if month == 12 else (month + 1, year)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unsure("no_such_day") from None
