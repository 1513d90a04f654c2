"""One webhook message as an event: content, sender, channel and time. Never raises.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.messages import Event, Identity
from core.wire import bodies, whatsapp_identity, whatsapp_items
from core.wire.parts import Unreadable, moment, word
from core.wire.whatsapp_choices import Found

_Who = Callable[[dict[str, Any], dict[str, Any]], Identity | None]


class Place:
    """The surroundings of the messages in one webhook value: the business number, its contacts and its errors."""

    __slots__ = ("address", "contacts", "errors", "latest")

    def __init__(self, address: str, value: dict[str, Any], size: int, latest: float):
        self.address = address
        self.contacts = whatsapp_identity.Contacts(value.get("contacts"), size)
        self.errors = value.get("errors")
        self.latest = latest


def message(item: Any, place: Place) -> Event:
    """Something a customer wrote, pressed or sent; in a group, nobody is its sender."""
    if type(item) is not dict:
        return unreadable({"message": item}, "not an object", address=place.address)
    contact = place.contacts.of(item.get("from_user_id"), item.get("from"))
    who = _nobody if item.get("group_id") else whatsapp_identity.sender
    return _event_of(item, contact, place, _read, who)


def echo(item: Any, place: Place) -> Event:
    """Something staff wrote from the business's own phone: the event's `sender` is the customer it went to."""
    if type(item) is not dict:
        return unreadable({"message": item}, "not an object", address=place.address)
    contact = place.contacts.of(item.get("to_user_id"), item.get("to"))
    return _event_of(item, contact, place, _read_echo, whatsapp_identity.recipient)


def _event_of(
    item: dict[str, Any],
    contact: dict[str, Any],
    place: Place,
    read: Callable[[dict[str, Any], Any], Found],
    who: _Who,
) -> Event:
    found = {"message": item, "contact": contact} if contact else {"message": item}
    wamid = item.get("id")
    external_id = bodies.identifier(wamid) if type(wamid) is str else ""
    try:
        kind, text, content = _with_id(external_id, read(item, place.errors))
    except Exception as problem:  # an oddity that nobody foresaw must not cost its neighbours
        # Whoever sent it deserves an answer all the same.
        sender = who(item, contact)
        return unreadable(found, _why(problem), external_id=external_id, address=place.address, sender=sender)
    return Event(
        external_id=external_id,
        kind=kind,
        address=place.address,
        sender=whatsapp_identity.changed(item) if kind == "system" else who(item, contact),
        text=text,
        content=content,
        raw=bodies.keep(found),
        sent_at=moment(item.get("timestamp"), place.latest),
    )


def _why(problem: Exception) -> str:
    return str(problem) if isinstance(problem, Unreadable) else f"not foreseen: {type(problem).__name__}"


def _with_id(external_id: str, found: Found) -> Found:
    if not external_id:
        raise Unreadable("no id")
    return found


def _read(item: dict[str, Any], errors: Any) -> Found:
    kind, text, content = whatsapp_items.read(item, errors)
    if group := item.get("group_id"):
        return "group", text, {**content, "kind": kind, "group_id": word(group)}
    return kind, text, content


def _read_echo(item: dict[str, Any], errors: Any) -> Found:
    """An echo that we cannot read still says that staff has answered."""
    try:
        kind, text, content = whatsapp_items.read(item, errors)
    except Unreadable:
        kind, text, content = word(item.get("type")), "", {}
    return "echo", text, {**content, "kind": kind}


def _nobody(item: dict[str, Any], contact: dict[str, Any]) -> None:
    return None


def unreadable(
    found: dict[str, Any], why: str, *, external_id: str = "", address: str = "", sender: Identity | None = None
) -> Event:
    """Something that could not be read, as it came; without an id of its own it is named by what is in it."""
    raw = bodies.keep(found)
    return Event(
        external_id=external_id or "unreadable:" + bodies.digest(address, raw),
        kind="unreadable",
        address=address,
        sender=sender,
        content={"why": why},
        raw=raw,
    )
