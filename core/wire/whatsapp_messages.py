"""One webhook message as an event: content, sender, channel and time. Never raises.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components and .../payload-examples
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any

from core.messages import Event, Identity
from core.wire import untrusted, whatsapp_identity, whatsapp_media
from core.wire.untrusted import LONGEST_TEXT, Unreadable, cleaned, inner, moment, needed, part, present, word
from core.wire.whatsapp_choices import Found, pressed, template_button
from core.wire.whatsapp_errors import reported

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
    external_id = untrusted.identifier(wamid) if type(wamid) is str else ""
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
        raw=untrusted.keep(found),
        sent_at=moment(item.get("timestamp"), place.latest),
    )


def _why(problem: Exception) -> str:
    return str(problem) if isinstance(problem, Unreadable) else f"not foreseen: {type(problem).__name__}"


def _with_id(external_id: str, found: Found) -> Found:
    if not external_id:
        raise Unreadable("no id")
    return found


def _read(item: dict[str, Any], errors: Any) -> Found:
    kind, text, content = _content(item, errors)
    if group := item.get("group_id"):
        return "group", text, {**content, "kind": kind, "group_id": word(group)}
    return kind, text, content


def _read_echo(item: dict[str, Any], errors: Any) -> Found:
    """An echo that we cannot read still says that staff has answered."""
    try:
        kind, text, content = _content(item, errors)
    except Unreadable:
        kind, text, content = word(item.get("type")), "", {}
    return "echo", text, {**content, "kind": kind}


def unreadable(
    found: dict[str, Any], why: str, *, external_id: str = "", address: str = "", sender: Identity | None = None
) -> Event:
    """Something that could not be read, as it came; without an id of its own it is named by what is in it."""
    raw = untrusted.keep(found)
    return Event(
        external_id=external_id or "unreadable:" + untrusted.digest(address, raw),
        kind="unreadable",
        address=address,
        sender=sender,
        content={"why": why},
        raw=raw,
    )


def _nobody(item: dict[str, Any], contact: dict[str, Any]) -> None:
    return None


def _content(item: dict[str, Any], value_errors: Any) -> Found:
    """The kind of event, its text and its content, however old or odd the type is; raises Unreadable when it says nothing
    we can tell. A type that is not in the table is `unsupported`, never an error."""
    errors = _errors(item.get("errors")) or _errors(value_errors)
    try:
        kind, text, content = _read_kind(item)
    except Unreadable:
        if not errors:
            raise
        kind, text, content = "unsupported", "", {"unsupported_kind": word(item.get("type"))}
    if errors:
        content["errors"] = errors
    content.update(_surroundings(item))
    return kind, text, content


def _errors(found: Any) -> list[dict[str, Any]]:
    return reported(found) if found else []


def _read_kind(item: dict[str, Any]) -> Found:
    name = needed(item, "type")
    reader = _READERS.get(name)
    return reader(item) if reader else ("unsupported", "", {"unsupported_kind": name})


def _surroundings(item: dict[str, Any]) -> dict[str, Any]:
    """Context that a message of any kind may carry: the message it answers, a forward mark, the advert it came from."""
    found: dict[str, Any] = {}
    if context := inner(item, "context"):
        if reply_to := word(context.get("id")):
            found["reply_to"] = reply_to
        if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
            found["forwarded"] = True
        if product := inner(context, "referred_product"):
            found["referred_product"] = cleaned(product)
    if referral := inner(item, "referral"):
        found["referral"] = cleaned(referral)
    return found


def _text(item: dict[str, Any]) -> Found:
    body = part(item, "text").get("body")
    if type(body) not in (str, int, float):
        raise Unreadable("no body")
    return "text", word(body, LONGEST_TEXT), {}


def _media(item: dict[str, Any], kind: str) -> Found:
    return kind, *whatsapp_media.read(item, kind)


def _voice(item: dict[str, Any]) -> Found:
    """A voice note under its old name."""
    text, content = whatsapp_media.read(item, "voice" if "voice" in item else "audio")
    return "audio", text, content | {"voice": True}


def _location(item: dict[str, Any]) -> Found:
    found = part(item, "location")
    content: dict[str, Any] = {name: _coordinate(found, name) for name in ("latitude", "longitude")}
    return "location", "", content | present(found, "name", "address") | present(found, "url", longest=2048)


def _coordinate(found: dict[str, Any], name: str) -> float:
    try:
        value = float(word(found.get(name)))
    except ValueError:
        raise Unreadable(f"no {name}") from None
    if not isfinite(value):
        raise Unreadable(f"no {name}")
    return value


def _contacts(item: dict[str, Any]) -> Found:
    found = item.get("contacts")
    if type(found) is not list:
        raise Unreadable("no contacts")
    return "contacts", "", {"contacts": cleaned(found)}


def _reaction(item: dict[str, Any]) -> Found:
    found = part(item, "reaction")
    return "reaction", "", {"message_id": needed(found, "message_id"), "emoji": word(found.get("emoji"))}


def _order(item: dict[str, Any]) -> Found:
    found = part(item, "order")
    products = found.get("product_items")
    content: dict[str, Any] = {"product_items": cleaned(products) if type(products) is list else []}
    return "order", word(found.get("text"), LONGEST_TEXT), content | present(found, "catalog_id")


def _system(item: dict[str, Any]) -> Found:
    found = part(item, "system")
    return "system", word(found.get("body"), LONGEST_TEXT), {"system_kind": word(found.get("type"))}


def _unsupported(item: dict[str, Any]) -> Found:
    kind = word(inner(item, "unsupported").get("type"))
    return "unsupported", "", {"unsupported_kind": kind} if kind else {}


def _edit(item: dict[str, Any]) -> Found:
    """A customer corrected what they had written: the text is the new one."""
    found = part(item, "edit")
    content: dict[str, Any] = {"message_id": needed(found, "original_message_id")}
    written = inner(found, "message")
    # One level only: an edit of an edit does not exist, and must not lead us down a hole.
    if written.get("type") in ("edit", None):
        return "edit", "", content
    kind, text, edited = _read_kind(written)
    return "edit", text, content | {"kind": kind, "edited": edited}


def _revoke(item: dict[str, Any]) -> Found:
    return "revoke", "", {"message_id": needed(part(item, "revoke"), "original_message_id")}


def _welcome(item: dict[str, Any]) -> Found:
    return "request_welcome", "", {}


_READERS: dict[str, Callable[[dict[str, Any]], Found]] = {
    "text": _text,
    **{kind: partial(_media, kind=kind) for kind in whatsapp_media.MEDIA_KINDS},
    "voice": _voice,
    "location": _location,
    "contacts": _contacts,
    "interactive": pressed,
    "button": template_button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "unknown": _unsupported,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _welcome,
}
