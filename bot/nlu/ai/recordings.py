"""Kinds of recordings, told by their first bytes."""

from __future__ import annotations

from typing import Final

_MAGIC: Final = ((b"OggS", "ogg"), (b"#!AMR", "amr"), (b"ID3", "mp3"), (b"RIFF", "wav"))


def kind_of(content: bytes) -> str:
    """The kind of recording, by its first bytes; "" for anything else."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[4:8] == b"ftyp":
        return "m4a"
    if content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xF6 == 0xF0:
        return "aac"
    return "mp3" if content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0 else ""


def seconds(content: bytes) -> float | None:
    """The length of an OGG/Opus recording, by the last page's position (48 kHz); None where it does not say."""
    last = content.rfind(b"OggS")
    if b"OpusHead" not in content[:256] or last < 0 or len(content) < last + 14:
        return None
    position = int.from_bytes(content[last + 6 : last + 14], "little", signed=True)
    return position / 48_000 if position >= 0 else None
