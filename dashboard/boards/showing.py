"""Rendering of a panel's result or error. One panel's failure never affects another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from markupsafe import Markup

from core.diagrams import Diagram
from core.errors import Unreachable
from core.panels.panel_file import Panel
from core.panels.parameters import BadValue
from core.store.asking.viewing import Unanswered
from dashboard import masks, widgets
from dashboard.boards.asking import Answer, Asked, Asking
from dashboard.widgets import Frame, Unfit


@dataclass(frozen=True, slots=True)
class Shown:
    drawn: Markup = field(default_factory=Markup)
    problem: str = ""
    status: int = 200
    """The status of a page that shows nothing else."""
    at: datetime | None = None
    rows: int = 0
    more: bool = False


def show(
    panel: Panel, asked: Asked, asking: Asking, *, diagrams: Mapping[str, Diagram] | None = None, zone: tzinfo = UTC,
    reads: bool = True,
) -> Shown:  # fmt: skip
    """`reads`: it is for somebody who may read what customers wrote.

    Never raises for what is wrong with the panel, with what was typed, or with the database.
    """
    if panel.problem:
        return Shown(problem=f"This panel's file is broken: {panel.problem}", status=500)
    try:
        answer = asking.answer(panel, asked)
        since, until = asking.range(asked)
        drawn = widgets.draw(
            masks.rows(answer.rows, reads=reads),
            _frame(panel, answer, (since, until), diagrams or {}, zone),
            panel.widget,
        )
    except BadValue as problem:
        return Shown(problem=str(problem), status=400)
    except Unfit as problem:
        return Shown(problem=f"This panel's rows do not fit its widget: {problem}", status=500)
    except Unanswered as problem:
        return Shown(problem=str(problem), status=503)
    except Unreachable:
        return Shown(problem="The database does not answer.", status=503)
    return Shown(drawn, at=answer.at, rows=len(answer.rows.rows), more=answer.rows.more)


def _frame(
    panel: Panel, answer: Answer, span: tuple[datetime, datetime], diagrams: Mapping[str, Diagram], zone: tzinfo
) -> Frame:
    return Frame(
        id=f"{panel.board}-{panel.slug}",
        title=panel.title,
        unit=panel.unit,
        link=panel.link,
        empty=panel.empty,
        now=answer.at,
        since=span[0] if panel.ranged else None,
        until=span[1] if panel.ranged else None,
        zone=zone,
        diagrams=diagrams,
    )
