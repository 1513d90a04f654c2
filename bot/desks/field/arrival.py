"""Arrival estimate of a technician: the nearest service centre, its hours, and the travel time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.desks.field.ways import key_of
from bot.script.draft import Draft
from bot.script.hours import open_from
from bot.script.phrases import phrase
from core.geography import Point, written

SETTING_OUT_MIN = 20
"""Between hearing of it and driving off."""


def expected(draft: Draft) -> dict[str, Any] | None:
    """When help arrives at the place that was given, counted from when its centre is open. None: nobody can tell."""
    pin = draft.value("location")
    here = written(Point(**pin)) if pin else ""
    centre = draft.fact("centre", here) if pin else None
    if not centre:
        return None
    local = draft.now.astimezone(ZoneInfo(draft.before.desk.timezone))
    opens_at = open_from(local, centre["opens"], centre["closes"], centre["days"])
    if opens_at is None:
        return None
    way = draft.fact("way", key_of(Point(centre["latitude"], centre["longitude"]), Point(**pin)))
    minutes = way["minutes"] + SETTING_OUT_MIN
    return {
        **centre,
        **way,
        "minutes": minutes,
        "opens_at": opens_at.isoformat() if opens_at > local else "",
        "expected_at": (opens_at + timedelta(minutes=minutes)).isoformat(timespec="minutes"),
    }


def announce(draft: Draft, arrival: dict[str, Any]) -> None:
    """Say when; of a centre that is closed just now, from when on."""
    values = {"span": _span(draft, arrival["minutes"]), "centre": arrival["name"], "km": round(arrival["km"], 1)}
    if not arrival["opens_at"]:
        draft.say("arrival", **values)
        return
    opens_at = datetime.fromisoformat(arrival["opens_at"])
    draft.say("arrival_when_open", day=_day(draft, opens_at), time=f"{opens_at:%H:%M}", **values)


def _span(draft: Draft, minutes: int) -> str:
    """“about 29 minutes”, “about 2 h”, “about 1 h 5 min”."""
    hours, rest = divmod(minutes, 60)
    key = "span_minutes" if not hours else "span_both" if rest else "span_hours"
    return phrase(draft.language, draft.flow, key, hours=hours, minutes=rest)


def _day(draft: Draft, at: datetime) -> str:
    """Today, tomorrow, or the day of the week."""
    ahead = (at.date() - draft.now.astimezone(at.tzinfo).date()).days
    key = {0: "day_today", 1: "day_tomorrow"}.get(ahead, f"day_{at.isoweekday()}")
    return phrase(draft.language, draft.flow, key)
