"""Parameters of panels: their types, and the conversion of form text to bound values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_AGO = re.compile(r"^(\d{1,6})(m|h|d)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LONGEST_AGO = timedelta(days=3660)
MOST_CHARS = 500


class BadValue(ValueError):
    """The text of a parameter is not of its kind; the message is for who typed it."""


@dataclass(frozen=True, slots=True)
class Kind:
    sql_type: str
    input_type: str
    """Of the form's field."""
    read: Callable[[str, datetime], object]


def _text(given: str, _: datetime) -> str:
    if len(given) > MOST_CHARS or "\0" in given:
        raise BadValue(f"a text has at most {MOST_CHARS} characters, and no NUL")
    return given


def _integer(given: str, _: datetime) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", given, re.ASCII):
        raise BadValue("a whole number is wanted, like 42")
    return int(given)


def _number(given: str, _: datetime) -> float:
    if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", given, re.ASCII):
        raise BadValue("a number is wanted, like 0.5")
    return float(given)


def _boolean(given: str, _: datetime) -> bool:
    if given.lower() not in ("yes", "no", "true", "false"):
        raise BadValue("yes or no is wanted")
    return given.lower() in ("yes", "true")


def _date(given: str, _: datetime) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadValue("a day is wanted, like 2026-05-31") from None


def _time(given: str, now: datetime) -> datetime:
    """`now`, so long ago (`90m`, `24h`, `7d`), or a moment (`2026-05-31T14:00`, in UTC where no zone is named)."""
    if given == "now":
        return now
    if found := _AGO.match(given):
        return now - min(timedelta(**{_UNITS[found[2]]: int(found[1])}), _LONGEST_AGO)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise BadValue("a time is wanted: now, 24h, 7d, or 2026-05-31T14:00") from None
    if not 2 <= moment.year <= 9998:  # a zone may move a moment into the next year
        raise BadValue("a time within the years 2 to 9998 is wanted")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


KINDS: Mapping[str, Kind] = {
    "text": Kind("text", "text", _text),
    "integer": Kind("bigint", "number", _integer),
    "number": Kind("double precision", "number", _number),
    "boolean": Kind("boolean", "text", _boolean),
    "date": Kind("date", "date", _date),
    "time": Kind("timestamptz", "text", _time),
    "interval": Kind("interval", "text", _text),
}
DECLARED = tuple(name for name in KINDS if name != "interval")
"""Parameters that a panel may ask for; the width of a column is made from the range of time."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something a panel asks for."""

    name: str
    kind: str
    default: str = ""

    @property
    def sql_type(self) -> str:
        return KINDS[self.kind].sql_type

    @property
    def input_type(self) -> str:
        return KINDS[self.kind].input_type

    def value(self, given: str | None, now: datetime) -> object:
        """The value to bind; raises BadValue when the text is not of this kind."""
        asked = (given if given is not None else self.default).strip()
        if not asked and self.kind != "text":
            asked = self.default
        try:
            return KINDS[self.kind].read(asked, now)
        except BadValue as problem:
            raise BadValue(f"{self.name}: {problem}") from None


SINCE, UNTIL = Parameter("since", "time", "24h"), Parameter("until", "time", "now")
BUCKET = Parameter("bucket", "interval")
SHARED = (Parameter("desk", "text"), SINCE, UNTIL, BUCKET)
"""Every panel may name these without declaring them: the board's own desk and range of time, and the width of a column
that cuts this range into about a hundred."""

_BUCKETS = [timedelta(minutes=n) for n in (1, 5, 15, 30, 60, 120, 360, 720, 1440, 2880, 10080)]
_COLUMNS = 100


def values(parameters: tuple[Parameter, ...], given: Mapping[str, str], now: datetime) -> dict[str, object]:
    """The value of each; all that is wrong is told at once."""
    bound: dict[str, object] = {}
    problems = []
    for parameter in parameters:
        try:
            if parameter == BUCKET:
                bound["bucket"] = _bucket(given, now)
            else:
                bound[parameter.name] = parameter.value(given.get(parameter.name), now)
        except BadValue as problem:
            problems.append(str(problem))
    if problems:
        raise BadValue("; ".join(problems))
    return bound


def _bucket(given: Mapping[str, str], now: datetime) -> timedelta:
    since, until = (p.value(given.get(p.name), now) for p in (SINCE, UNTIL))
    assert isinstance(since, datetime)
    assert isinstance(until, datetime)
    return next((width for width in _BUCKETS if (until - since) / width <= _COLUMNS), _BUCKETS[-1])
