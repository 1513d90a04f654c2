"""Whether what was just told is about an open ticket: by its code, or by the kind of equipment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.script.draft import Draft

KINDS = {"report_refrigerator": "refrigerator", "report_vehicle": "vehicle"}


def about(draft: Draft, ticket: Mapping[str, Any]) -> str:
    """ "same", "other", or "" when it is not said."""
    code, kind = draft.guesses.get("sap_code"), _kind(draft)
    if code is not None and code.confidence >= 60 and code_of(ticket):
        return "same" if str(code.value) == code_of(ticket) else "other"
    if not kind:
        return ""
    return "same" if kind == ticket["kind"] else "other"


def _kind(draft: Draft) -> str:
    guess = draft.guesses.get("equipment_kind")
    return str(guess.value) if guess is not None else KINDS.get(draft.intent, "")


def code_of(ticket: Mapping[str, Any]) -> str:
    """The code of the equipment that a ticket is about."""
    given = (ticket.get("content") or {}).get("given") or {}
    return str((given.get("sap_code") or {}).get("value") or "")
