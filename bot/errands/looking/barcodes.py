"""Barcodes and QR codes on a photo: straight, turned, small, or pale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import Image, ImageOps

from bot.errands.looking.picture import LOOKED_AT

LONGEST_SIDE: Final = LOOKED_AT
TURNED_SIDE: Final = 1200
TURNS: Final = (15, -15, 30, -30, 45)
"""Degrees; quarter turns are tried on each of these anyway."""
MOST_FOUND: Final = 20
LONGEST_TEXT: Final = 200
FORMATS: Final = zxingcpp.barcode_formats_from_str(
    "Code128|Code39|Code93|EAN13|EAN8|UPCA|UPCE|ITF|QRCode|MicroQRCode|DataMatrix|PDF417|Aztec"
)


def texts(picture: Image.Image) -> list[str]:
    """The contents of the photo's barcodes, from the first image treatment that shows any."""
    grey = picture.convert("L")
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    for copy in _ways(grey):
        found = [code.text[:LONGEST_TEXT] for code in zxingcpp.read_barcodes(copy, formats=FORMATS)[:MOST_FOUND]]
        if found:
            return list(dict.fromkeys(found))
    return []


def _ways(grey: Image.Image) -> Iterator[Image.Image]:
    """As it is, with more contrast, turned, and larger: the cheapest first."""
    yield grey
    clear = ImageOps.autocontrast(grey, cutoff=2)
    yield clear
    clear.thumbnail((TURNED_SIDE, TURNED_SIDE), Image.Resampling.LANCZOS)
    for degrees in TURNS:
        yield clear.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    for factor in (2, 3):
        if max(grey.size) * factor <= LONGEST_SIDE:
            yield _times(grey, factor)


def _times(grey: Image.Image, factor: int) -> Image.Image:
    return grey.resize((grey.width * factor, grey.height * factor), Image.Resampling.LANCZOS)
