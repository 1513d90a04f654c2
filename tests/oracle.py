# mypy: disable-error-code="attr-defined, misc, name-defined, no-untyped-call"
# because pywa does not say in its types what it offers
"""An independent reader of webhooks: pywa, which others wrote from the same documentation.

It reads the first item of a POST only, so a POST is taken apart into one for each item. What it found and what our
parser found are put into the same words, and `differences` names those that are not the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from pywa import WhatsApp, types

from core.messages import Delivery, Event
from core.wire import whatsapp

ITEMS = ("messages", "statuses", "message_echoes", "user_preferences")
NOBODY = "XX.0"
MEDIA = ("image", "audio", "video", "document", "sticker")
Told = dict[str, Any]


def posts(body: Any) -> Iterator[Any]:
    """A POST for each item of a POST."""
    for entry in _objects(body.get("entry")):
        for change in _objects(entry.get("changes")):
            for value in _values(change.get("value")):
                yield {**body, "entry": [{**entry, "changes": [{**change, "value": value}]}]}


def _objects(found: Any) -> list[dict[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _values(value: Any) -> Iterator[Any]:
    holder = value if isinstance(value, dict) else {}
    items = [(name, item) for name in ITEMS if isinstance(holder.get(name), list) for item in holder[name]]
    rest = {name: found for name, found in holder.items() if name not in ITEMS}
    for name, item in items:
        yield {**rest, name: [item]}
    if not items:
        yield value


class Oracle:
    """What pywa hears of a POST."""

    def __init__(self) -> None:
        self._heard: list[Any] = []
        self.client = WhatsApp(
            "1", "token", filter_updates=False, validate_updates=True, app_secret="-", skip_duplicate_updates=False
        )
        for kind in WhatsApp._handlers_to_updates:
            self.client.add_handlers(kind(lambda _, update: self._heard.append(update)))

    def read(self, post: Any) -> Told:
        """The first item in our words; empty when pywa makes nothing of it."""
        self._heard.clear()
        with suppress(AttributeError, TypeError, KeyError):  # it falls over some that are broken
            self.client.webhook_update_handler(json.dumps(_with_contacts(post)).encode())
        return theirs(self._heard[0]) if self._heard else {}

    def takes(self, body: bytes, signature: str, secret: str) -> bool:
        """True when it believes the signature."""
        self.client._app_secret = secret
        return self.client.webhook_update_validator(body, signature) is None


def _with_contacts(post: Any) -> Any:
    """The same with somebody nobody knows among the contacts where there are none: pywa reads no value without."""
    change = post["entry"][0]["changes"][0]
    value = change.get("value")
    if not isinstance(value, dict) or value.get("contacts") or not any(name in value for name in ITEMS):
        return post
    nobody = {**value, "contacts": [{"user_id": NOBODY, "profile": {"name": ""}}]}
    return {**post, "entry": [{**post["entry"][0], "changes": [{**change, "value": nobody}]}]}


def theirs(update: Any) -> Told:
    """What pywa found, in our words; nothing that is empty."""
    kind = next((ours for cls, ours in _KINDS.items() if isinstance(update, cls)), "notice")
    told = {"kind": kind, **(_of_status(update) if kind == "status" else _of_item(update, kind))}
    return {name: found for name, found in told.items() if found not in (None, "")}


_KINDS: dict[type, str] = {
    types.MessageStatus: "status",
    types.UserMarketingPreferences: "opt_out",
    types.OutgoingMessage: "echo",
    types.CallbackButton: "choice",
    types.CallbackSelection: "choice",
    types.FlowCompletion: "flow_reply",
    types.PhoneNumberChange: "system",
    types.IdentityChange: "system",
    types.EditedMessage: "edit",
    types.DeletedMessage: "revoke",
    types.Message: "message",
}


def _of_status(update: Any) -> Told:
    return {
        "id": update.id,
        "state": update.status.value,
        "callback": update.tracker,
        "category": update.pricing.category.value if update.pricing else None,
        "billable": update.pricing.billable if update.pricing else None,
        "code": update.error.code if update.error else None,
        "at": update.timestamp,
    }


def _of_item(update: Any, kind: str) -> Told:
    if kind == "notice":
        return {}
    reply = getattr(update, "reply_to_message", None)
    told = {
        "id": update.id,
        "address": update.metadata.phone_number_id,
        "at": update.timestamp,
        "reply_to": reply.id if reply else None,
        "forwarded": getattr(update, "forwarded", False) or None,
    }
    if kind != "echo":
        user = update.from_user
        told |= {"bsuid": user.bsuid, "wa_id": user.wa_id, "name": user.name}
    return told | _CONTENT.get(kind, lambda _: {})(update)


def _of_message(update: Any) -> Told:
    kind = update.type.value
    told: Told = {
        "kind": "unsupported" if kind in ("unknown", "UNKNOWN") else kind,
        "text": update.text or update.caption,
    }
    if kind in MEDIA:
        file = getattr(update, kind)
        told |= {"media_id": file.id, "mime_type": file.mime_type, "sha256": file.sha256}
    if kind == "location":
        told |= {"latitude": update.location.latitude, "longitude": update.location.longitude}
    if kind == "reaction":
        told |= {"message_id": update.reaction.message_id, "emoji": update.reaction.emoji}
    if kind == "order":
        told["text"] = update.order.text
    if update.error:
        told["code"] = update.error.code
    return told


def _of_change(update: Any) -> Told:
    return {
        "text": update.body,
        "bsuid": getattr(update, "new_user_id", None),
        "wa_id": getattr(update, "new_wa_id", None),
    }


_CONTENT: dict[str, Callable[[Any], Told]] = {
    "message": _of_message,
    "echo": lambda update: {"text": update.text},
    "edit": lambda update: {"text": update.message.text, "message_id": update.original_message_id},
    "revoke": lambda update: {"message_id": update.original_message_id},
    "choice": lambda update: {"text": update.title, "choice": update.data},
    "system": _of_change,
    "opt_out": lambda update: {"id": None, "out": not update},
}


def ours(post: Any, now: datetime | None = None) -> Told:
    """What our parser found of the same POST, in the same words."""
    news = whatsapp.parse(json.dumps(post).encode(), now=now)
    found = [*map(_of_event, news.events), *map(_of_delivery, news.deliveries)]
    assert len(found) <= 1, found
    return {name: value for name, value in found[0].items() if value not in (None, "")} if found else {}


def _of_event(event: Event) -> Told:
    content, sender, errors = event.content, event.sender, event.content.get("errors") or [{}]
    told: Told = {"kind": event.kind}
    if event.kind == "notice":
        return told
    told |= {"id": event.external_id, "address": event.address, "at": event.sent_at, "text": event.text}
    told |= {name: content.get(name) for name in ("reply_to", "forwarded", "latitude", "longitude", "emoji")}
    told |= {name: content.get(name) for name in ("media_id", "mime_type", "sha256")}
    told |= {"message_id": content.get("message_id"), "choice": content.get("id"), "code": errors[0].get("code")}
    if event.kind == "opt_out":  # which bears no id at Meta
        told |= {"id": None, "out": content.get("out")}
    if sender and event.kind != "echo":
        told |= {"bsuid": sender.alias("bsuid"), "wa_id": sender.alias("wa_id"), "name": sender.name}
    return told


def _of_delivery(delivery: Delivery) -> Told:
    return {
        "kind": "status",
        "id": delivery.external_id,
        "state": delivery.state,
        "callback": delivery.callback_id,
        "category": delivery.pricing_category,
        "billable": delivery.billable,
        "code": delivery.error_code,
        "at": delivery.at,
    }


def differences(mine: Told, other: Told) -> dict[str, tuple[Any, Any]]:
    """What is not the same: ours, and theirs."""
    if bool(mine) != bool(other):
        return {"all": (mine.get("kind"), other.get("kind"))}
    return {name: pair for name in sorted({*mine, *other}) if (pair := (mine.get(name), other.get(name)))[0] != pair[1]}
