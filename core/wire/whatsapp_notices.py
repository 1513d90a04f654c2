"""Notices of Meta to the business (account, templates, limits): stored and shown to staff, never answered.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.messages import Event
from core.wire import untrusted, whatsapp_identity
from core.wire.untrusted import cleaned, inner, moment, present, word
from core.wire.whatsapp_messages import Place

PREFERENCES = {"stop": True, "resume": False}


def of_change(entry: dict[str, Any], change: dict[str, Any], address: str, at: datetime | None) -> Event:
    """One change of a field that is no message; the same change of the same entry is the same notice."""
    account = word(entry.get("id"))
    value = change.get("value")
    event = word(inner(change, "value").get("event"))
    return Event(
        external_id="notice:" + untrusted.digest(account, untrusted.keep(change)),
        kind="notice",
        address=address,
        content={"field": word(change.get("field")), **({"event": event} if event else {}), "value": summary(value)},
        raw=untrusted.keep({"entry": {"id": entry.get("id"), "time": entry.get("time")}, "change": change}),
        sent_at=at,
    )


def of_part(content: dict[str, Any], found: dict[str, Any], address: str) -> Event:
    """Something inside a change of `messages` that belongs to no message: an error, a word we do not know."""
    raw = untrusted.keep(found)
    return Event(
        external_id="notice:" + untrusted.digest(address, raw),
        kind="notice",
        address=address,
        content={"field": "messages", **content},
        raw=raw,
    )


def preference(item: Any, place: Place) -> Event:
    """A person turned our messages off or on in WhatsApp's own settings; anything else that stands there is a notice.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences
    """
    found = item if type(item) is dict else {}
    contact = place.contacts.of(found.get("user_id"), found.get("wa_id"))
    who, value = whatsapp_identity.chooser(found, contact), word(found.get("value"), 64)
    if who is None or value not in PREFERENCES:
        return of_part({"field": "user_preferences"}, {"user_preference": item}, place.address)
    return Event(
        external_id="preference:" + untrusted.digest(place.address, untrusted.keep(found)),
        kind="opt_out",
        address=place.address,
        sender=who,
        content={"out": PREFERENCES[value], **present(found, "category", longest=64)},
        raw=untrusted.keep({"user_preference": found, **({"contact": contact} if contact else {})}),
        sent_at=moment(found.get("timestamp"), place.latest),
    )


def summary(value: Any) -> Any:
    """The gist of a value, small enough for a line on a page; the whole is in `raw`."""
    return cleaned(value, longest=200, widest=12, deepest=4)
