"""Tombstones: keyed digests of erased names. The name cannot be recovered from one.

There are few enough phone numbers to try them all, so a bare hash would give them away. The digest is keyed with a
secret that is never in the database: who has only the database, or only a backup of it, learns nothing.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from core.errors import Broken

SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of a person, as the table `aliases` has it."""

    scope: str
    kind: str
    value: str


class AliasDigest:
    """Keyed digest (HMAC) of an erased alias: equal names have equal digests. Raises Broken for a short secret."""

    def __init__(self, secret: str):
        if len(secret) < SHORTEST_SECRET:
            raise Broken(
                f"ERASURE_SECRET must have {SHORTEST_SECRET} characters at least: nobody can be erased without"
            )
        self._secret = secret.encode()
        self.key = sha256(b"which secret\0" + self._secret).hexdigest()[:12]
        """Tells which secret made a tombstone, without telling the secret."""

    def digest(self, alias: Alias) -> str:
        said = "\0".join((alias.scope, alias.kind, alias.value)).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, said, sha256).hexdigest()
