"""Events of a letter: the words, each photo, and the rest as far as a conversation can do something with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from bot.channels.email import automatic, bounces, proof
from bot.channels.email.identities import identity
from bot.channels.email.reading import Mail, Picture
from core.messages import Event, Identity, News
from core.settings import Settings

MOST_PICTURES = 10
Keep = Callable[[Picture], str]
"""Keeps a photo; the name under which it is kept."""


def news_of(mail: Mail, address: str, settings: Settings, keep: Keep) -> tuple[News, str]:
    """The news that a letter to one of our addresses brings, and its sort, for the metrics."""
    keys = settings.mailbox_keys
    returned = bounces.of(mail, address, keys[address])
    if returned:
        return News(deliveries=returned), "bounce"
    reason = automatic.why(mail, keys, settings.mail_recipients) or _of_a_calendar(mail)
    if reason:
        told = {"what": "letter", "why": reason}
        return News((Event(f"mail:{mail.key}", "notice", "email", address, content=told),)), reason
    who = identity(mail.sender[1], mail.sender[0], proved=proof.proves(mail, settings.mail_proved_by))
    return News(tuple(_spoken(mail, address, who, settings.media_image_bytes, keep))), "letter"


def unreadable(mail: Mail, address: str, why: str) -> Event:
    """The mark of a letter that breaks our reading: it goes straight to the dead letters."""
    key = sha256(mail.raw).hexdigest()[:40]
    return Event(f"mail:{key}", "unreadable", "email", address, error=f"the letter cannot be read: {why}")


def _of_a_calendar(mail: Mail) -> str:
    """Whether it only tells that somebody accepted or declined something."""
    return "automatic" if mail.invitation in ("reply", "counter", "refresh", "cancel") else ""


def _spoken(mail: Mail, address: str, who: Identity, largest: int, keep: Keep) -> Iterator[Event]:
    contents = list(_contents(mail, largest, keep))
    for number, (kind, text, content) in enumerate(contents):
        told = {**content, "letter": thread(mail)}
        external_id = f"mail:{mail.key}" if number == 0 else f"mail:{mail.key}:{number}"
        yield Event(external_id, kind, "email", address, who, text, told)


def thread(mail: Mail) -> dict[str, Any]:
    """The thread: all that an answer needs to stand below this letter."""
    return {"id": mail.id, "references": list(mail.references), "subject": mail.subject}


def _contents(mail: Mail, largest: int, keep: Keep) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Kind, text and content of each event; at least one."""
    if not mail.whole or mail.invitation:
        yield "unsupported", "", {"unsupported_kind": "invitation" if mail.whole else "too_large"}
        return
    text = _with_subject(mail)
    pictures = mail.pictures(largest)[:MOST_PICTURES]
    if text:
        yield "text", text, {}
    for picture in pictures:
        yield "image", "", {"media_id": f"upload:{keep(picture)}", "mime_type": picture.mime_type}
    for file in mail.files()[:1]:
        yield "document", "", {"filename": file.name, "mime_type": file.mime_type}
    if not text and not pictures and not mail.files():
        yield "unsupported", "", {"unsupported_kind": "empty"}


def _with_subject(mail: Mail) -> str:
    """The words of a letter; of one that begins a conversation, its subject says something, too."""
    if mail.references or not mail.subject:
        return mail.text
    return f"{mail.subject}\n{mail.text}".strip()
