"""Messages of a customer: a request of the test API as Meta's item and as a bubble."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.media import Media

Json = dict[str, Any]
Said = tuple[Json, Json]
"""The part of the webhook's message that depends on the kind, and the bubble."""


class Unsayable(ValueError):
    """The request is not something a phone can send."""


def said(wanted: Mapping[str, Any], media: Media) -> Said:
    """Meta's item and the bubble for what a customer wants to say; raises Unsayable."""
    kind = wanted.get("kind", "text")
    if kind in _FILES:
        return _file(kind, wanted, media)
    if kind not in _KINDS:
        raise Unsayable(f"kind: one of {', '.join(ALL_KINDS)}")
    return _KINDS[kind](wanted)


def _need(wanted: Mapping[str, Any], name: str, kind: type | tuple[type, ...] = str) -> Any:
    found = wanted.get(name)
    if not isinstance(found, kind) or isinstance(found, bool):
        raise Unsayable(f"{name} is needed")
    return found


def _text(wanted: Mapping[str, Any]) -> Said:
    text = _need(wanted, "text")
    return {"type": "text", "text": {"body": text}}, {"kind": "text", "text": text}


def _button(wanted: Mapping[str, Any]) -> Said:
    reply = {"id": _need(wanted, "id"), "title": _need(wanted, "title")}
    return _interactive("button_reply", reply)


def _list(wanted: Mapping[str, Any]) -> Said:
    reply = {"id": _need(wanted, "id"), "title": _need(wanted, "title")}
    if wanted.get("description"):
        reply["description"] = _need(wanted, "description")
    return _interactive("list_reply", reply)


def _interactive(kind: str, reply: Json) -> Said:
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}, {"kind": "text", "text": reply["title"]}


def _template_button(wanted: Mapping[str, Any]) -> Said:
    button = {"payload": _need(wanted, "id"), "text": _need(wanted, "title")}
    return {"type": "button", "button": button}, {"kind": "text", "text": button["text"]}


def _location(wanted: Mapping[str, Any]) -> Said:
    place: Json = {name: _need(wanted, name, (int, float)) for name in ("latitude", "longitude")}
    place |= {name: wanted[name] for name in ("name", "address") if wanted.get(name)}
    return {"type": "location", "location": place}, {"kind": "location", "text": "", "location": place}


def _reaction(wanted: Mapping[str, Any]) -> Said:
    reaction = {"message_id": _need(wanted, "message_id"), "emoji": _need(wanted, "emoji")}
    item = {name: value for name, value in reaction.items() if value}
    return {"type": "reaction", "reaction": item}, {"kind": "reaction", "text": "", **reaction}


def _contacts(wanted: Mapping[str, Any]) -> Said:
    name, phone = _need(wanted, "name"), _need(wanted, "phone")
    contact = {"name": {"formatted_name": name, "first_name": name}, "phones": [{"phone": phone, "type": "CELL"}]}
    return {"type": "contacts", "contacts": [contact]}, {"kind": "contacts", "text": name, "phone": phone}


def _unsupported(_: Mapping[str, Any]) -> Said:
    error = {
        "code": 131051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."},
    }
    item = {"type": "unsupported", "errors": [error], "unsupported": {"type": "poll_creation"}}
    return item, {"kind": "unsupported", "text": ""}


def _raw(wanted: Mapping[str, Any]) -> Said:
    """Any item at all, as it is given: for what no phone sends but Meta might."""
    item = dict(_need(wanted, "item", dict))
    return item, {"kind": "unsupported", "text": ""}


def _file(kind: str, wanted: Mapping[str, Any], media: Media) -> Said:
    file = media.get(_need(wanted, "media_id"))
    item: Json = {"id": file.id, "mime_type": file.mime_type, "sha256": file.sha256}
    caption = str(wanted.get("caption") or "")
    if caption and kind in ("image", "video", "document"):
        item["caption"] = caption
    if kind == "audio":
        item["voice"] = wanted.get("voice", True) is True
    if kind == "document":
        item["filename"] = str(wanted.get("filename") or "document")
    shown = {"url": f"/simulator/media/{file.id}", "filename": item.get("filename", "")}
    return {"type": kind, kind: item}, {"kind": kind, "text": caption, "media": shown}


_FILES = ("image", "audio", "video", "document", "sticker")
_KINDS: dict[str, Callable[[Mapping[str, Any]], Said]] = {
    "text": _text,
    "button": _button,
    "list": _list,
    "template_button": _template_button,
    "location": _location,
    "reaction": _reaction,
    "contacts": _contacts,
    "unsupported": _unsupported,
    "raw": _raw,
}
ALL_KINDS = (*_KINDS, *_FILES)
