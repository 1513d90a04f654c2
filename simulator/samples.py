"""Generated sample media: a photo and a voice note."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from functools import cache

_SIDE = 96
_RATE = 8000


@cache
def photo() -> bytes:
    """A small PNG: a sky that gets darker."""
    rows = b"".join(
        b"\0" + bytes(tone for x in range(_SIDE) for tone in (40 + x, 110 + y, 190 - y // 2)) for y in range(_SIDE)
    )
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@cache
def voice() -> bytes:
    """Two seconds of WAV that hum up and down like somebody thinking."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(b"".join(struct.pack("<h", _sample(i / _RATE)) for i in range(_RATE * 2)))
    return out.getvalue()


def _sample(t: float) -> int:
    pitch = 170 + 25 * math.sin(2 * math.pi * 0.8 * t)
    swell = math.sin(math.pi * t / 2) * (0.55 + 0.45 * math.sin(2 * math.pi * 3 * t))
    return int(9000 * swell * math.sin(2 * math.pi * pitch * t))
