"""HTTP connection pool whose timeout holds for a whole call.

urllib3's pool keeps the connections, and its connections do TLS. The exchange itself is one
write and, nearly always, one read: a socket timeout that begins anew with every byte would let
a server that trickles hold a caller for hours, so here what is left shrinks with every read.
"""

from __future__ import annotations

from collections.abc import Callable
from socket import socket
from time import monotonic
from typing import Any

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ClosedPoolError, HTTPError
from urllib3.util import parse_url

from bot.channels.whatsapp.http_answer import Answer, read
from core import crashpoints
from core.errors import Undecided, Unreachable

_AT_ONCE = 65_536


def open_pool(url: str, size: int) -> Pool:
    """A pool for the host of `url` that keeps up to `size` connections; a call never waits for one."""
    found = parse_url(url)
    if not found.host or found.scheme not in ("http", "https"):
        raise ValueError(f"{url!r} is not a web address")
    if found.scheme == "https":
        return SecurePool(found.host, found.port, maxsize=size, ca_certs=certifi.where())
    return Pool(found.host, found.port, maxsize=size)


class Pool(HTTPConnectionPool):
    """Connections to one host."""

    def exchange(self, request: bytes, limit_s: float) -> Answer:
        """The answer to `request`, whole HTTP text, within `limit_s`.

        Raises Unreachable when nothing was sent, Undecided when something was and no answer came.
        """
        until = monotonic() + limit_s
        connection = self._taken()
        keep = False
        try:
            answer = _exchange(_connected(connection, limit_s), request, until)
            keep = answer.keep
            return answer
        finally:
            if not keep:
                connection.close()
            self._put_conn(connection)

    def _taken(self) -> Any:
        try:
            return self._get_conn()
        except ClosedPoolError:
            raise Unreachable("the pool is closed") from None


class SecurePool(HTTPSConnectionPool, Pool):
    """The same over TLS, checked against the usual authorities."""


def _connected(connection: Any, limit_s: float) -> socket:
    """The socket of a connection that stands, opened first if need be."""
    try:
        if connection.is_closed:
            connection.timeout = limit_s
            connection.connect()
        sock: socket = connection.sock
        return sock
    except (OSError, HTTPError) as problem:
        raise Unreachable(f"no connection: {type(problem).__name__}") from None


def _exchange(sock: socket, request: bytes, until: float) -> Answer:
    _allow(sock, until, Unreachable)
    try:
        crashpoints.reach("graph:writing")
        sock.sendall(request)
        crashpoints.reach("graph:written")
        answer = read(_reader(sock, until))
    except (OSError, ValueError) as problem:
        raise Undecided(f"no answer: {type(problem).__name__}") from None
    crashpoints.reach("graph:answered")
    return answer


def _reader(sock: socket, until: float) -> Callable[[], bytes]:
    def more() -> bytes:
        _allow(sock, until, TimeoutError)
        return sock.recv(_AT_ONCE)

    return more


def _allow(sock: socket, until: float, otherwise: type[Exception]) -> None:
    """Let the next step of `sock` take what time is left; raise `otherwise` when none is."""
    left = until - monotonic()
    if left <= 0:
        raise otherwise("no time left")
    sock.settimeout(left)
