"""Deadlines and minimum rates of a connection, for heads, bodies and answers.

gunicorn reads heads and bodies, and discards what the application left unread, through `recv` of the same socket. So
one place holds for the webhook, the chat and the window alike.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socket import SHUT_RDWR
from time import monotonic
from typing import Any

from core.errors import TooSlow
from core.settings import Settings

PIECE = 64 * 1024


class ClientGone(ConnectionResetError):
    """The connection ended, also when we ended it: gunicorn passes over that without a word."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a client may take."""

    head_s: float
    body_s: float
    body_bytes_per_s: int
    """After `body_s`, a body must have come at least this fast on average."""
    take_s: float
    """A client that takes none of an answer's next 64 KB for so long is dropped."""

    @classmethod
    def of(cls, settings: Settings) -> Pace:
        return cls(
            settings.door_head_s, settings.door_body_s, settings.door_body_bytes_per_s, settings.door_answer_s
        )  # fmt: skip


class Paced:
    """A client's socket, with deadlines. Everything else is the socket's own."""

    def __init__(self, client: Any, address: str, pace: Pace):
        self._client, self.address, self._pace = client, address, pace
        self.waits = False
        """Whether it waits for its client at this moment."""
        self.since = monotonic()
        """When the connection came to what it is at: a head, a body, an answer, or nothing."""
        self._received = 0
        self._in_body = False
        self._head_by: float | None = self.since + pace.head_s

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def begin_body(self) -> None:
        """The head is whole: what comes now is a body."""
        self._in_body, self._received, self.since = True, 0, monotonic()

    def rest(self) -> None:
        """The request was answered: the next may come, or nothing. The rest of the body counts as the next head."""
        self._in_body, self._head_by, self.since = False, None, monotonic()

    def recv(self, size: int, *flags: int) -> bytes:
        """The next bytes. Too late for a head: nothing, as if the client had gone. Too late for a body: TooSlow."""
        left = self._left()
        if left is not None and left <= 0:
            return self._late()
        self._client.settimeout(left)
        try:
            with self._waiting():
                found: bytes = self._client.recv(size, *flags)
        except TimeoutError:
            return self._late()
        except OSError as error:
            raise _reset(error) from None
        self._came(len(found))
        return found

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """All of it, piece by piece; each must be taken in time."""
        self._client.settimeout(self._pace.take_s)
        self.since = monotonic()
        pieces = memoryview(data)
        try:
            with self._waiting():
                for start in range(0, len(pieces), PIECE):
                    self._client.sendall(pieces[start : start + PIECE], flags)
        except OSError as error:
            raise _reset(error) from None

    def drop(self) -> None:
        """End the connection: whoever waits on it is told that the client reset it."""
        with suppress(OSError):  # it has ended already
            self._client.shutdown(SHUT_RDWR)

    def _left(self) -> float | None:
        if self._in_body:
            allowed = self._pace.body_s + self._received / self._pace.body_bytes_per_s
            return self.since + allowed - monotonic()
        return None if self._head_by is None else self._head_by - monotonic()

    def _came(self, size: int) -> None:
        self._received += size
        if not self._in_body and self._head_by is None:
            self.since = monotonic()
            self._head_by = self.since + self._pace.head_s

    def _late(self) -> bytes:
        if self._in_body:
            raise TooSlow("the body came too slowly")
        return b""

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self.waits = True
        try:
            yield
        finally:
            self.waits = False


def _reset(error: OSError) -> ClientGone:
    return ClientGone(errno.ECONNRESET, str(error))
