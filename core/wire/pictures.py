"""Image headers: detect kind and pixel size of an uploaded file from its first bytes. Nothing is decoded."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sketch:
    """The kind and size read from the first bytes. `width` and `height` are 0 where those do not say."""

    kind: str
    width: int = 0
    height: int = 0


def sketch(content: bytes) -> Sketch | None:
    """Read the header of an image; None when it is no image that we can read."""
    for begins, look in _KINDS:
        if content.startswith(begins):
            try:
                return look(content)
            except (struct.error, IndexError):
                return None
    return None


def _png(content: bytes) -> Sketch:
    return Sketch("image/png", *struct.unpack(">II", content[16:24]))


def _gif(content: bytes) -> Sketch:
    return Sketch("image/gif", *struct.unpack("<HH", content[6:10]))


def _jpeg(content: bytes) -> Sketch | None:
    """Walk over the segments to the frame's header."""
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Sketch("image/jpeg", width, height)
        at += 1 if marker == 0xFF else 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None


def _webp(content: bytes) -> Sketch | None:
    if content[8:12] != b"WEBP":
        return None
    chunk = content[12:16]
    if chunk == b"VP8X":
        return Sketch("image/webp", 1 + _three(content, 24), 1 + _three(content, 27))
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return Sketch("image/webp", width & 0x3FFF, height & 0x3FFF)
    if chunk == b"VP8L":
        bits = int(struct.unpack("<I", content[21:25])[0])
        return Sketch("image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    return None


def _three(content: bytes, at: int) -> int:
    return content[at] | content[at + 1] << 8 | content[at + 2] << 16


_KINDS = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"\xff\xd8\xff", _jpeg),
    (b"RIFF", _webp),
)
