"""The conversation scripts, by name. Flows never import each other: they leave by name."""

from __future__ import annotations

from collections.abc import Iterable

from bot.flows import menu, refrigerator, survey, tickets, vehicle
from bot.flows.base import Flow
from bot.flows.check import problems_of, strandings
from bot.flows.draw import mermaid

FLOWS = {flow.name: flow for flow in map(Flow.of, (menu, refrigerator, vehicle, tickets, survey))}


def check() -> list[str]:
    """Everything wrong with the flows and their phrases; empty when a deploy may go ahead."""
    return problems_of(FLOWS)


def stranded(pinned: Iterable[tuple[str, int, str, int]]) -> list[str]:
    """Of the live conversations, counted by (flow, version, state, count), those a deploy would send to the menu."""
    return strandings(FLOWS, pinned)


def draw(name: str) -> str:
    """The flow as a Mermaid state diagram."""
    return mermaid(FLOWS[name])
