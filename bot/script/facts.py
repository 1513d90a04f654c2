"""Facts that a desk may bring for its steps. What every desk knows is in `core/store/path/facts.py`.

A quick fact is a query over the business's catalogue, one for the whole group: a line of it (`Listed`), or what is
found among all its lines (`Among`). A slow one is what only a service outside can tell (`Slow`). A service is asked outside of every transaction, under a limit of time and a circuit breaker of its own, and the
conversation leaves its group meanwhile. When no answer comes, an older one may serve; else the fact is reckoned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.script.catalogue.kind import Line
from core.settings import Settings

Ask = Callable[[str, float], Any]
"""The fact of a key, as JSON keeps it, within so many seconds. Raises a TurnoError when it cannot be had."""


@dataclass(frozen=True, slots=True)
class Slow:
    """One kind of fact."""

    service: Callable[[Settings], Ask | None]
    """Makes the service of settings; None where none is set up."""
    otherwise: Callable[[str], Any]
    """The value when there is no service, and when it gives no answer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A quick fact: the line of a catalogue that has the key. None when the business has no line of this kind."""

    kind: str
    tell: Callable[[Line], Any]
    """The value for the step, made of the line, as JSON keeps it."""
    unlisted: Any = None
    """The value when the business has lines of this kind, and none with this key."""


@dataclass(frozen=True, slots=True)
class Among:
    """A quick fact: what is found among all the lines of a catalogue."""

    kind: str
    choose: Callable[[str, Sequence[Line]], Any]
    """Takes the key and the lines, in the order of their keys; what the step is told, as JSON keeps it."""


Quick = Listed | Among
Fact = Slow | Quick
