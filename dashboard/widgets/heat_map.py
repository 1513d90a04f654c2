"""Heat map: days down, hours across; darker is more.

Columns: `heat_day` (any text or day), `heat_hour` (0 to 23), `heat_value`.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets.drawing import chart, joined, percent, tag
from dashboard.widgets.frame import Frame, Unfit, figure, wanting
from dashboard.widgets.words import formatted

COLUMNS = ("heat_day", "heat_hour", "heat_value")
ROW = 24
HOURS = 24
DEGREES = 6


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    heat: dict[Any, dict[int, float]] = {}
    for record in rows.records():
        hour = int(figure(record["heat_hour"]))
        if not 0 <= hour < HOURS:
            raise Unfit(f"heat_hour is from 0 to 23, not {hour}")
        heat.setdefault(record["heat_day"], {})[hour] = figure(record["heat_value"])
    most = max((value for hours in heat.values() for value in hours.values()), default=0.0) or 1.0
    drawn = [_day(day, hours, most, place * ROW, frame) for place, (day, hours) in enumerate(heat.items())]
    height = ROW * len(heat)
    drawn += [
        tag("text", f"{hour:02}", x=percent((hour + 0.5) / HOURS), y=height + 14, class_="tick middle")
        for hour in range(0, HOURS, 3)
    ]
    area = tag("svg", joined(drawn), class_="area", x="0", y="0", width="100%", height=height, overflow="visible")
    return chart(frame, rows, area, height=height + 22, described=_described(heat, most, frame), plot=True)


def _day(day: Any, hours: dict[int, float], most: float, y: int, frame: Frame) -> Markup:
    cells = [tag("text", formatted(day), x="-8", y=y + 15, class_="tick end")]
    for hour in range(HOURS):
        value = hours.get(hour, 0.0)
        degree = 0 if value <= 0 else min(DEGREES, 1 + int((DEGREES - 1) * value / most))
        cells.append(
            tag(
                "rect",
                tag("title", f"{formatted(day)}, {hour:02}–{hour + 1:02} h: {formatted(value, frame.unit)}"),
                x=percent((hour + 0.05) / HOURS),
                y=y + 1,
                width=percent(0.9 / HOURS),
                height=ROW - 3,
                rx="2",
                class_=f"heat h{degree}",
            )
        )
    return joined(cells)


def _described(heat: dict[Any, dict[int, float]], most: float, frame: Frame) -> str:
    day, hour = next(
        ((day, hour) for day, hours in heat.items() for hour, value in hours.items() if value == most), ("nothing", 0)
    )
    return f"{len(heat)} days by hour; most on {formatted(day)} from {hour:02} h: {formatted(most, frame.unit)}."
