"""The hour in a text: “a las 14”, “2 pm”, “6:30”, “medianoche”. Which half of the day is meant may follow from the matter."""

from __future__ import annotations

import re
from datetime import time
from typing import Final, Literal

from bot.nlu.fold import clean, plain

Matter = Literal["", "leaving", "arriving"]
_HOUR = re.compile(
    r"(?<![\d/:.,-])(?P<lead>(?:a|hasta|tipo|sobre|desde) las? |as |ate as |at |until |till |by |around |about |after |past |las )?"
    r"(?P<hour>\d{1,2})(?:(?P<sep>[:.h])(?P<minute>[0-5]\d))?(?![\d/-]|,\d|[:.h][0-5]\d) ?"
    r"(?P<unit>hs\b|hrs\b|h\b|horas\b|am\b|pm\b|a\.m|p\.m|o'clock|(?:de|da|por|a) (?:la )?(?:manana|manha|tarde|noche|noite|madrugada)\b)?"
)
_NAMED: Final = {
    "medianoche": time(0), "midnight": time(0), "meia noite": time(0),
    "mediodia": time(12), "medio dia": time(12), "noon": time(12), "midday": time(12), "meio dia": time(12),
}  # fmt: skip
_AFTERNOON: Final = ("pm", "p.m", "tarde", "noche", "noite")
_MORNING: Final = ("am", "a.m", "manana", "manha", "madrugada")
NOON: Final = 12


def read(text: str, matter: Matter = "") -> time | None:
    """The one hour that is told; None when there is none, or several."""
    folded = plain(clean(text)).replace("-", " ")
    named = {hour for word, hour in _NAMED.items() if word in folded}
    told = named | {hour for match in _HOUR.finditer(folded) for hour in [_hour(match, matter)] if hour is not None}
    return told.pop() if len(told) == 1 else None


def _hour(match: re.Match[str], matter: Matter) -> time | None:
    hour, minute, unit = int(match["hour"]), int(match["minute"] or 0), match["unit"] or ""
    if not (match["lead"] or match["unit"] or match["sep"] == ":") or hour > 24:
        return None
    if unit.endswith(_AFTERNOON) and hour < NOON:
        hour += NOON
    elif not unit.endswith(_MORNING):
        hour = _supposed(hour, matter)
    return time(hour % 24, minute)


def _supposed(hour: int, matter: Matter) -> int:
    """A room is left late after noon, and reached late in the evening: “at 2” and “at 11” are no others."""
    if (matter == "leaving" and hour < 8) or (matter == "arriving" and 7 <= hour < NOON):
        return hour + NOON
    return hour
