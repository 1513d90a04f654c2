"""Quiet hours: nobody is written to at night, where the business is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def wait_s(now: datetime, after_s: float, zone: str, from_h: int, to_h: int) -> float:
    """The wait, made longer until it ends at an hour at which people may be written to.

    Hours from 22 to 6 go over midnight; the same hour twice is any hour."""
    at = (now + timedelta(seconds=after_s)).astimezone(ZoneInfo(zone))
    if are_civil(at.hour, from_h, to_h):
        return after_s
    day = at if at.hour < from_h else at + timedelta(days=1)
    return (day.replace(hour=from_h, minute=0, second=0, microsecond=0) - now).total_seconds()


def are_civil(hour: int, from_h: int, to_h: int) -> bool:
    if from_h < to_h:
        return from_h <= hour < to_h
    return hour >= from_h or hour < to_h
