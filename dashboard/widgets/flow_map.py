"""Flow map: conversations per state on the flow's diagram, with the age of the oldest.

Columns: `flow`, `state`, `conversations`, `oldest_at`. A click on a state follows the panel's link. Only flows of the rows
are drawn: rows are of the desks that the reader may see, and the flows of other desks are not theirs to know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from core.diagrams import Diagram
from core.rows import Rows
from dashboard.widgets.drawing import joined, numbers, tag
from dashboard.widgets.flow_layout import HEIGHT, WIDTH, place
from dashboard.widgets.frame import Frame, figure, wanting
from dashboard.widgets.words import number, span

COLUMNS = ("flow", "state", "conversations", "oldest_at")
LONGEST = 22

Standing = Mapping[tuple[str, str], dict[str, Any]]


def draw(rows: Rows, frame: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    standing = {(r["flow"], r["state"]): r for r in rows.records()}
    flows = {flow for flow, _ in standing}
    maps = [_map(diagram, standing, frame) for flow, diagram in frame.diagrams.items() if flow in flows]
    return tag("div", joined((*maps, _elsewhere(standing, frame), numbers(frame, rows))), class_="flows")


def _map(diagram: Diagram, standing: Standing, frame: Frame) -> Markup:
    placed = place(diagram)
    name = f"{frame.id}-{diagram.flow}"
    arrows = [
        tag("path", d=way, class_="arrow back" if edge in placed.back else "arrow", marker_end=f"url(#{name}-head)")
        for edge, way in placed.ways.items()
    ]
    nodes = [
        _node(state, at, diagram, standing, frame, placed.apart)
        for state, at in sorted(placed.nodes.items(), key=_row_by_row)
    ]
    total = sum(figure(r["conversations"]) for (flow, _), r in standing.items() if flow == diagram.flow)
    inner = joined(
        (
            tag("title", f"The flow {diagram.flow}", id=f"{name}-t"),
            tag("desc", f"{number(total)} conversations; the numbers are in the table below.", id=f"{name}-d"),
            tag("defs", _head(f"{name}-head")),
            *arrows,
            *nodes,
        )
    )
    svg = tag(
        "svg",
        inner,
        class_="flowmap",
        role="group",
        viewBox=f"0 0 {placed.width} {placed.height}",
        width=placed.width,
        height=placed.height,
        aria_labelledby=f"{name}-t",
        aria_describedby=f"{name}-d",
    )
    title = tag("h3", joined((diagram.flow.replace("_", " "), tag("span", number(total), class_="count"))))
    scroll = tag("div", svg, class_="scroll", role="region", tabindex="0", aria_label=f"Map of {diagram.flow}")
    return tag("section", joined((title, scroll)), class_="flow")


def _row_by_row(placed: tuple[str, tuple[float, float]]) -> tuple[float, float]:
    """As one reads, and as the keyboard goes."""
    (x, y) = placed[1]
    return y, x


def _head(name: str) -> Markup:
    tip = tag("path", d="M0 0L8 4L0 8z", class_="tip")
    return tag(
        "marker", tip, id=name, viewBox="0 0 8 8", refX="7", refY="4", markerWidth="7", markerHeight="7", orient="auto"
    )


def _node(
    state: str, at: tuple[float, float], diagram: Diagram, standing: Standing, frame: Frame, apart: frozenset[str]
) -> Markup:
    found = standing.get((diagram.flow, state))
    count = figure(found["conversations"]) if found else 0.0
    x, y = at
    kinds = [
        "state",
        "exit" if state in diagram.exits else "final" if state in diagram.finals else "",
        "apart" if state in apart else "",
        "busy" if count else "",
    ]
    name = f"to {state[1:]}" if state in diagram.exits else state.replace("_", " ")
    body = joined(
        (
            tag("title", _spoken(name, found, frame, diagram.sources(state))),
            tag(
                "rect",
                x=f"{x:.0f}",
                y=f"{y:.0f}",
                width=WIDTH,
                height=HEIGHT,
                rx="23" if state in diagram.finals else "8",
            ),
            tag(
                "text",
                _short(name),
                x=f"{x + WIDTH / 2:.0f}",
                y=f"{y + (19 if count else 28):.0f}",
                class_="name middle",
            ),
            tag("text", _figures(found, frame), x=f"{x + WIDTH / 2:.0f}", y=f"{y + 35:.0f}", class_="note middle"),
        )
    )
    href = frame.href(found) if found and frame.link else ""
    return tag("g", tag("a", body, href=href) if href else body, class_=" ".join(filter(None, kinds)))


def _figures(found: dict[str, Any] | None, frame: Frame) -> str:
    if not found or not figure(found["conversations"]):
        return ""
    since = f" · oldest {_age(found, frame)}" if found["oldest_at"] else ""
    return number(figure(found["conversations"])) + since


def _age(found: dict[str, Any], frame: Frame) -> str:
    return span(max(0.0, (frame.now - found["oldest_at"]).total_seconds()))


def _spoken(name: str, found: dict[str, Any] | None, frame: Frame, sources: Sequence[str]) -> str:
    come = f"; from {', '.join(source.replace('_', ' ') for source in sources)}" if sources else ""
    return f"{name}: {_figures(found, frame) or 'nobody'}{come}"


def _elsewhere(standing: Standing, frame: Frame) -> Markup:
    """States that no flow of today has: their conversations go on at the menu."""
    lost = [
        f"{flow or 'no flow yet'} {state}: {number(figure(record['conversations']))}"
        for (flow, state), record in standing.items()
        if flow not in frame.diagrams or state not in frame.diagrams[flow].states
    ]
    return tag("p", f"Elsewhere — {', '.join(lost)}.", class_="more") if lost else Markup("")


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
