"""Bar chart: amounts by name; a series splits each bar.

Columns: `bar_label`, `bar_value`, and if wanted `bar_series`. Where the labels are times, the bars stand side by side
along a line of time. A negative value has no bar, and is written.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets.drawing import (
    axis,
    chart,
    extent,
    in_utc,
    joined,
    legend,
    moments,
    percent,
    series,
    tag,
    ticks,
    timeline,
)
from dashboard.widgets.frame import Frame, Unfit, figure, wanting
from dashboard.widgets.words import formatted

COLUMNS = ("bar_label", "bar_value")
ROW = 36
HEIGHT = 150

Stacks = dict[Any, dict[str, float]]
"""For each label its parts, by series."""


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    names = list(dict.fromkeys(str(r.get("bar_series") or "") for r in rows.records()))
    stacks: Stacks = {}
    for record in rows.records():
        parts = stacks.setdefault(in_utc(record["bar_label"]), {})
        name = str(record.get("bar_series") or "")
        parts[name] = parts.get(name, 0.0) + figure(record["bar_value"])
    if rows.kind("bar_label") == "time":
        return _standing(stacks, names, rows, frame)
    return _lying(stacks, names, rows, frame)


def _lying(stacks: Stacks, names: list[str], rows: Rows, frame: Frame) -> Markup:
    most = max(0.0, *(_above(parts) for parts in stacks.values())) or 1.0
    links = {r["bar_label"]: frame.href(r) for r in rows.records()} if frame.link else {}
    drawn = joined(
        _bar(label, parts, names, most, place * ROW, links.get(label, ""), frame.unit)
        for place, (label, parts) in enumerate(stacks.items())
    )
    label, parts = max(stacks.items(), key=lambda item: sum(item[1].values()))
    described = (
        f"{len(stacks)} bars; the longest is {formatted(label)} with {formatted(sum(parts.values()), frame.unit)}."
    )
    return chart(
        frame, rows, drawn, height=max(ROW, ROW * len(stacks)), described=described, legend=legend(_named(names))
    )


def _bar(
    label: Any, parts: Mapping[str, float], names: list[str], most: float, y: float, href: str, unit: str
) -> Markup:
    name = tag("text", _short(formatted(label)), x="0", y=y + 13, class_="name")
    value = tag("text", formatted(sum(parts.values()), unit), x="100%", y=y + 13, class_="value end")
    drawn = [tag("rect", x="0", y=y + 20, width="100%", height="8", rx="3", class_="track")]
    at = 0.0
    for number, series_name in enumerate(names):
        size = max(0.0, parts.get(series_name, 0.0)) / most
        if size > 0:
            told_part = (
                f"{formatted(label)}{f', {series_name}' if series_name else ''}: {formatted(parts[series_name], unit)}"
            )
            drawn.append(
                tag(
                    "rect",
                    tag("title", told_part),
                    x=percent(at),
                    y=y + 20,
                    width=percent(size),
                    height="8",
                    rx="3" if len(names) == 1 else "0",
                    class_=series(number),
                )
            )
        at += size
    return joined((tag("a", name, href=href) if href else name, value, *drawn))


def _standing(stacks: Stacks, names: list[str], rows: Rows, frame: Frame) -> Markup:
    if None in stacks:
        raise Unfit("bar_label is a time, and one is missing")
    times: list[datetime] = sorted(stacks)
    since, until = extent(frame, times)
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(times)]
    length = (until - since).total_seconds()
    width = min(min(gaps, default=length / 24), length) / length
    length *= 1 + width  # the last bar has its width too
    width = width / (1 + width)
    top = ticks(max(_above(parts) for parts in stacks.values()), frame.unit)
    drawn = [axis(top, frame.unit, HEIGHT), timeline(moments(since, until, frame.zone), HEIGHT)]
    for at in times:
        across = (at - since).total_seconds() / length
        drawn.append(_column(at, stacks[at], names, (across, width), top[-1], frame))
    area = tag("svg", joined(drawn), class_="area", x="0", y="10", width="100%", height=HEIGHT)
    total = sum(sum(parts.values()) for parts in stacks.values())
    described = f"{len(times)} columns over time, {formatted(total, frame.unit)} together."
    return chart(frame, rows, area, height=HEIGHT + 36, described=described, legend=legend(_named(names)), plot=True)


def _column(
    at: datetime, parts: Mapping[str, float], names: list[str], place: tuple[float, float], top: float, frame: Frame
) -> Markup:
    drawn, below = [], 0.0
    across, width = place
    for number, name in enumerate(names):
        size = max(0.0, parts.get(name, 0.0)) / top * HEIGHT
        if size > 0:
            called = f"{at.astimezone(frame.zone):%d %b %H:%M}{f', {name}' if name else ''}: "
            drawn.append(
                tag(
                    "rect",
                    tag("title", called + formatted(parts[name], frame.unit)),
                    x=percent(across + width * 0.08),
                    width=percent(width * 0.84),
                    y=f"{HEIGHT - below - size:.1f}",
                    height=f"{size:.1f}",
                    class_=f"column {series(number)}",
                )
            )
        below += size
    return joined(drawn)


def _above(parts: Mapping[str, float]) -> float:
    """How far its parts reach together."""
    return sum(max(0.0, value) for value in parts.values())


def _named(names: list[str]) -> list[str]:
    return [name or "other" for name in names]


def _short(label: str) -> str:
    return label if len(label) <= 44 else label[:43] + "…"
