"""Examination of one photo, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errands.looking import barcodes, blur, keeping, picture


@dataclass(frozen=True, slots=True)
class Seen:
    """`outcome` is "ok" or what is wrong with the photo; `blurred` says that only what barcodes tell is to be had."""

    outcome: str
    texts: tuple[str, ...] = ()
    blurred: bool = False
    kept: bytes = b""


def look(content: bytes, *, pixels: int, sharp_from: float, read_codes: bool) -> Seen:
    """Look into it; of evidence, no code is wanted."""
    try:
        opened = picture.opened(content, pixels=pixels)
        held = picture.orientation(content)
        shown = picture.upright(opened, held)
        texts = barcodes.texts(shown) if read_codes else []
        as_it_came = picture.kind_of(content) == "JPEG" and held == 1
        kept = keeping.to_keep(shown, content, as_it_came=as_it_came)
        return Seen("ok", tuple(texts), blur.sharpness(shown) < sharp_from, kept)
    except picture.Unfit as unfit:
        return Seen(unfit.outcome)
    except MemoryError:
        return Seen("too_large")
