"""Photo uploads of the chat: checked by their first bytes, stored, and accepted as events like any other photo.

The answer is quick: whatever takes time, such as reading a label, is done by a media worker, and its result comes into
the chat like anything else that is said.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from core.errors import Refused
from core.messages import Event
from core.settings import Settings
from core.store.chat.rows import WebSession
from core.store.files.photos import Photos
from core.wire import pictures
from core.wire.webchat import visitor
from webhook.door import Door
from webhook.webchat.greeting import with_welcome

SMALLEST_SIDE = 10


class NoPhoto(Refused):
    """Raised when an upload cannot be a photo."""

    status = 400


class UnfitPhoto(Refused):
    """A photo, but not one we look at; the message says why."""

    status = 400


class PhotoTooLarge(Refused):
    status = 413


class Uploads:
    def __init__(self, door: Door, kept: Photos, settings: Settings):
        self._door, self._kept, self._settings = door, kept, settings

    def accept(self, session: WebSession, photo: bytes, *, caption: str = "", number: str = "") -> Event:
        """Durable when it returns: the photo is kept, and its event is in the inbox."""
        kind, name = self._check(photo), self._kept.put(photo)
        event = Event(
            external_id=f"web:{session.secret_hash[:24]}:{number or secrets.token_hex(8)}",
            kind="image",
            channel_kind="web",
            address=session.address,
            sender=visitor(session.secret_hash),
            text=caption,
            content={"media_id": f"upload:{name}", "mime_type": kind},
        )
        self._door.accept(with_welcome(session, event))
        if not self._kept.holds(name):  # the same photo of somebody else was done with at this very moment
            self._kept.put(photo)
        return event

    def _check(self, photo: bytes) -> str:
        if len(photo) > self._settings.upload_bytes:
            raise PhotoTooLarge("larger than allowed")
        found = pictures.sketch(photo)
        if found is None:
            raise NoPhoto("not a JPEG, PNG, GIF or WebP")
        sides = (found.width, found.height)
        too_many = found.kind != "image/jpeg" and found.width * found.height > self._settings.upload_pixels
        if min(sides) < SMALLEST_SIDE or max(sides) > self._settings.upload_side or too_many:
            raise UnfitPhoto(f"{found.width} × {found.height} pixels")
        return found.kind


def embedded(images: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """The photos that came inside a message, as base64 or data: URLs."""
    return [_decoded(image.get("data")) for image in images]


def _decoded(given: Any) -> bytes:
    if not isinstance(given, str):
        raise NoPhoto("a photo without data")
    _, _, encoded = given.rpartition("base64,")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoPhoto("not base64") from None
