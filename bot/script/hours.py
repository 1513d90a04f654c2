"""Opening hours, as a desk's settings or its catalogue tell them, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from bot.script.draft import Draft
from bot.script.phrases import COMMON, phrase

MOST_DAYS = 8


class Hours(NamedTuple):
    """From when until when somebody is there, on which days of the week (1 is Monday)."""

    opens: str
    closes: str
    days: tuple[int, ...]


def of_settings(draft: Draft) -> Hours | None:
    """The desk's own hours; None when its settings tell none."""
    own = draft.desk_settings
    return Hours(own.opens, own.closes, own.open_days) if own.opens and own.closes else None


def of_row(row: Mapping[str, Any]) -> Hours:
    """The hours of a line of a catalogue."""
    return Hours(row["opens"], row["closes"], tuple(row["days"]))


def in_words(draft: Draft, hours: Hours) -> str:
    """“lunes a sábado, de 08:00 a 18:00”."""
    first, last = hours.days[0], hours.days[-1]
    together = all(after - before == 1 for before, after in pairwise(hours.days))
    names = [_day(draft, day) for day in ((first, last) if together else hours.days)]
    days = (
        _say(draft, "days_from_to", first=names[0], last=names[-1]) if together and first != last else ", ".join(names)
    )
    return _say(draft, "hours", days=days, opens=hours.opens, closes=hours.closes)


def open_from(local: datetime, opens: str, closes: str, days: Collection[int]) -> datetime | None:
    """The first moment from now on at which it is open: now, or when it opens next. None: it never does."""
    for ahead in range(-1, MOST_DAYS):  # yesterday's may not be over
        day = local.date() + timedelta(days=ahead)
        begins, ends = (datetime.combine(day, time.fromisoformat(at), local.tzinfo) for at in (opens, closes))
        if closes <= opens:  # past midnight; all day, where they are the same
            ends += timedelta(days=1)
        if day.isoweekday() in days and local < ends:
            return max(local, begins)
    return None


def opens_next(draft: Draft) -> datetime | None:
    """The moment at which people of the desk are there again; None while they are, or where nobody tells the hours."""
    own = of_settings(draft)
    local = draft.local_now
    opens_at = open_from(local, *own) if own else None
    return opens_at if opens_at and opens_at > local else None


def moment(draft: Draft, at: datetime) -> str:
    """Today, tomorrow or the day of the week, and the hour: “el lunes a las 09:00”."""
    days = (at.date() - draft.local_now.date()).days
    day = _day(draft, at.isoweekday())
    return _say(draft, ("opens_today", "opens_tomorrow")[days] if days < 2 else "opens_on", day=day, at=f"{at:%H:%M}")


def _day(draft: Draft, day: int) -> str:
    return _say(draft, f"weekday_{day}")


def _say(draft: Draft, key: str, **values: object) -> str:
    return phrase(draft.language, COMMON, key, **values)
