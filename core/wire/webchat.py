"""Wire format of the web chat: JSON to values, and values to JSON. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from core.errors import BadBody, Refused
from core.messages import Event, Identity, Media, Outbound
from core.own_files import name_of
from core.wire.untrusted import clean, cleaned

LONGEST_FIELD = 10_000
LONGEST_MESSAGE = 1_000
MOST_IMAGES = 10
MOST_PARTS = 20_000
"""Brackets and commas of one body: what it is parsed into takes no more than a few MB."""
DEEPEST = 16
WHATSAPP = "https://wa.me/"
"""How a link begins that opens WhatsApp."""
SESSION_ID = re.compile(r"web-[0-9a-f]{24}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CURSOR = re.compile(r"(\d{1,18})\.(\d{1,18})(\.greeted)?")


class Cursor(NamedTuple):
    """How much a browser knows already: the ids of the last line of each side, and whether it shows the greeting."""

    event_id: int = 0
    outbound_id: int = 0
    greeted: bool = False

    def __str__(self) -> str:
        return f"{self.event_id}.{self.outbound_id}{'.greeted' if self.greeted else ''}"


BEGINNING = Cursor()


class FieldTooLong(Refused):
    status = 400


class BadSession(Refused):
    status = 400


class NothingSaid(Refused):
    status = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a customer."""

    session_id: str
    text: str
    choice: str = ""
    message_id: str = ""
    csrf_token: str = ""
    images: tuple[Mapping[str, Any], ...] = ()


def body(raw: bytes) -> dict[str, Any]:
    """The JSON object of a POST; nothing at all is an empty one."""
    if not raw.strip():
        return {}
    brackets = raw.count(b"[") + raw.count(b"{")
    if brackets + raw.count(b",") > MOST_PARTS:
        raise BadBody("too many parts")
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadBody("not JSON") from None
    if not isinstance(fields, dict):
        raise BadBody("not a JSON object")
    if brackets > DEEPEST and _deep(fields):
        raise BadBody("nested too deeply")
    _check_lengths(fields)
    return fields


def _deep(fields: Any) -> bool:
    """Whether the JSON is nested deeper than allowed."""
    level = [fields]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
    return bool(level)


def _inside(value: Any) -> Iterable[Any]:
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (each for each in found if isinstance(each, dict | list))


def _check_lengths(fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, str) and len(value) > LONGEST_FIELD:
            raise FieldTooLong(f"{name[:40]} is longer than {LONGEST_FIELD} characters")


def session_id(fields: Mapping[str, Any], header: str | None = None) -> str:
    """The id of the session it is about. Raises BadSession for what was never one of ours."""
    given = fields.get("sessionId") or fields.get("sid") or header
    if not isinstance(given, str) or not SESSION_ID.fullmatch(given):
        raise BadSession("not a session of ours")
    return given


def said(fields: Mapping[str, Any], header: str | None = None) -> Said:
    """Parse the message that a customer wrote, pressed or uploaded."""
    text, choice = _words(fields)
    images = _images(fields.get("images"))
    if not text and not choice and not images:
        raise NothingSaid("nothing was said")
    return Said(session_id(fields, header), text, choice, message_id(fields), _text(fields.get("csrfToken")), images)


def _words(fields: Mapping[str, Any]) -> tuple[str, str]:
    if fields.get("action") == "button":
        return _text(fields.get("label")), _text(fields.get("value"))
    return _text(fields.get("message")) or _text(fields.get("text")), ""


def _text(value: Any) -> str:
    return clean(value.strip(), LONGEST_MESSAGE) if isinstance(value, str) else ""


def message_id(fields: Mapping[str, Any]) -> str:
    """The browser's own id of the line: pressed twice is said once."""
    given = fields.get("messageId") or fields.get("message_id")
    return given if isinstance(given, str) and _MESSAGE_ID.fullmatch(given) else ""


def _images(given: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(given, list):
        return ()
    if len(given) > MOST_IMAGES:
        raise FieldTooLong(f"at most {MOST_IMAGES} images")
    return tuple(item for item in given if isinstance(item, dict))


def visitor(who: str) -> Identity:
    """A person in the chat: known by the hash of the session's secret."""
    return Identity((("web", who),))


def event(line: Said, *, who: str, address: str, number: str) -> Event:
    """The line as something that can change a conversation. `who` is the name its customer is known by."""
    content = {"id": line.choice, "title": line.text, "source": "button"} if line.choice else {}
    return Event(
        external_id=f"web:{who[:24]}:{number}",
        kind="choice" if line.choice else "text",
        channel_kind="web",
        address=address,
        sender=visitor(who),
        text=line.text or line.choice,
        content=cleaned(content),
    )


def welcome(*, who: str, address: str, locale: str, shown_at: datetime) -> Event:
    """The opening of the chat, whose replies were shown at that time and are recorded with the first line."""
    content = {"shown_at": shown_at.isoformat(), **({"locale": locale} if locale else {})}
    return Event(
        external_id=f"web:{who[:24]}:welcome",
        kind="request_welcome",
        channel_kind="web",
        address=address,
        sender=visitor(who),
        content=content,
    )


def cursor(given: Any) -> Cursor:
    """The cursor that a browser gave back; the beginning when it gave none of ours."""
    found = _CURSOR.fullmatch(given) if isinstance(given, str) else None
    return Cursor(int(found[1]), int(found[2]), bool(found[3])) if found else BEGINNING


def outbound(row: Any) -> dict[str, Any]:
    """One reply, as a browser shows it."""
    content = row.content or {}
    shown: dict[str, Any] = {"id": row.id, "kind": row.kind, "text": row.text, "buttons": buttons(content)}
    for name in ("button", "link", "footer"):
        if content.get(name):
            shown[name] = content[name]
    return {**shown, **_picture(content)}


def _picture(content: Mapping[str, Any]) -> dict[str, Any]:
    """The picture of a reply: its name, to be fetched with the session, or the address where it is."""
    media = content.get("media")
    if not media:
        return {}
    name = name_of(Media(**media))
    return {"picture": {"name": name} if name else {"url": media["link"]}}


def buttons(content: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"token": option["id"], "value": option["id"], "label": option["title"], "text": option.get("description", "")}
        for option in content.get("options", ())
    ]


def reply(rows: Iterable[Any]) -> dict[str, Any]:
    """All that one line led to: several messages in order, and the buttons of the last."""
    rows = list(rows)
    messages = [outbound(row) for row in rows if row.kind]
    last: Sequence[dict[str, str]] = messages[-1]["buttons"] if messages else []
    opened = {"ticketId": rows[0].ticket} if rows and rows[0].ticket else {}
    return {
        "reply": "\n\n".join(message["text"] for message in messages if message["text"]),
        "messages": messages,
        "buttons": last,
        "options": [button["label"] for button in last],
        "ui": {"buttons": last},
        **opened,
        "allowWhatsapp": any(WHATSAPP in f"{message['text']} {message.get('link')}" for message in messages),
        "message_id": messages[-1]["id"] if messages else None,
        "actor": "bot",
    }


class Unsaid(NamedTuple):
    """A reply that is shown and not recorded yet, as a row of the outbox would hold it."""

    kind: str
    text: str
    content: Mapping[str, Any]
    id: None = None
    ticket: None = None


def unsaid(replies: Iterable[Outbound]) -> list[Unsaid]:
    return [Unsaid(reply.kind, reply.text, reply.content) for reply in replies]


def greeting_line(said: Unsaid, at: datetime) -> dict[str, Any]:
    """One reply of the greeting, as a line of the conversation."""
    shown = {"who": "bot", "kind": said.kind, "text": said.text, "ts": at.isoformat()}
    return {
        **shown,
        "buttons": buttons(said.content),
        **_way(said.content),
        **_picture(said.content),
        "id": None,
        "messageId": None,
        "delivery": None,
    }


def _way(content: Mapping[str, Any]) -> dict[str, Any]:
    """The button that opens a link."""
    return {"ways": [{"label": content["button"], "url": content["link"]}]} if content.get("link") else {}


def after(rows: Iterable[Any], known: Cursor) -> str:
    """How much a browser knows once it has these lines too."""
    rows = list(rows)
    heard = [row.event_id for row in rows if row.who == "user"]
    said = [row.outbound_id for row in rows if row.who != "user"]
    return str(Cursor(max([known.event_id, *heard]), max([known.outbound_id, *said]), known.greeted))


def line(row: Any) -> dict[str, Any]:
    """One line of the conversation, whoever said it."""
    mine = row.who == "user"
    return {
        "who": row.who,
        "kind": row.kind,
        "text": row.text,
        "ts": row.at.isoformat(),
        "buttons": [] if mine else buttons(row.content or {}),
        **({} if mine else {**_way(row.content or {}), **_picture(row.content or {})}),
        "id": None if mine else row.outbound_id,
        "messageId": row.external_id.rpartition(":")[2] if mine else None,
        "delivery": row.delivery,
        **({"ticketId": row.ticket} if row.ticket else {}),
    }
