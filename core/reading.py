"""Readings: the intent and values understood in an event, and the facts that were looked up for it.

A reading is stored with its step, facts and all, so that the step can be taken again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from core.errors import TurnoError
from core.messages import Option

OFF = "off"
"""The facts that nobody needs to look up: what is turned off."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The answers that the open question expects, so that they win over guessing.

    `kind` is what an answer looks like; `slot` the slot it fills; `slots` every slot the
    flow may fill from this message; `options` what can be pressed, for those who type it.
    """

    kind: Literal["", "choice", "yes_no", "slot", "rating", "photo", "opinion"] = ""
    slot: str = ""
    slots: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    language: str = "es"
    flow: str = ""
    state: str = ""
    desk: str = ""
    """The desk whose words are understood here."""
    today: date | None = None
    """The day it was at the desk when the customer wrote: what “tomorrow” counts from. None where nobody wrote."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One value found in an event: how sure (0–100) and by what means."""

    value: Any
    confidence: int
    source: str


class Missing(TurnoError):
    """The step needs a fact that has not been looked up: look it up and step again.

    Steps are pure, so taking one twice costs nothing and changes nothing.
    """

    def __init__(self, kind: str, key: str):
        super().__init__(f"{kind} {key}")
        self.kind = kind
        self.key = key


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of understanding an event: an intent, values for slots, and the means by which they were found."""

    intent: str = ""
    confidence: float = 0.0
    guesses: Mapping[str, Guess] = field(default_factory=dict)
    source: str = "rules"
    ms: float = 0.0
    why: str = ""
    operation: str = ""
    """The kind of question that the AI was asked; "" when it was not asked."""
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def fact(self, kind: str, key: str) -> Any:
        """The looked-up fact (None when there is no such thing); raises Missing when nobody has looked yet."""
        found = self.facts.get(kind, {})
        if key not in found:
            raise Missing(kind, key)
        return found[key]

    def knowing(self, kind: str, key: str, value: Any) -> Reading:
        """This reading with one more fact."""
        return replace(self, facts={**self.facts, kind: {**self.facts.get(kind, {}), key: value}})

    def under(self, off: Mapping[str, str]) -> Reading:
        """This reading, knowing what staff have turned off: by name, and why."""
        return replace(self, facts={**self.facts, OFF: dict(off)}) if off else self

    def off(self, name: str) -> bool:
        """Whether staff had switched this off when the event was stepped."""
        return name in self.facts.get(OFF, {})

    def as_json(self) -> dict[str, Any]:
        return {
            "intent": self.intent,
            "confidence": round(self.confidence, 3),
            "guesses": {
                name: {"value": g.value, "confidence": g.confidence, "source": g.source}
                for name, g in self.guesses.items()
            },
            "source": self.source,
            "ms": round(self.ms, 2),
            "why": self.why,
            "operation": self.operation,
            "facts": {kind: dict(found) for kind, found in self.facts.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reading:
        guesses = {name: Guess(**guess) for name, guess in stored.get("guesses", {}).items()}
        return cls(**{**stored, "guesses": guesses})
