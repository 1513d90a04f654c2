"""Every error of ours, and what to do about it.

    TurnoError
    ├── Refused                 the door says no; `status` is the HTTP answer
    │   ├── BadSignature        401
    │   ├── BadBody             400
    │   ├── TooSlow             408 the body came too slowly
    │   ├── TooLarge            413
    │   └── Busy                503 too much at once, for a moment
    ├── Retryable               try again later; nothing has happened
    │   ├── Throttled           told to slow down: a number, or one customer
    │   └── Unreachable         nobody answered before anything was sent
    │       └── TimedOut        … within the time there was, and asking again does no harm
    ├── Permanent               will never succeed as it is
    │   ├── Rejected            refused for good, with the platform's code
    │   ├── OutsideWindow       the 24 hours are over: only a template may go
    │   └── Suspended           the number itself may not send: a person must look
    ├── Undecided               the outcome is unknown: never repeat blindly
    └── Broken                  our own bug

An outage is no attempt: what is `Retryable` is never counted against the event or the send that met it. What becomes
of a send is decided by class in `bot/workers/outcomes.py`, of an event in `bot/workers/failures.py`, and of a request
in the doors. Only classes that somebody raises are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

MALFORMED = frozenset({100, 131008, 131009, 131051, 131053, 135000})
"""Codes of Rejected that blame the form of a message, or its file: the same in plain words may go."""


class TurnoError(Exception):
    """The root: nothing outside this tree is raised on purpose."""


class Refused(TurnoError):
    status = 400


class BadSignature(Refused):
    status = 401


class BadBody(Refused):
    status = 400


class TooSlow(Refused):
    status = 408


class TooLarge(Refused):
    status = 413


class Busy(Refused):
    status = 503


class Retryable(TurnoError):
    pass


class Throttled(Retryable):
    """Slow down. `scope` says who must wait: the whole number, or this customer only."""

    def __init__(self, message: str, *, code: int | None = None, scope: Literal["number", "customer"] = "number"):
        super().__init__(message)
        self.code = code
        self.scope = scope


class Unreachable(Retryable):
    def __init__(self, message: str, *, code: int | None = None):
        super().__init__(message)
        self.code = code


class TimedOut(Unreachable):
    pass


class Permanent(TurnoError):
    def __init__(self, message: str, *, code: int | None = None):
        super().__init__(message)
        self.code = code


class Rejected(Permanent):
    """A no. `told` is what a service of a desk tells with it, as JSON keeps it: why, and perhaps another offer."""

    def __init__(self, message: str, *, code: int | None = None, told: Mapping[str, Any] | None = None):
        super().__init__(message, code=code)
        self.told = dict(told or {})


class OutsideWindow(Permanent):
    pass


class Suspended(Permanent):
    pass


class Undecided(TurnoError):
    """A send that may have happened. Only a delivery status can tell."""

    def __init__(self, message: str, *, code: int | None = None):
        super().__init__(message)
        self.code = code


class Broken(TurnoError):
    """A bug of ours, told plainly."""
