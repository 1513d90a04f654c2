"""Signed codes: what a customer shows to staff, such as a QR code, and nobody else can make (HMAC-SHA256).

A code is the number of something and a signature over it and its business, in letters that a QR code holds most
tightly: `RES-7K2M9P.5XQ2…`. Nothing else is in it, so whoever reads it learns no more than that number.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from typing import Final

LONGEST: Final = 80
"""Characters of a code; what is longer is none of ours, and is not looked at."""
_SIGNATURE: Final = 16
"""Letters of the signature: 80 bits, which nobody tries out at a desk."""
_SUBJECT: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


def sign(subject: str, *, business: str, key: str) -> str:
    """The code of this number of a business. Raises ValueError for a number that no code can hold, or without a key."""
    if not key or not _SUBJECT.fullmatch(subject):
        raise ValueError("a code needs a key, and a number of letters and digits")
    return f"{subject}.{_signature(subject, business, key)}"


def check(text: str, *, business: str, key: str) -> str:
    """The number that a code of ours stands for; "" for a code that somebody else made, and for anything else."""
    subject, _, given = text.strip().upper().partition(".") if len(text) <= LONGEST else ("", "", "")
    if not key or not _SUBJECT.fullmatch(subject):
        return ""
    own = _signature(subject, business, key)
    return subject if hmac.compare_digest(own.encode(), given.encode("utf-8", "surrogatepass")) else ""


def _signature(subject: str, business: str, key: str) -> str:
    told = f"code\0{business}\0{subject}".encode()
    return b32encode(hmac.digest(key.encode(), told, "sha256")).decode()[:_SIGNATURE]
