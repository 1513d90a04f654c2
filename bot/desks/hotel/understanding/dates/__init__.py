"""Dates of a stay, as guests tell them in Spanish, English and Portuguese: never read wrongly in silence.

What may mean two things is `unsure`, with a reason, so that the flow asks; the days beside it are only what may be meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from bot.desks.hotel.understanding.dates import calendar, days
from bot.desks.hotel.understanding.dates.calendar import Told, Unsure
from bot.desks.hotel.understanding.dates.words import marks
from bot.desks.hotel.understanding.marks import Mark

MOST_NIGHTS: Final = 30
LINKS: Final = ("to", "until", "dash", "and")
_BETWEEN: Final = ("the", "from", "comma", "daytime")
"""Words that may stand between two days of a range, besides the one that links them."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a stay, as far as they were told. `unsure` says why it must be asked for: then the days are only what may be meant."""

    arrives: date | None = None
    leaves: date | None = None
    nights: int | None = None
    unsure: str = ""

    def __bool__(self) -> bool:
        return self != Dates()


def read(
    text: str, today: date, language: str, *, arrives: date | None = None, asked: str = "", bare: bool = True
) -> Dates:
    """The dates in a text. `arrives` is the arrival that is known already, `asked` the slot that was asked for.

    Where something is chosen from a list, “el 2” by itself is no day: `bare` is false."""
    written, found = marks(text, language)
    told = [day for day in days.found(found, written) if not _before_it(found, day, "instead")]
    try:
        read = _read(found, told, written, today, arrives, asked)
        return _checked(read, today) if bare or not _is_bare(found, told) else Dates(nights=read.nights)
    except Unsure as unsure:
        return Dates(unsure.arrives, unsure.leaves, unsure.nights, unsure.why)


def _is_bare(found: Sequence[Mark], told: Sequence[Told]) -> bool:
    """Whether the message tells no more than one number that may be a day."""
    if len(told) != 1 or not told[0].bare or len(found) > 2:
        return False
    return not any(mark.has("from", "until") for mark in found)


def _read(
    found: Sequence[Mark], told: list[Told], language: str, today: date, arrives: date | None, asked: str
) -> Dates:
    if any(mark.has("recurring") for mark in found):
        return Dates()  # “abren de lunes a viernes” tells of no stay
    nights = _nights(found)
    _refuse_past(found)
    pair = _pair(found, told, language)
    if pair and any(mark.has("months") for mark in found) and not (pair[0].month or pair[1].month):
        raise Unsure("month")
    if pair:
        _refuse_more(found, told, pair)
        return _stay(*pair, today, nights)
    single = [day for day in told if not day.bare or days.supported(found, day) or (asked and len(found) == 1)]
    if len(single) > 1:
        raise Unsure("several")
    if single:
        _refuse_spans(found, single[0])
        _refuse_more(found, told, (single[0],))
        return _one(found, single[0], today, arrives, nights, asked)
    return _spans(found, today, arrives, nights, language)


def _pair(found: Sequence[Mark], told: Sequence[Told], language: str) -> tuple[Told, Told] | None:
    """The two days of a range."""
    every = [day for day in told if not day.bare or days.supported(found, day)]
    if len(every) == 2 and found[every[0].first - 1].has("from") and _leaving(found, every[1]) and every[0].first:
        return every[0], every[1]
    for first, last in pairwise(told):
        if _linked(found, first, last) and _is_range(found, first, last, language):
            return first, last
    return None


def _linked(found: Sequence[Mark], first: Told, last: Told) -> bool:
    """Whether nothing stands between them but what makes a range of them."""
    between = [mark for mark in found[first.last : last.first] if not (mark.has(*_BETWEEN) and not mark.has(*LINKS))]
    if len(between) != 1:
        return False
    if between[0].has("onto"):
        return first.shift is not None or _before(found, first, "from") or _before(found, first, "of")
    if not between[0].has(*LINKS):
        return False
    return not between[0].has("and") or _before(found, first, "between")


def _is_range(found: Sequence[Mark], first: Told, last: Told, language: str) -> bool:
    """Two bare numbers are a range only with a word before them that says so: “2 a 4 personas” are no days."""
    if not (first.bare and last.bare):
        return True
    return days.supported(found, first) or (language == "pt" and _before(found, first, "of")) or len(found) == 3


def _before(found: Sequence[Mark], day: Told, tag: str) -> bool:
    return any(mark.has(tag) for mark in found[max(0, day.first - 2) : day.first])


def _leaving(found: Sequence[Mark], day: Told) -> bool:
    """“hasta el 7”, “la salida al 8”."""
    return _before_it(found, day, "until")


def _before_it(found: Sequence[Mark], day: Told, tag: str) -> bool:
    """Whether such a word stands before the day, with no more than small words between."""
    at = day.first - 1
    while at >= 0 and found[at].has("to", "the", "of", "onto") and not found[at].has(tag):
        at -= 1
    return at >= 0 and found[at].has(tag)


def _refuse_spans(found: Sequence[Mark], day: Told) -> None:
    """“la semana del 4”, “del 3 al 6 del mes que viene”, “año nuevo hasta el 2”, “de acá al domingo”: more than a day is meant."""
    if any(mark.has("weeks", "months") and not (at and found[at - 1].many) for at, mark in enumerate(found)):
        raise Unsure("week" if any(mark.has("weeks") for mark in found) else "month")
    if any(tag.startswith("holiday:") for mark in found for tag in mark.tags):
        raise Unsure("holiday")
    alone = day.first and found[day.first - 1].has("to") and not found[day.first - 1].has("the", "from", "until")
    if alone and not _leaving(found, day) and not _before_it(found, day, "from"):
        raise Unsure("unclear")


def _refuse_past(found: Sequence[Mark]) -> None:
    """“ayer”, “el viernes pasado”; not “el año pasado”, which tells a story."""
    if any(mark.has("past") and not (at and found[at - 1].has("other", "unit")) for at, mark in enumerate(found)):
        raise Unsure("past")


def _refuse_more(found: Sequence[Mark], told: Sequence[Told], taken: Sequence[Told]) -> None:
    """A day more than the stay has, or a bare number beside one with “and” or “or”, must be asked about."""
    rest = [day for day in told if day not in taken]
    beside = [day for day in rest if _joined(found, day, taken)]
    beside += [day for day, other in pairwise(rest) if _linked(found, day, other)]
    if beside or any(not day.bare or days.supported(found, day) for day in rest):
        raise Unsure("several")


def _joined(found: Sequence[Mark], day: Told, taken: Sequence[Told]) -> bool:
    return any(
        any(mark.has("and", "or", "comma") for mark in between)
        and all(mark.has("and", "or", "comma", "the") for mark in between)
        for other in taken
        for between in [found[min(day.last, other.last) : max(day.first, other.first)]]
    )


def _stay(first: Told, last: Told, today: date, nights: int | None) -> Dates:
    first, last = calendar.shared(first, last)
    begin = calendar.first_day(first, today)
    end = calendar.day_after(last, begin, today)
    if nights is not None and (end - begin).days != nights:
        raise Unsure("nights", begin, end)
    if (end - begin).days > MOST_NIGHTS and not last.year and (last.month, last.day) < (begin.month, begin.day):
        raise Unsure("backwards" if end.year > begin.year and last.month == begin.month else "too_long", begin, end)
    return Dates(begin, end, nights)


def _one(found: Sequence[Mark], day: Told, today: date, arrives: date | None, nights: int | None, asked: str) -> Dates:
    if _spanned(found):
        raise Unsure("weekend")
    if _leaving(found, day) or (asked == "leaves" and not _before(found, day, "from")):
        end = calendar.day_after(day, arrives or today - timedelta(days=1), today)
        return Dates(end - timedelta(days=nights) if nights else None, end, nights)
    begin = calendar.first_day(day, today)
    return Dates(begin, begin + timedelta(days=nights) if nights else None, nights)


def _spanned(found: Sequence[Mark]) -> bool:
    return any(mark.has("weekend", "long_weekend") for mark in found)


# --- what tells no day by itself ---


def _spans(found: Sequence[Mark], today: date, arrives: date | None, nights: int | None, language: str) -> Dates:
    for at, mark in enumerate(found):
        around = found[max(0, at - 1) : at + 2]
        if mark.has("long_weekend"):
            raise Unsure("long_weekend")
        if mark.has("weekend"):
            _refuse_numbered(found, at)
            return _weekend(around, today, nights, language)
        if mark.has("weeks", "months") and any(near.has("this", "next") for near in around):
            raise Unsure("week" if mark.has("weeks") else "month")
        if mark.numbered("month") is not None and (len(found) == 1 or _introduced(found, at)):
            raise Unsure("month")
    _holiday(found, today)
    if nights is None:
        return Dates()
    return Dates(arrives, arrives + timedelta(days=nights) if arrives else None, nights)


def _refuse_numbered(found: Sequence[Mark], at: int) -> None:
    """“el segundo fin de semana de enero”, “dos findes”."""
    if any(mark.numbered("month") is not None for mark in found) or (at and found[at - 1].number is not None):
        raise Unsure("weekend")


def _introduced(found: Sequence[Mark], at: int) -> bool:
    return at > 0 and found[at - 1].has("in", "light", "onto", "this", "next", "the", "from")


def _weekend(around: Sequence[Mark], today: date, nights: int | None, language: str) -> Dates:
    following = any(mark.has("next") for mark in around)
    begin, end = calendar.weekend(today, following=following)
    if nights not in (None, (end - begin).days) or (following and language == "en"):
        raise Unsure("weekend", begin, end)
    return Dates(begin, end)


def _holiday(found: Sequence[Mark], today: date) -> None:
    names = [tag.partition(":")[2] for mark in found for tag in mark.tags if tag.startswith("holiday:")]
    if names:
        raise Unsure("holiday", *calendar.holiday(names[0], today))


def _nights(found: Sequence[Mark]) -> int | None:
    """How many nights were told. Days are no nights: who stays three days may sleep two times."""
    if any(mark.has("unclear") for mark in found):
        raise Unsure("unclear")
    told = [_lasting(found, at) for at in range(1, len(found)) if found[at].has("nights", "days", "weeks")]
    every = {many for many in told if many}
    if len(every) > 1:
        raise Unsure("nights")
    return every.pop() if every else None


def _lasting(found: Sequence[Mark], at: int) -> int:
    """The nights of “3 noches”, “una semana”; 0 where nothing is counted."""
    around = found[max(0, at - 2) : at + 2]
    before, many = found[max(0, at - 2) : at - 1], found[at - 1].many
    if found[at].has("nights") and any(mark.has("more") for mark in around):
        raise Unsure("more_nights")
    if many is None or (before and before[0].has("in")):
        return 0
    if found[at].has("days") and not found[at].has("nights", "weeks"):
        raise Unsure("days")
    return many * 7 if found[at].has("weeks") else many


def _checked(dates: Dates, today: date) -> Dates:
    begin, end = dates.arrives, dates.leaves
    if (begin and begin < today) or (end and end < today):
        raise Unsure("past", begin, end)
    if dates.nights is not None and not 0 < dates.nights <= MOST_NIGHTS:
        raise Unsure("too_long", begin, end, dates.nights)
    if begin and end and end <= begin:
        raise Unsure("backwards", begin, end)
    if begin and end and (end - begin).days > MOST_NIGHTS:
        raise Unsure("too_long", begin, end)
    return Dates(begin, end, dates.nights)
