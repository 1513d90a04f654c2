"""Outcomes of sends: the effect of the platform's answer, or of none, on a send and those behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.errors import OutsideWindow, Permanent, Suspended, Throttled, TurnoError, Undecided
from core.retry import backoff_s
from core.settings import Settings
from core.store.path.outbox import Result, Send

FACTOR = 4.0
"""The platform asks for waits of 4 to the power of the tries so far."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Sends that must wait because of this one: a customer's, or a whole number's."""

    conversation_id: int | None = None
    address: str | None = None
    wait_s: float = 0.0
    why: str = ""


@dataclass(slots=True)
class Outcomes:
    """The outcomes of one round, to be written together."""

    results: list[Result] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)


def accepted(claimed: Send, wamid: str) -> Result:
    return Result(claimed.id, "sent", external_id=wamid)


def for_each(claimed: Send, result: Result) -> list[Result]:
    """The same outcome for all that went out together; the platform's id with a number where there is more than one."""
    return [result, *(_beside(result, id, number) for number, id in enumerate(claimed.after, start=2))]


def _beside(result: Result, id: int, number: int) -> Result:
    return replace(result, id=id, external_id=f"{result.external_id}#{number}" if result.external_id else None)


def failed(claimed: Send, error: TurnoError, settings: Settings) -> tuple[Result, Hold | None]:
    """The outcome of a send that raised, and the sends that must wait because of it."""
    code, why = getattr(error, "code", None), f"{type(error).__name__}: {error}"
    wait_s = backoff_s(
        claimed.attempts, first_s=settings.send_backoff_s, factor=FACTOR, longest_s=settings.send_backoff_most_s
    )
    if isinstance(error, Undecided):
        return Result(claimed.id, "unknown", None, code, why, settings.unknown_settle_s), None
    if isinstance(error, OutsideWindow):
        return Result(claimed.id, "parked", None, code, why), None
    if isinstance(error, Suspended):
        rest_s = settings.suspended_pause_s
        return Result(claimed.id, "waiting", None, code, why, rest_s), Hold(None, claimed.address, rest_s, why)
    if isinstance(error, Permanent):
        return Result(claimed.id, "failed", None, code, why), None
    return Result(claimed.id, "waiting", None, code, why, wait_s), _hold(claimed, error, wait_s, why)


def _hold(claimed: Send, error: TurnoError, wait_s: float, why: str) -> Hold | None:
    if not isinstance(error, Throttled):
        return None
    if error.scope == "customer":
        return Hold(claimed.conversation_id, None, wait_s, why)
    return Hold(None, claimed.address, wait_s, why)
