"""Widgets: chosen by the names of the result's columns, or by the panel's header.

Each widget is a module with `COLUMNS`, what it wants, and `draw(rows, frame)`, which does no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from core.rows import Rows
from dashboard.widgets import bars, big_number, flow_map, funnel, heat_map, lamp, lines, markdown, progress, table
from dashboard.widgets.drawing import tag
from dashboard.widgets.frame import Frame, Unfit

__all__ = ["WIDGETS", "Frame", "Unfit", "Widget", "choose", "draw"]


@dataclass(frozen=True, slots=True)
class Widget:
    columns: tuple[str, ...]
    draw: Callable[[Rows, Frame], Markup]


WIDGETS: Mapping[str, Widget] = {
    "big": Widget(big_number.COLUMNS, big_number.draw),
    "bars": Widget(bars.COLUMNS, bars.draw),
    "lines": Widget(lines.COLUMNS, lines.draw),
    "progress": Widget(progress.COLUMNS, progress.draw),
    "funnel": Widget(funnel.COLUMNS, funnel.draw),
    "heat": Widget(heat_map.COLUMNS, heat_map.draw),
    "lamps": Widget(lamp.COLUMNS, lamp.draw),
    "markdown": Widget(markdown.COLUMNS, markdown.draw),
    "flows": Widget(flow_map.COLUMNS, flow_map.draw),
    "table": Widget((), table.draw),
}
"""In the order in which they are tried: the first whose columns are all there draws; a table draws anything."""


def choose(rows: Rows, named: str = "") -> str:
    """The widget's name."""
    return named or next(name for name, widget in WIDGETS.items() if rows.has(*widget.columns))


def draw(rows: Rows, frame: Frame, named: str = "") -> Markup:
    """The rows as markup; raises Unfit when the named widget cannot draw them."""
    name = choose(rows, named)
    if name not in WIDGETS:
        raise Unfit(f"no such widget: {name} (there are {', '.join(WIDGETS)})")
    if not rows:
        return tag("p", frame.empty, class_="empty")
    return WIDGETS[name].draw(rows, frame)
