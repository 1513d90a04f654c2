"""Fault injection, switched on by request: each fault for the next n calls, or until cleared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

KINDS: dict[str, tuple[type, str]] = {
    "error_code": (int, "refuse sends with this code of the Graph API"),
    "bare_5xx": (int, "refuse sends with this HTTP status and no body of the Graph API's"),
    "refuse": (bool, "close the connection before anything was accepted"),
    "drop_answer": (bool, "accept, then close the connection without answering"),
    "hang_s": (float, "accept, and answer only after so many seconds"),
    "latency_ms": (float, "answer every send so many milliseconds later"),
    "failed_status": (int, "accept, then report the message failed with this code"),
    "no_statuses": (bool, "accept, and never report what became of it"),
    "late_status_ms": (float, "report statuses so many milliseconds later"),
    "no_callback_id": (bool, "report statuses without biz_opaque_callback_data"),
    "read_at_once": (bool, "customers read whatever is delivered"),
    "duplicate": (str, "post every webhook twice: again, or at_once"),
    "reorder": (bool, "post webhooks in any order"),
    "batch": (int, "gather so many items into one webhook POST"),
    "bsuid_only": (bool, "customers' phone numbers are not told to the business"),
}
_DUPLICATES = ("again", "at_once")


class BadFault(ValueError):
    """The request names no fault, or gives it a value it cannot have."""


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong: `times` more times (None: until cleared), for one customer or number or for all."""

    name: str
    value: Any
    times: int | None = None
    whom: str = ""
    http_status: int | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"name": self.name, "value": self.value, "times": self.times, "for": self.whom or None}
        return {**shown, "http_status": self.http_status} if self.http_status else shown


class Faults:
    """The switches. One fault a name and customer; setting it again replaces it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._set: dict[tuple[str, str], Fault] = {}

    def put(self, wanted: Mapping[str, Any]) -> None:
        """Switch on every fault that `wanted` names, or none of them when one makes no sense."""
        faults = read(wanted)
        with self._lock:
            for fault in faults:
                self._set[fault.name, fault.whom] = fault

    def take(self, name: str, *whom: str, named: bool = False) -> Fault | None:
        """The fault, if it is on for one of `whom` (with `named`, not when it is for all); counts as one time."""
        if not self._set:
            return None
        with self._lock:
            for who in whom if named else (*whom, ""):
                if (fault := self._set.get((name, who))) is not None:
                    return self._counted(fault)
        return None

    def _counted(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                del self._set[fault.name, fault.whom]
        return fault

    def shown(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_json for fault in self._set.values()]

    def clear(self, name: str = "") -> None:
        """Switch off one fault, or all of them."""
        with self._lock:
            self._set = {key: fault for key, fault in self._set.items() if name and fault.name != name}


def read(wanted: Mapping[str, Any]) -> list[Fault]:
    """The faults a request names; raises BadFault."""
    if stray := set(wanted) - set(KINDS) - {"times", "for", "http_status"}:
        raise BadFault(f"no such fault: {', '.join(sorted(stray))}")
    times, status = _count(wanted, "times"), _count(wanted, "http_status")
    whom = wanted.get("for") or ""
    if not isinstance(whom, str):
        raise BadFault("for: a customer's id or a phone_number_id")
    faults = [Fault(name, _value(name, wanted[name]), times, whom, status) for name in KINDS if name in wanted]
    if not faults:
        raise BadFault(f"name at least one of: {', '.join(KINDS)}")
    return faults


def _count(wanted: Mapping[str, Any], name: str) -> int | None:
    count = wanted.get(name)
    if count is not None and (type(count) is not int or count < 1):
        raise BadFault(f"{name}: a whole number from 1 up")
    return count


def _value(name: str, value: Any) -> Any:
    kind, _ = KINDS[name]
    if name == "duplicate":
        return _duplicate(value)
    if kind is bool and value is True:
        return True
    if kind is float and type(value) in (int, float) and value >= 0:
        return value
    if kind is int and type(value) is int and value >= (0 if name == "error_code" else 1):
        return _status(value) if name == "bare_5xx" else value
    raise BadFault(f"{name}: not a {'positive ' if kind is not bool else ''}{kind.__name__}")


def _duplicate(value: Any) -> str:
    if value is True:
        return "again"
    if value in _DUPLICATES:
        return str(value)
    raise BadFault(f"duplicate: one of {', '.join(_DUPLICATES)}")


def _status(value: int) -> int:
    if not 500 <= value <= 599:
        raise BadFault("bare_5xx: an HTTP status from 500 to 599")
    return value
