"""Notices of Meta to the business (account, templates, limits): stored and shown to staff, never answered.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.messages import Event
from core.wire import bodies
from core.wire.parts import inner, word
from core.wire.text import cleaned


def of_change(entry: dict[str, Any], change: dict[str, Any], address: str, at: datetime | None) -> Event:
    """One change of a field that is no message; the same change of the same entry is the same notice."""
    account = word(entry.get("id"))
    value = change.get("value")
    event = word(inner(change, "value").get("event"))
    return Event(
        external_id="notice:" + bodies.digest(account, bodies.keep(change)),
        kind="notice",
        address=address,
        content={"field": word(change.get("field")), **({"event": event} if event else {}), "value": summary(value)},
        raw=bodies.keep({"entry": {"id": entry.get("id"), "time": entry.get("time")}, "change": change}),
        sent_at=at,
    )


def of_part(content: dict[str, Any], found: dict[str, Any], address: str) -> Event:
    """Something inside a change of `messages` that belongs to no message: an error, a word we do not know."""
    raw = bodies.keep(found)
    return Event(
        external_id="notice:" + bodies.digest(address, raw),
        kind="notice",
        address=address,
        content={"field": "messages", **content},
        raw=raw,
    )


def summary(value: Any) -> Any:
    """The gist of a value, small enough for a line on a page; the whole is in `raw`."""
    return cleaned(value, longest=200, widest=12, deepest=4)
