"""A service: something outside that does errands for a desk, such as a booking system or a map.

A desk names its services in `Desk.services`. A turn wants an errand (`draft.want`), a worker does it outside every
transaction, and what came of it comes back as an event of the conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from bot.script.desk_settings import DeskSettings
from core.session import Desk
from core.settings import Settings
from core.store.db import Database
from core.store.path.errands import Errand


class Service(Protocol):
    """Does one errand, within a limit of time that it keeps by itself.

    Raises Rejected when it is refused for good (with what it tells: `told`), Retryable when nothing has happened and another try may do better, and
    Undecided when it may have happened. Where doing it twice would do harm, a service also looks up (`LooksUp`).
    """

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        """The answer of the service, as JSON keeps it."""
        ...


@runtime_checkable
class LooksUp(Protocol):
    """A service whose calls have an effect that must not happen twice, and that can be asked whether it has happened."""

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]: ...

    def look_up(self, errand: Errand, limit_s: float) -> Mapping[str, Any] | None:
        """The answer to an earlier call with this errand's `idempotency_key`; None when there is no effect of one."""
        ...


@runtime_checkable
class Settles(Protocol):
    """A service that knows better than `ServiceOf.settles_s` how long an effect of it may be on its way."""

    @property
    def settles_s(self) -> float: ...


@runtime_checkable
class SecondBest(Protocol):
    """A service that has something to tell when nobody outside answers: an older answer, marked with its age."""

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]: ...

    def second_best(self, errand: Errand) -> Mapping[str, Any] | None:
        """Tells it without asking anybody; None when there is nothing. Its failure was counted already."""
        ...


@runtime_checkable
class Answered(Protocol):
    """A service that makes something of what a person of staff says came of an errand: writes it down, and tells it."""

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]: ...

    def answered(self, errand: Errand) -> Mapping[str, Any]:
        """Makes of `errand.answer` what the conversation is told. Asks nobody outside; raises Rejected for a no."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """The makings of a service: one business, with its settings and the program's."""

    desk: Desk
    desk_settings: DeskSettings
    settings: Settings
    db: Database


@dataclass(frozen=True, slots=True)
class ServiceOf:
    """How a service is made, once for each business, and how much of it may be asked."""

    make: Callable[[Means], Service | None]
    """Makes it of settings; None where it is not set up: its errands fail at once."""
    limit_s: float = 15.0
    """The timeout of one call."""
    tries: int = 8
    """Tries before an errand is given up, deaths of workers included."""
    backoff_s: float = 0.5
    """The backoff before the second try; it doubles each time."""
    at_once: int = 4
    """Calls at once in one process (bulkhead); a call that hangs keeps its place."""
    behind: str = ""
    """The outside that it asks: services of one business with the same word share one circuit breaker."""
    settles_s: float = 30.0
    """An effect that is not to be found so long after the last call has not happened, and may be asked for again."""
