"""The conversation scripts, by name. Flows never import each other: they leave by name."""

from __future__ import annotations

from collections.abc import Iterable

from bot.desks.any.flows import survey, tickets
from bot.desks.field.flows import menu, refrigerator, vehicle
from bot.desks.it.flows import diagnosis, escalation, guide, help_desk, reception
from bot.script.check import problems_of, strandings
from bot.script.diagrams import diagram
from bot.script.flow import Flow, State
from bot.script.mermaid import mermaid
from core.diagrams import Diagram

FIELD_SERVICE = (menu, refrigerator, vehicle)
IT_DESK = (help_desk, reception, diagnosis, guide, escalation)
ANY_DESK = (tickets, survey)
FLOWS = {flow.name: flow for flow in map(Flow.of, (*FIELD_SERVICE, *IT_DESK, *ANY_DESK))}


def check() -> list[str]:
    """Everything wrong with the flows and their phrases; empty when a deploy may go ahead."""
    return problems_of(FLOWS)


def stranded(pinned: Iterable[tuple[str, int, str, int]]) -> list[str]:
    """Of the live conversations, counted by (flow, version, state, count), those a deploy would send to the menu."""
    return strandings(FLOWS, pinned)


def draw(name: str) -> str:
    """The flow as a Mermaid state diagram."""
    return mermaid(FLOWS[name])


def diagrams() -> dict[str, Diagram]:
    """Every flow as states and arrows, by name, for those who draw where conversations stand."""
    return {name: diagram(flow) for name, flow in FLOWS.items()}


def places() -> dict[str, dict[str, str]]:
    """Every state of every flow: `free` to put a conversation there, `bound` to what was given before, or `final`."""
    return {name: {state.name: _place(flow, state) for state in flow.states.values()} for name, flow in FLOWS.items()}


def _place(flow: Flow, state: State) -> str:
    if state.final:
        return "final"
    if flow.patient:
        return "bound"  # it is about something that only its own beginning knows
    return "free" if state.name == flow.begins or not state.shows else "bound"
