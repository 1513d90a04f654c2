"""Bounded HTTP GET: time and size limits hold for head and body, also against a server that trickles.

The connection is urllib3's, which does TLS; the answer is read by `http.client` from a stream on which every
single read has only what is left of the time. Redirects are answers like any other: nobody follows them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from socket import socket
from time import monotonic
from typing import Any

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Url

from core.errors import TimedOut, Unreachable

_AT_ONCE = 65_536


class TooMuch(Exception):  # told apart from our errors: the caller decides what it means
    """More bytes than were allowed, announced or sent."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    status: int
    body: bytes


def get(url: Url, headers: Mapping[str, str], *, largest: int, until: float) -> Downloaded:
    """The answer, whole, before `until`. Raises TimedOut, Unreachable, or TooMuch when the body of a 200 is larger."""
    connection = _connection(url, until)
    try:
        connection.connect()
        sock: Any = connection.sock
        _allow(sock, until)
        sock.sendall(_request(url, headers))
        return _read(sock, largest, until)
    except TimeoutError:
        raise TimedOut("no time left") from None
    except (OSError, HTTPError, HTTPException, ValueError) as problem:
        if monotonic() >= until:
            raise TimedOut("no time left") from None
        raise Unreachable(f"no answer: {type(problem).__name__}") from None
    finally:
        connection.close()


def _connection(url: Url, until: float) -> HTTPConnection:
    left = max(0.001, until - monotonic())
    host = (url.host or "").strip("[]")
    if url.scheme == "https":
        return HTTPSConnection(host, url.port or 443, timeout=left, ca_certs=certifi.where())
    return HTTPConnection(host, url.port or 80, timeout=left)


def _request(url: Url, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {url.request_uri} HTTP/1.1", f"Host: {url.netloc}", "Connection: close", "Accept-Encoding: identity"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break in a request")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _read(sock: socket, largest: int, until: float) -> Downloaded:
    response = HTTPResponse(_Ending(sock, until), method="GET")  # type: ignore[arg-type]  # all it needs is makefile
    response.begin()
    if response.status != 200:
        return Downloaded(response.status, response.read(_AT_ONCE))
    if response.length is not None and response.length > largest:
        raise TooMuch
    return Downloaded(200, _body(response, largest))


def _body(response: HTTPResponse, largest: int) -> bytes:
    body = bytearray()
    while piece := response.read(_AT_ONCE):
        body += piece
        if len(body) > largest:
            raise TooMuch
    if response.length:
        raise Unreachable("cut short")
    return bytes(body)


class _Ending:
    """A socket as `http.client` sees it, until its time is over."""

    def __init__(self, sock: socket, until: float):
        self._stream = _Stream(sock, until)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._stream, _AT_ONCE)


class _Stream(io.RawIOBase):
    def __init__(self, sock: socket, until: float):
        self._sock, self._until = sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        _allow(self._sock, self._until)
        return self._sock.recv_into(buffer)


def _allow(sock: socket, until: float) -> None:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    sock.settimeout(left)
