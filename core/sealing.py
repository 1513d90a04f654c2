"""Encryption at rest: values sealed with a key that is not in the database, so that a stolen dump cannot be read.

AES-256-GCM, with a key made from a secret of the environment, bound to what it belongs to: what was sealed for one is
not opened for another. The first secret seals; every one of them opens, so that a secret can be changed.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "sealed:"
NONCE_BYTES = 12


class Sealed(ValueError):
    """Raised when no configured secret decrypts the value."""


def seal(text: str, belongs_to: str, keys: Sequence[str]) -> str:
    """The text, sealed; as it is where there is no secret at all, which is never so in production."""
    if not keys:
        return text
    nonce = secrets.token_bytes(NONCE_BYTES)
    closed = _cipher(keys[0]).encrypt(nonce, text.encode(), belongs_to.encode())
    return MARK + base64.urlsafe_b64encode(nonce + closed).decode()


def unseal(kept: str, belongs_to: str, keys: Sequence[str]) -> str:
    """The text; raises Sealed. Values stored before there were seals are plain text."""
    if not kept.startswith(MARK):
        return kept
    closed = base64.urlsafe_b64decode(kept.removeprefix(MARK))
    for key in keys:
        try:
            return _cipher(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], belongs_to.encode()).decode()
        except InvalidTag:
            continue
    raise Sealed(belongs_to)


def _cipher(secret: str) -> AESGCM:
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=sha256(b"turno").digest(), info=b"seal").derive(
        secret.encode()
    )
    return AESGCM(made)
