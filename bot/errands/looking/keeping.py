"""The stored copy of a photo: scaled down, and without the camera's metadata."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

LONGEST_SIDE = 800
QUALITY = 75
_START, _SCAN, _END = b"\xff\xd8", 0xDA, b"\xff\xd9"
_SPOKEN = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""Application notes (Exif, XMP, …) and comments; what decoding needs (E0, EE) stays."""


def to_keep(picture: Image.Image, content: bytes, *, as_it_came: bool) -> bytes:
    """A JPEG of it; the original without its notes, when that may be kept and is smaller."""
    small = picture.copy()
    small.info.clear()  # what was noted beside the pixels would be written again
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, "JPEG", quality=QUALITY, optimize=True)
    made = written.getvalue()
    original = without_notes(content) if as_it_came else b""
    return original if original and len(original) < len(made) else made


def without_notes(content: bytes) -> bytes:
    """A JPEG's bytes up to its end mark, less every note; b"" when it is not laid out as one."""
    kept, at = bytearray(_START), 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == _SCAN:
            end = content.rfind(_END)
            return bytes(kept + content[at : end + 2]) if end > at and _one_scan(content[at:end]) else b""
        if mark not in _SPOKEN:
            kept += content[at : at + 2 + size]
        at += 2 + size
    return b""


def _one_scan(scan: bytes) -> bool:
    """Keep image data only, so that no metadata hides behind it: every FF there is stuffed or a restart."""
    at = scan.find(b"\xff", 2 + int.from_bytes(scan[2:4], "big"))
    while at >= 0:
        if at + 1 >= len(scan) or not (scan[at + 1] == 0 or 0xD0 <= scan[at + 1] <= 0xD7):
            return False
        at = scan.find(b"\xff", at + 1)
    return True
