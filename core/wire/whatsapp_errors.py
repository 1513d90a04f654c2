"""Errors from Meta: in webhooks, and in the answer to a send.

Only the code counts: titles and HTTP statuses differ between versions and places.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from core.errors import BadBody, OutsideWindow, Rejected, Suspended, Throttled, TurnoError, Undecided, Unreachable
from core.wire import untrusted
from core.wire.untrusted import inner, integer, objects, present, word
from core.wire.whatsapp_codes import Verdict, meaning, verdict

__all__ = ["classify", "meaning", "reported"]

_MOST_ERRORS = 10
_LONG_NUMBER = re.compile(r"\d{7,}")


def reported(found: Any) -> list[dict[str, Any]]:
    """The errors of a webhook, tidy: `code`, `title`, `message`, `details`, each only when it is there."""
    return [_report(error) for error in objects(found)[:_MOST_ERRORS]]


def _report(error: dict[str, Any]) -> dict[str, Any]:
    code = integer(error.get("code"))
    report: dict[str, Any] = {"code": code} if code is not None else {}
    report |= present(error, "title", "message")
    return report | present(inner(error, "error_data"), "details")


def classify(http_status: int | None, body: bytes) -> str | TurnoError:
    """Classify the answer to a send: the wamid that Graph accepted it under, or the error whose class says what to do."""
    if http_status is None:
        return Undecided("no answer")
    answer = _answer(body)
    if http_status < HTTPStatus.MULTIPLE_CHOICES and (wamid := _accepted(answer)):
        return wamid
    error = answer.get("error")
    if type(error) is dict:
        return _refusal(http_status, error)
    return _speechless(http_status)


def _answer(body: bytes) -> dict[str, Any]:
    try:
        return untrusted.load(body)
    except BadBody:
        return {}


def _accepted(answer: dict[str, Any]) -> str:
    messages = objects(answer.get("messages"))
    wamid = messages[0].get("id") if messages else None
    return untrusted.identifier(wamid) if type(wamid) is str else ""


def _speechless(http_status: int) -> TurnoError:
    """An answer without Graph's own words: something between us and Graph may have spoken."""
    message = f"HTTP {http_status} without an error body"
    if http_status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(message)
    refused = HTTPStatus.MULTIPLE_CHOICES <= http_status < HTTPStatus.INTERNAL_SERVER_ERROR
    return Rejected(message) if refused else Undecided(message)


def _refusal(http_status: int, error: dict[str, Any]) -> TurnoError:
    code = integer(error.get("code"))
    message = _message_of(code, error)
    known = verdict(code) if code is not None else None
    if known is None:
        known = _guess(http_status, error)
    elif known == "never" and error.get("is_transient") is True:
        known = "again"
    return _error(known, message, code)


def _guess(http_status: int, error: dict[str, Any]) -> Verdict:
    """For a code we do not know: Graph has spoken, so nothing was sent; whether to try again is all that is open."""
    if http_status == HTTPStatus.TOO_MANY_REQUESTS:
        return "slow"
    transient = http_status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.get("is_transient") is True
    return "again" if transient else "never"


def _error(known: Verdict, message: str, code: int | None) -> TurnoError:
    if known in ("slow", "patience"):
        return Throttled(message, code=code, scope="customer" if known == "patience" else "number")
    return _BY_VERDICT[known](message, code=code)


_BY_VERDICT: dict[Verdict, type[Unreachable] | type[Suspended] | type[OutsideWindow] | type[Rejected]] = {
    "again": Unreachable,
    "stop": Suspended,
    "window": OutsideWindow,
    "never": Rejected,
}


def _message_of(code: int | None, error: dict[str, Any]) -> str:
    """Graph's error message with long numbers removed: they may be a customer's."""
    said = word(inner(error, "error_data").get("details"), 300) or word(error.get("message"), 300)
    return _LONG_NUMBER.sub("…", f"{'no code' if code is None else code}: {said}")
