"""HTTP/1.1 response parser without I/O: it asks `more` for the next bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

More = Callable[[], bytes]
"""The next bytes; empty when the other side has closed."""

LARGEST_HEAD = 65_536
LARGEST_BODY = 1_048_576


class BadAnswer(ValueError):
    """Raised for a response that is not HTTP, is cut short, or is larger than any of ours would be."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    keep: bool
    """True when the connection may carry another call."""


class _Incoming:
    """Bytes that have come and were not yet used."""

    __slots__ = ("_more", "held")

    def __init__(self, more: More):
        self._more = more
        self.held = b""

    def until(self, mark: bytes, largest: int) -> bytes:
        """Everything before `mark`, which is used up too."""
        while (at := self.held.find(mark)) < 0:
            if len(self.held) > largest:
                raise BadAnswer("too large")
            self._fetch()
        found, self.held = self.held[:at], self.held[at + len(mark) :]
        return found

    def exactly(self, size: int) -> bytes:
        while len(self.held) < size:
            self._fetch()
        found, self.held = self.held[:size], self.held[size:]
        return found

    def everything(self) -> bytes:
        """All there is until the other side closes."""
        while piece := self._more():
            self.held += piece
            _check(len(self.held))
        _check(len(self.held))
        return self.held

    def _fetch(self) -> None:
        piece = self._more()
        if not piece:
            raise BadAnswer("cut short")
        self.held += piece


def read(more: More) -> Answer:
    """The next answer; raises BadAnswer when there is none to be had."""
    incoming = _Incoming(more)
    status, version, fields = _head(incoming)
    while status in range(100, 200):  # “go on”, before the answer proper
        status, version, fields = _head(incoming)
    keep = b"close" not in fields.get(b"connection", b"") and version == b"HTTP/1.1"
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        return _answer(status, _chunks(incoming), keep, incoming)
    if status in (204, 304):
        return _answer(status, b"", keep, incoming)
    if (length := fields.get(b"content-length")) is None:
        return Answer(status, incoming.everything(), keep=False)
    return _answer(status, incoming.exactly(_size(length, 10)), keep, incoming)


def _answer(status: int, body: bytes, keep: bool, incoming: _Incoming) -> Answer:
    # Bytes beyond the answer belong to nothing we asked: such a connection is not to be trusted again.
    return Answer(status, body, keep and not incoming.held)


def _head(incoming: _Incoming) -> tuple[int, bytes, dict[bytes, bytes]]:
    first, *lines = incoming.until(b"\r\n\r\n", LARGEST_HEAD).split(b"\r\n")
    version, _, rest = first.partition(b" ")
    status = rest[:3]
    if not version.startswith(b"HTTP/1.") or len(status) != 3 or not status.isdigit():
        raise BadAnswer("not HTTP")
    fields = {}
    for line in lines:
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip().lower()
    return int(status), version, fields


def _chunks(incoming: _Incoming) -> bytes:
    body = b""
    while size := _size(incoming.until(b"\r\n", LARGEST_HEAD).partition(b";")[0], 16):
        _check(len(body) + size)
        body += incoming.exactly(size)
        if incoming.exactly(2) != b"\r\n":
            raise BadAnswer("a chunk without its end")
    while incoming.until(b"\r\n", LARGEST_HEAD):  # trailers say nothing to us
        pass
    return body


def _size(digits: bytes, base: int) -> int:
    try:
        size = int(digits, base)
    except ValueError:
        raise BadAnswer("no size") from None
    if size < 0:
        raise BadAnswer("no size")
    return _check(size)


def _check(size: int) -> int:
    if size > LARGEST_BODY:
        raise BadAnswer("too large")
    return size
