"""Photos for tests, made on the spot: labels with real barcodes, and files that are meant to do harm."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageFilter

GREY = bytes(90 + shade * 150 // 256 for shade in range(256))
"""Neither black nor white."""
FOLDED = 100
"""So many rows of a bomb are pressed together, and the same again and again."""


def barcode(says: str = "4045101", kind: str = "Code128", scale: int = 3) -> Image.Image:
    code: Any = zxingcpp.create_barcode(says, zxingcpp.barcode_format_from_str(kind))
    return Image.fromarray(code.to_image(scale=scale)).convert("RGB")


def wall(width: int = 640, height: int = 480) -> Image.Image:
    """A rough wall: sharp, and with nothing to read."""
    grain = random.Random(7).randbytes(width // 4 * (height // 4)).translate(GREY)
    small = Image.frombytes("L", (width // 4, height // 4), grain)
    return small.resize((width, height), Image.Resampling.NEAREST).convert("RGB")


def photo(
    says: str = "4045101",
    kind: str = "Code128",
    *,
    scale: int = 3,
    turned: float = 0,
    size: tuple[int, int] = (640, 480),
) -> Image.Image:
    """A label on a wall, held as somebody may hold a phone."""
    label = barcode(says, kind, scale).rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    scene = wall(*size)
    scene.paste(label, ((scene.width - label.width) // 2, (scene.height - label.height) // 2))
    return scene


def written(picture: Image.Image, format: str = "JPEG", **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def blurred() -> bytes:
    return written(wall().filter(ImageFilter.GaussianBlur(12)))


def bomb_png(side: int = 7_000) -> bytes:
    """A few hundred kilobytes that unfold into a thousand times as much."""
    rows, times = (b"\0" + bytes(side * 3)) * FOLDED, side // FOLDED
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    folded = squeeze.compress(rows) + squeeze.flush(zlib.Z_FULL_FLUSH)  # it refers to nothing before it
    check = 1
    for _ in range(times):
        check = zlib.adler32(rows, check)
    return png_of(side, side, b"\x78\xda" + folded * times + squeeze.flush() + struct.pack(">I", check))


def png_of(width: int, height: int, body: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb_gif() -> bytes:
    """A GIF that says it is as large as a GIF can be."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + bytes(6)
    picture = b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02" + (b"\xff" + bytes(255)) * 8 + b"\0;"
    return screen + picture


SCRIPT = b"#!/bin/sh\nrm -rf /\n" + b"# padding\n" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' + b" " * 2000
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(4096)


def opus(length_s: float) -> bytes:
    """The first and the last page of a voice note of this length."""
    first = b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(1200)
    return first + b"OggS\0\x04" + int(length_s * 48_000).to_bytes(8, "little") + bytes(14)
