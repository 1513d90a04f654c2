"""Strict decoding of photos: four formats, recognised by content, with a pixel limit."""

from __future__ import annotations

import warnings
from io import BytesIO
from math import ceil
from typing import Final

from PIL import Image

SMALLEST_BYTES: Final = 1024
SMALLEST_SIDE: Final = 50
LOOKED_AT: Final = 2000
"""The longest side that anybody looks at: codes are searched at this size, and less is kept."""
_MAGIC: Final = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"))


class Unfit(Exception):  # an outcome, in the words of a media result
    def __init__(self, outcome: str):
        super().__init__(outcome)
        self.outcome = outcome


def kind_of(content: bytes) -> str:
    """The format, by its first bytes; "" for anything else, whatever it is called."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def opened(content: bytes, *, pixels: int) -> Image.Image:
    """The photo, decoded whole (of a moving one, its first picture), as plain RGB. Raises Unfit with the outcome."""
    kind = kind_of(content)
    if not kind:
        raise Unfit("wrong_kind")
    if len(content) < SMALLEST_BYTES:
        raise Unfit("too_small")
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(content), formats=[kind]) as found:
            _check_size(found.size, pixels)
            _decode_smaller(found)
            return _plain(found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Unfit("too_large") from None
    except Unfit:
        raise
    except Exception:  # decoders raise whatever they like on what is broken
        raise Unfit("wrong_kind") from None


def orientation(content: bytes) -> int:
    """How the camera was held, as the photo's notes say; 1 is upright, and so is a photo whose notes are broken."""
    try:
        with Image.open(BytesIO(content), formats=[kind_of(content)]) as found:
            return int(found.getexif().get(0x0112, 1))
    except Exception:
        return 1


def upright(picture: Image.Image, held: int) -> Image.Image:
    turn = _TURNS.get(held)
    return picture.transpose(turn) if turn is not None else picture


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _check_size(size: tuple[int, int], pixels: int) -> None:
    if size[0] * size[1] > pixels:
        raise Unfit("too_large")
    if min(size) < SMALLEST_SIDE:
        raise Unfit("too_small")


def _decode_smaller(found: Image.Image) -> None:
    """Have a large JPEG decoded at a half, a quarter or an eighth: as many pixels as somebody looks at, and no more."""
    factor = LOOKED_AT / max(found.size)
    if factor < 1:
        found.draft("RGB", (ceil(found.width * factor), ceil(found.height * factor)))


def _plain(found: Image.Image) -> Image.Image:
    """Decoded, and laid on white where it is transparent."""
    found.load()
    if found.mode in ("RGB", "L"):
        return found.convert("RGB")
    if "A" not in found.getbands() and "transparency" not in found.info:
        return found.convert("RGB")
    white = Image.new("RGB", found.size, "white")
    layer = found.convert("RGBA")
    white.paste(layer, mask=layer)
    return white
