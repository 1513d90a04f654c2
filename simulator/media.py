"""Media: files uploaded by customers and businesses, in memory, downloaded by short-lived URLs."""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from simulator.errors import GraphError

URL_LIVES_S = 300.0
KEPT_BYTES = 512 * 1024 * 1024
"""When more than this was sent, the oldest files are gone."""

_MB = 1024 * 1024
LIMITS = {"image": 5 * _MB, "audio": 16 * _MB, "video": 16 * _MB}
_DOCUMENT = 100 * _MB


@dataclass(frozen=True, slots=True)
class File:
    id: str
    mime_type: str
    content: bytes = field(repr=False)
    digest: bytes = b""

    @property
    def sha256(self) -> str:
        """As webhooks tell it."""
        return b64encode(self.digest).decode()

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "messaging_product": "whatsapp",
            "mime_type": self.mime_type,
            "sha256": self.digest.hex(),
            "file_size": len(self.content),
            "id": self.id,
        }


class Media:
    def __init__(self) -> None:
        self._lock = Lock()
        self._files: OrderedDict[str, File] = OrderedDict()
        self._tickets: dict[str, tuple[str, float]] = {}
        self._bytes = 0

    def keep(self, content: bytes, mime_type: str) -> File:
        """Store a file under a new id; refuses what is larger than Meta takes."""
        plain = mime_type.split(";")[0].strip().lower()
        if not content or len(content) > LIMITS.get(plain.split("/")[0], _DOCUMENT):
            raise GraphError(131053, f"A file of {len(content)} bytes is not accepted as {plain}")
        name = str(10**15 + secrets.randbelow(9 * 10**15))
        file = File(name, mime_type, content, hashlib.sha256(content).digest())
        with self._lock:
            self._files[file.id] = file
            self._bytes += len(content)
            self._make_room()
        return file

    def _make_room(self) -> None:
        while self._bytes > KEPT_BYTES:
            self._bytes -= len(self._files.popitem(last=False)[1].content)

    def get(self, id: str) -> File:
        with self._lock:
            file = self._files.get(id)
        if file is None:
            raise GraphError(100, f"Object with ID '{id}' does not exist", status=404)
        return file

    def holds(self, id: str) -> bool:
        with self._lock:
            return id in self._files

    def ticket(self, file: File) -> str:
        """The signature that makes a download URL valid for five minutes."""
        made, now = secrets.token_urlsafe(24), time.monotonic()
        with self._lock:
            self._tickets = {t: (id, until) for t, (id, until) in self._tickets.items() if until > now}
            self._tickets[made] = (file.id, now + URL_LIVES_S)
        return made

    def redeem(self, id: str, ticket: str) -> File:
        """The file that a URL stands for, while it is good."""
        with self._lock:
            named, until = self._tickets.get(ticket, ("", 0.0))
        if named != id or until < time.monotonic():
            raise GraphError(100, "This URL has expired", status=404)
        return self.get(id)

    def forget(self) -> None:
        with self._lock:
            self._files.clear()
            self._tickets.clear()
            self._bytes = 0
