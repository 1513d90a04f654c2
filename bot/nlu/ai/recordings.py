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
