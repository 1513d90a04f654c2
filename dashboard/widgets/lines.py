"""Line chart: amounts over time; one line for each series.

Columns: `line_at`, `line_value`, and if wanted `line_series`. Where a value is missing, the line is broken; what is
less than nothing is drawn as nothing, and told.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

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

COLUMNS = ("line_at", "line_value")
HEIGHT = 160

Point = tuple[datetime, float | None]


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    if rows.kind("line_at") != "time":
        raise Unfit("line_at must be a time")
    lines: dict[str, list[Point]] = {}
    for record in rows.records():
        at, value = record["line_at"], record["line_value"]
        if at is None:
            raise Unfit("line_at is a time, and one is missing")
        point = (in_utc(at), None if value is None else figure(value))
        lines.setdefault(str(record.get("line_series") or ""), []).append(point)
    for points in lines.values():
        points.sort(key=lambda point: point[0])
    return _drawn(lines, rows, frame)


def _drawn(lines: dict[str, list[Point]], rows: Rows, frame: Frame) -> Markup:
    times = [at for points in lines.values() for at, _ in points]
    since, until = extent(frame, times)
    top = ticks(max((value or 0.0 for points in lines.values() for _, value in points), default=0.0), frame.unit)
    paths = joined(
        tag("path", d=_path(points, since, until, top[-1]), class_=f"line {series(n)}")
        for n, points in enumerate(lines.values())
    )
    stretched = tag(
        "svg",
        paths,
        viewBox="0 0 1000 1000",
        preserveAspectRatio="none",
        width="100%",
        height="100%",
        overflow="visible",
    )
    dots = joined(_dots(points, n, since, until, top[-1]) for n, points in enumerate(lines.values()))
    inner = joined(
        (axis(top, frame.unit, HEIGHT), timeline(moments(since, until, frame.zone), HEIGHT), stretched, dots)
    )
    area = tag("svg", inner, class_="area", x="0", y="10", width="100%", height=HEIGHT, overflow="visible")
    names = [name or "all" for name in lines]
    return chart(
        frame, rows, area, height=HEIGHT + 36, described=_described(lines, frame.unit), legend=legend(names), plot=True
    )


def _path(points: list[Point], since: datetime, until: datetime, top: float) -> str:
    """Move to where a run of values begins, and draw through it."""
    length = (until - since).total_seconds()
    parts = []
    for there, run in groupby(points, key=lambda point: point[1] is not None):
        if there:
            spots = [
                (f"{1000 * (at - since).total_seconds() / length:.1f} {1000 - 1000 * max(0.0, v or 0.0) / top:.1f}")
                for at, v in run
            ]
            parts.append("M" + "L".join(spots))
    return "".join(parts)


def _dots(points: list[Point], number: int, since: datetime, until: datetime, top: float) -> Markup:
    """The last value of a line, which is the one people look for; and any that stands alone."""
    length = (until - since).total_seconds()
    known = [(at, value) for at, value in points if value is not None]
    return joined(
        tag(
            "circle",
            tag("title", formatted(value)),
            cx=percent((at - since).total_seconds() / length),
            cy=f"{HEIGHT * (1 - max(0.0, value) / top):.1f}",
            r="3.5",
            class_=f"dot {series(number)}",
        )
        for at, value in known[-1:]
    )


def _described(lines: dict[str, list[Point]], unit: str) -> str:
    told_lines = []
    for name, points in lines.items():
        known = [value for _, value in points if value is not None]
        if known:
            range_told = f"from {formatted(min(known), unit)} to {formatted(max(known), unit)}, at the end {formatted(known[-1], unit)}"
            told_lines.append(f"{name or 'One line'}: {range_told}.")
    return " ".join(told_lines) or "No values."
