"""Media messages: Meta keeps the file, we keep its id.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

from __future__ import annotations

from typing import Any

from core.wire.untrusted import LONGEST_TEXT, needed, part, present, word

MEDIA_KINDS = ("image", "audio", "video", "document", "sticker")


def read(item: dict[str, Any], kind: str) -> tuple[str, dict[str, Any]]:
    """The caption, and what is known of the file; raises Unreadable without a media id."""
    found = part(item, kind)
    content: dict[str, Any] = {"media_id": needed(found, "id"), "mime_type": word(found.get("mime_type"))}
    content |= present(found, "sha256", "filename")
    content |= present(found, "url", longest=2048)
    content |= {name: True for name in ("voice", "animated") if found.get(name) is True}
    return word(found.get("caption"), LONGEST_TEXT), content
