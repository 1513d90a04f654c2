"""Flows as diagrams, for those who draw where conversations stand."""

from __future__ import annotations

from bot.script.flow import LEAVE, Flow
from core.diagrams import Arrow, Diagram


def diagram(flow: Flow) -> Diagram:
    """The diagram of a flow: one arrow between two states, however many rows lead there."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in flow.rows:
        for state in row.states.split():
            triggers = arrows.setdefault((state, row.to), [])
            triggers += [trigger for trigger in row.on.split() if trigger not in triggers]
    return Diagram(
        flow=flow.name,
        begins=flow.begins,
        states=tuple(flow.states),
        finals=frozenset(state.name for state in flow.states.values() if state.final),
        arrows=tuple(Arrow(start, to, tuple(triggers)) for (start, to), triggers in arrows.items()),
        exits=tuple(sorted({row.to for row in flow.rows if row.to.startswith(LEAVE)})),
    )
