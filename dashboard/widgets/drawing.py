"""Shared parts of charts: figure, axes, ticks, series, and a plot that fits any width.

Positions across are percentages, so that a chart fills its panel while its letters keep their size; colours are
classes, because nothing may be styled in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from math import ceil, floor, log10
from typing import Any

from markupsafe import Markup, escape

from core.rows import Rows
from dashboard.widgets import table
from dashboard.widgets.frame import Frame
from dashboard.widgets.words import brief

SERIES = 8
"""Colours there are; a series after them shares."""

_ROUND_S = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400)
_STEPS_S = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400)


def tag(name: str, inner: object = "", **attributes: object) -> Markup:
    """One element; a trailing _ in an attribute's name is dropped and any other is a hyphen."""
    listed = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("__", ":").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), listed, inner)  # noqa: S704  # names are ours, values are escaped


def joined(parts: Iterable[object]) -> Markup:
    return Markup("").join(escape(part) for part in parts)


def percent(share: float) -> str:
    return f"{100 * share:.3f}".rstrip("0").rstrip(".") + "%"


def chart(
    frame: Frame, rows: Rows, drawn: object, *, height: int, described: str, legend: object = "", plot: bool = False
) -> Markup:
    """A drawing with its title, its description, and the same numbers as a table; a plot leaves room for its axis."""
    inner = joined(
        (
            tag("title", frame.title, id=f"{frame.id}-t"),
            tag("desc", described, id=f"{frame.id}-d"),
            drawn,
        )
    )
    svg = tag(
        "svg",
        inner,
        class_="chart plot" if plot else "chart",
        role="img",
        width="100%",
        height=height,
        aria_labelledby=f"{frame.id}-t",
        aria_describedby=f"{frame.id}-d",
    )
    return tag("figure", joined((svg, legend, numbers(frame, rows))), class_="figure")


def numbers(frame: Frame, rows: Rows) -> Markup:
    """The chart's data as a table, for screen readers and for exact values."""
    return tag("details", joined((tag("summary", "Numbers"), table.plain(rows, frame))), class_="numbers")


def legend(names: Sequence[str]) -> Markup:
    """The legend; empty for a single series."""
    if len(names) < 2:
        return Markup("")
    swatch = "M0 6H18"
    items = (
        tag(
            "li",
            joined(
                (
                    tag("svg", tag("path", d=swatch, class_=series(n)), width=18, height=12, aria_hidden="true"),
                    tag("span", name),
                )
            ),
        )
        for n, name in enumerate(names)
    )
    return tag("ul", joined(items), class_="legend")


def series(number: int) -> str:
    return f"series s{number % SERIES}"


def ticks(most: float, unit: str = "", wanted: int = 3) -> list[float]:
    """Round numbers from zero to at least the largest; spans of time are round as clocks have it."""
    if most < 1e-9:
        return [0.0, 1.0]
    raw = most / wanted
    second = {"s": 1.0, "ms": 1000.0}.get(unit, 0.0)
    if second and raw > 10 * second:
        step = next((s * second for s in _ROUND_S if s * second >= raw), 86_400 * second * ceil(raw / second / 86_400))
    else:
        power = 10.0 ** floor(log10(raw))
        step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    return [round(step * n, 10) for n in range(ceil(round(most / step, 9)) + 1)]


def axis(top: list[float], unit: str, height: int) -> Markup:
    """Lines across at each tick, with its number to the left."""
    most = top[-1]
    parts: list[Markup] = []
    for tick in top:
        y = f"{height * (1 - tick / most):.1f}"
        parts.append(tag("line", x1="0", x2="100%", y1=y, y2=y, class_="grid"))
        parts.append(tag("text", brief(tick, unit), x="-8", y=y, dy="4", class_="tick end"))
    return joined(parts)


def moments(since: datetime, until: datetime, zone: tzinfo, most: int = 5) -> list[tuple[float, str]]:
    """Round moments between the two: how far across each lies, and what it is called."""
    length = (until - since).total_seconds()
    step = next((s for s in _STEPS_S if length / s <= most), _STEPS_S[-1] * ceil(length / most / _STEPS_S[-1]))
    local = since.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + timedelta(seconds=ceil((local - midnight).total_seconds() / step) * step)
    found = []
    while at <= until and length > 0:
        name = at.strftime("%H:%M") if step < 86_400 and (at.hour or at.minute) else at.strftime("%d %b")
        found.append(((at - since).total_seconds() / length, name))
        at += timedelta(seconds=step)
    return found


def timeline(marks: list[tuple[float, str]], height: int) -> Markup:
    """The moments below a plot."""
    return joined(
        tag("text", name, x=percent(share), y=height + 18, class_="tick " + _anchor(share)) for share, name in marks
    )


def _anchor(share: float) -> str:
    return "start" if share < 0.05 else "end" if share > 0.95 else "middle"


def extent(frame: Frame, times: Sequence[Any]) -> tuple[datetime, datetime]:
    """The range of time to draw: the one that was asked for, unless the rows are about another time (what is to come)."""
    first, last = min(times), max(times)
    within = (frame.since is None or frame.since <= last) and (frame.until is None or first <= frame.until)
    since = min(frame.since or first, first) if within else first
    until = max(frame.until or last, last) if within else last
    return (since, until) if until > since else (since - timedelta(minutes=1), until + timedelta(minutes=1))


def in_utc(value: Any) -> Any:
    """A time without a zone is in UTC: everything in the database is."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
