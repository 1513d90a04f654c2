"""The QR code of a booking: its reference and our signature, and nothing of the guest."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

import segno
from PIL import Image

from bot.script import showing
from bot.script.draft import Draft
from bot.script.showing import Picture
from core import signed_codes

SCALE: Final = 12
"""Pixels of a module: about 400 pixels a side, which a phone's camera reads from another phone's screen."""


def picture(draft: Draft, reference: str) -> Picture | None:
    """The code of this booking; None without a key, or for a reference that no code can hold: reception finds the booking
    by its reference."""
    text = of(draft, reference)
    return showing.drawn(png(text)) if text else None


def of(draft: Draft, reference: str) -> str:
    """The text of the code; "" where none can be made."""
    try:
        key = draft.settings.codes_secret.get_secret_value()
        return signed_codes.sign(reference.upper(), business=draft.before.desk.id, key=key)
    except ValueError:
        return ""


@lru_cache(256)
def png(text: str) -> bytes:
    """The code as WhatsApp takes pictures: 8 bits a colour, which a QR library does not write by itself."""
    drawn, out = io.BytesIO(), io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=SCALE, border=4)
    Image.open(drawn).convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()
