"""Validation of uploads: the types and the bytes that the Graph API takes from a business.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

from __future__ import annotations

import struct

from simulator.errors import GraphError

TYPES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF",
    "audio/aac": b"",
    "audio/amr": b"#!AMR",
    "audio/mpeg": b"",
    "audio/mp4": b"",
    "audio/ogg": b"OggS",
    "video/mp4": b"",
    "video/3gpp": b"",
    "application/pdf": b"%PDF",
    "text/plain": b"",
}
"""The types we send or might send, and how such a file begins."""
_COLOURS = {2: "RGB", 6: "RGBA"}


def check(content: bytes, kind: str) -> None:
    """Raises GraphError for a file that Meta would not take under this type."""
    plain = kind.split(";")[0].strip().lower()
    if plain not in TYPES:
        raise GraphError(100, f"Param file must be a file with one of the supported types; got {plain[:60]}")
    if not content.startswith(TYPES[plain]):
        raise GraphError(131053, f"The file is not {plain}")
    if plain == "image/png":
        _check_png(content)


def _check_png(content: bytes) -> None:
    """Images must be 8-bit, RGB or RGBA."""
    try:
        depth, colour = struct.unpack(">BB", content[24:26])
    except struct.error:
        raise GraphError(131053, "The file is not image/png") from None
    if depth != 8 or colour not in _COLOURS:
        raise GraphError(131053, "Images must be 8-bit, RGB or RGBA")
