"""Reading of a letter: bytes in, a value out. Whatever is wrong with it, there is an answer within bounded work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from functools import cached_property
from hashlib import sha256

from bot.channels.email import headers
from bot.channels.email.html_text import text_of
from bot.channels.email.quotes import own_words
from core.wire import pictures

MOST_PARTS = 200
DEEPEST = 20
LONGEST_TEXT = 4096
"""As long as a message of any other channel."""
LONGEST_BODY = 400_000
SMALLEST_PICTURE = 20_000
"""A picture within the text that is smaller is a logo."""
_SOFT_BREAK = re.compile(r"(?<!^--) \n(?!>|-- \n)", re.M)


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment that is no picture."""

    name: str
    mime_type: str


@dataclass(frozen=True)
class Mail:
    """One letter. `whole` is False when it is too large, and only its head was fetched."""

    raw: bytes
    whole: bool = True

    @cached_property
    def message(self) -> Message:
        return BytesParser(policy=compat32).parsebytes(self.raw, headersonly=not self.whole)

    @cached_property
    def id(self) -> str:
        """Its Message-ID; empty when it has none."""
        return next(iter(headers.ids(headers.first(self.message, "message-id"))), "")

    @cached_property
    def sender(self) -> tuple[str, str]:
        """The name and address of who wrote it; empty when that is nobody, or several."""
        told = headers.addresses(self.message, "from")
        if len(told) != 1 or len(headers.all_of(self.message, "from")) != 1 or not headers.is_address(told[0][1]):
            return "", ""
        name, address = told[0]
        return ("" if "@" in name else name[:100]), address

    @cached_property
    def subject(self) -> str:
        return headers.words(self.message, "subject")[:300]

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The letters that it answers, the oldest first."""
        named = [id for name in ("references", "in-reply-to") for id in headers.ids(headers.first(self.message, name))]
        return tuple(dict.fromkeys(named))[-20:]

    @cached_property
    def recipients(self) -> int:
        return len(headers.addresses(self.message, "to", "cc"))

    @cached_property
    def key(self) -> str:
        """The key of a letter, the same however often it comes: from its Message-ID, else its text; and its sender."""
        told = self.id or self._digest()
        return sha256(f"{told} {self.sender[1]}".encode("utf-8", "surrogatepass")).hexdigest()[:40]

    @cached_property
    def text(self) -> str:
        """The words of its writer, from the plain text or else the HTML, without quotes and signatures."""
        plain = "\n".join(_words(part) for part in self._bodies("text/plain"))
        if not plain.strip():
            plain = "\n".join(text_of(_words(part)) for part in self._bodies("text/html"))
        return _cut(own_words(_clean(plain)))

    @cached_property
    def parts(self) -> tuple[Message, ...]:
        """Its parts that have no parts themselves; a letter within it is one part."""
        return tuple(_leaves(self.message, DEEPEST))[:MOST_PARTS] if self.whole else ()

    def pictures(self, largest: int) -> list[Picture]:
        """Photos that came with it, no larger than so many bytes: by what is in them, not by what they are called."""
        found = []
        for part in self.parts:
            if part.get_content_maintype() not in ("image", "application"):
                continue
            content = _content(part)
            kind = pictures.sketch(content[:65_536])
            if kind and len(content) <= largest and not _is_logo(part, content):
                found.append(Picture(content, kind.kind))
        return found

    def files(self) -> list[File]:
        """Attachments that are no pictures and no invitations."""
        return [
            File(_file_name(part)[:100], part.get_content_type()[:100])
            for part in self.parts
            if part.get_content_maintype() not in ("image", "text", "message", "multipart")
            and part.get_content_type() not in _ACCESSORIES
            and pictures.sketch(_content(part)[:64]) is None
        ]

    @cached_property
    def invitation(self) -> str:
        """The method of the calendar entry that it brings, such as `request`; empty when it brings none."""
        for part in self.parts:
            if part.get_content_type() in ("text/calendar", "application/ics"):
                found = re.search(r"^METHOD:([A-Z]{1,20})\s*$", _words(part)[:20_000], re.M)
                return found[1].lower() if found else "publish"
        return ""

    def _bodies(self, kind: str) -> list[Message]:
        return [
            part
            for part in self.parts
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment"
        ]

    def _digest(self) -> str:
        head, _, body = self.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        told = [headers.first(self.message, name) for name in ("from", "date", "subject")]
        rest = body if self.whole else head
        return sha256("\n".join(told).encode("utf-8", "surrogatepass") + rest).hexdigest()


_ACCESSORIES = frozenset(
    {"application/ics", "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
     "application/ms-tnef"}
)  # fmt: skip


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload[:MOST_PARTS] if depth > 0 else ():
            if isinstance(part, Message):
                yield from _leaves(part, depth - 1)
    else:
        yield message


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _words(part: Message) -> str:
    """The text of a part. With `format=flowed`, lines that a mail program broke are whole again."""
    words = headers.text(_content(part)[:LONGEST_BODY], part.get_content_charset()).replace("\r\n", "\n")
    flowed = "flowed" in headers.first(part, "content-type").lower()
    return _SOFT_BREAK.sub(" ", words) if flowed else words


def _clean(text: str) -> str:
    """Without characters that no database keeps and no eye sees, and with plain spaces."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2060-\u2064\ufeff]", "", text).replace("\u00a0", " ")


def _cut(text: str) -> str:
    return text[:LONGEST_TEXT].rstrip()


def _is_logo(part: Message, content: bytes) -> bool:
    within = bool(headers.first(part, "content-id")) and part.get_content_disposition() != "attachment"
    return within and len(content) < SMALLEST_PICTURE


def _file_name(part: Message) -> str:
    try:
        return headers.decoded(part.get_filename() or "")
    except (ValueError, LookupError):
        return ""
