"""Diagrams: a flow as states and arrows, for drawing. Holds no behaviour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrow:
    from_state: str
    to_state: str
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    flow: str
    begins: str
    states: tuple[str, ...]
    finals: frozenset[str]
    arrows: tuple[Arrow, ...]
    exits: tuple[str, ...] = ()
    """The flows it leaves to: arrows name them with an @ before."""

    def sources(self, state: str) -> list[str]:
        """The other states from which one comes here."""
        return [arrow.from_state for arrow in self.arrows if arrow.to_state == state != arrow.from_state]
