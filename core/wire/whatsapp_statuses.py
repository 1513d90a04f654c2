"""Delivery statuses in Meta's webhooks.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

from typing import Any, get_args

from core.messages import Delivery, DeliveryState
from core.wire import untrusted
from core.wire.untrusted import Unreadable, clean, inner, moment, word
from core.wire.whatsapp_errors import reported

_STATES: dict[str, DeliveryState] = {state: state for state in get_args(DeliveryState)}
_NOT_OURS = ("call", "payment")
"""Statuses of other things than messages; their words may be the same and mean something else."""


def read(item: Any, latest: float) -> Delivery | None:
    """The delivery, or None for a word that says nothing about one; raises Unreadable without an id or a word."""
    if type(item) is not dict:
        raise Unreadable("not an object")
    wamid, status = item.get("id"), item.get("status")
    if type(wamid) is not str or not wamid:
        raise Unreadable("no id")
    if type(status) is not str:
        raise Unreadable("no status")
    state = _STATES.get(status)
    if state is None or item.get("type") in _NOT_OURS:
        return None
    return _delivery(item, untrusted.identifier(wamid), state, latest)


def _delivery(item: dict[str, Any], wamid: str, state: DeliveryState, latest: float) -> Delivery:
    code, error = _first_error(item) if "errors" in item else (None, "")
    pricing = inner(item, "pricing")
    billable = pricing.get("billable")
    return Delivery(
        external_id=wamid,
        state=state,
        callback_id=_text(item.get("biz_opaque_callback_data")),
        recipient=word(item.get("recipient_participant_id")),
        error_code=code,
        error=error,
        pricing_category=word(pricing.get("category"), 64),
        billable=billable if type(billable) is bool else None,
        at=moment(item.get("timestamp"), latest),
    )


def _text(value: Any) -> str | None:
    return clean(value, 512) if type(value) is str and value else None


def _first_error(item: dict[str, Any]) -> tuple[int | None, str]:
    errors = reported(item.get("errors"))
    if not errors:
        return None, ""
    parts = (errors[0].get(name, "") for name in ("title", "message", "details"))
    return errors[0].get("code"), ": ".join(dict.fromkeys(filter(None, parts)))
