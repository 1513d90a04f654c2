"""Message-ID of our letters: made from the ids of their outbox rows, so a letter that is sent again has the same one.

It is signed with the mailbox's key: a bounce that names it was written by somebody who got the letter, and whatever
carries it comes from us.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from hashlib import sha256

_OURS = re.compile(r"<turno\.(\d{1,19}(?:-\d{1,19}){0,30})\.([0-9a-f]{24})@[^<>\s@]{1,255}>")


def of(ids: Sequence[int], address: str, key: str) -> str:
    """The Message-ID of the letter with these replies, from this address."""
    told = "-".join(str(id) for id in ids)
    return f"<turno.{told}.{_sign(told, address, key)}@{address.partition('@')[2]}>"


def ids_in(text: str, address: str, key: str) -> tuple[int, ...]:
    """The outbox ids of the first Message-ID of ours in the text; none when there is none, or its signature is wrong."""
    for found in _OURS.finditer(text):
        told, signature = found.groups()
        if hmac.compare_digest(signature, _sign(told, address, key)):
            return tuple(int(id) for id in told.split("-"))
    return ()


def _sign(told: str, address: str, key: str) -> str:
    return hmac.new(key.encode(), f"message-id {address} {told}".encode(), sha256).hexdigest()[:24]
