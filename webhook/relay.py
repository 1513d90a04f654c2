"""Reverse proxy from door to window: staff pages are answered by processes of their own, so that no page they open stands
in the way of a message.

A process of the door passes such a request on, over a socket that only processes of this server reach, and hands back
the answer piece by piece as it comes. Everything else it answers itself.
"""

from __future__ import annotations

import http.client
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from core.errors import TooSlow
from core.telemetry import log
from webhook.addresses import forwarded, network
from webhook.places import Places

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STAFF = "/admin"
ADDRESS, SCHEME = "X-Door-Address", "X-Door-Scheme"
"""The address and the scheme of the caller. Headers of a caller with these names are not passed on."""

AT_ONCE = 200
"""Requests a process passes on at the same moment: the rest of its greenlets are for those who serve customers."""
SILENT_S = 75.0
"""The server ends a process that is stuck for a minute."""
MOST_BYTES = 512 * 1024
PIECE = 64 * 1024
BETWEEN_TWO = frozenset(
    "connection keep-alive proxy-connection te trailer transfer-encoding upgrade expect content-length date server".split()
)
"""Headers of one connection (hop-by-hop); it is agreed anew on each side."""
WHY = {
    400: ("400 Bad Request", b"The form broke off.\n"),
    408: ("408 Request Timeout", b"The form came too slowly.\n"),
    411: ("411 Length Required", b"How long is it?\n"),
    413: ("413 Content Too Large", b"That is more than a form holds.\n"),
    503: ("503 Service Unavailable", b"Please try again in a moment.\n"),
}


class StaffSocket:
    """The Unix socket between door and staff processes, in a folder that only this user can open."""

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="turno-"))
        self.path = str(self._folder / "window")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(self.path)
        self.socket.listen(512)

    def close(self) -> None:
        self.socket.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class Relay:
    """The reverse proxy, in the door's process: forwards staff pages and streams their answers back."""

    def __init__(self, app: WSGIApplication, path: str, *, at_once: int = AT_ONCE, proxies: int = 0):
        self._app, self._path, self._places, self._proxies = app, path, Places(at_once), proxies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not for_staff(environ["PATH_INFO"]):
            return self._app(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if "HTTP_TRANSFER_ENCODING" in environ:
            return _refused(start_response, 411)
        if length > MOST_BYTES:
            return _refused(start_response, 413)
        try:
            body = environ["wsgi.input"].read(length)  # before a place is taken: a slow or gone client holds none
        except TooSlow as slow:
            return _refused(start_response, slow.status)
        if len(body) != length:
            return _refused(start_response, 400)
        return self._with_a_place(environ, start_response, body)

    def _with_a_place(self, environ: WSGIEnvironment, start_response: StartResponse, body: bytes) -> Iterable[bytes]:
        header = environ.get("HTTP_X_FORWARDED_FOR", "")
        address = network(forwarded(environ.get("REMOTE_ADDR", ""), header, self._proxies))
        if not self._places.take(address):
            return _refused(start_response, 503)
        return self._passed_on(environ, start_response, body, lambda: self._places.leave(address))

    def _passed_on(
        self, environ: WSGIEnvironment, start_response: StartResponse, body: bytes, leave: Callable[[], None]
    ) -> Iterable[bytes]:
        connection = _Connection(self._path)
        try:
            answer = connection.ask(environ, body)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            leave()
            log.error("relay.no_answer", error=type(error).__name__)
            return _refused(start_response, 503)
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in BETWEEN_TWO]
        if (length := answer.getheader("Content-Length")) is not None:
            headers.append(("Content-Length", length))
        start_response(f"{answer.status} {answer.reason}", headers)
        return _Pieces(connection, answer, leave)


class Relayed:
    """The window's side: who asks is who came to the door."""

    def __init__(self, app: WSGIApplication):
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.pop(_key(ADDRESS), "")
        environ["wsgi.url_scheme"] = environ.pop(_key(SCHEME), "http")
        return self._app(environ, start_response)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str):
        super().__init__("window", timeout=SILENT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)

    def ask(self, environ: WSGIEnvironment, body: bytes) -> http.client.HTTPResponse:
        self.putrequest(environ["REQUEST_METHOD"], environ["RAW_URI"], skip_host=True, skip_accept_encoding=True)
        for name, value in _headers(environ):
            self.putheader(name, value)
        self.putheader("Content-Length", str(len(body)))
        self.putheader("Connection", "close")
        self.endheaders(body or None)
        return self.getresponse()


class _Pieces:
    """An answer as it comes. One that breaks off here must not look whole there."""

    def __init__(self, connection: _Connection, answer: http.client.HTTPResponse, leave: Callable[[], None]):
        self._connection, self._answer, self._leave = connection, answer, leave

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._answer.read1(PIECE):
            yield piece
        if self._answer.length:
            raise http.client.IncompleteRead(b"", self._answer.length)

    def close(self) -> None:
        self._connection.close()
        self._answer.close()
        self._leave()


def for_staff(path: str) -> bool:
    """Whether this path is a page of the admin window."""
    return path == STAFF or path.startswith(f"{STAFF}/")


def _headers(environ: WSGIEnvironment) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        name = key[5:].replace("_", "-").title() if key.startswith("HTTP_") else ""
        if name and name.lower() not in BETWEEN_TWO and name not in (ADDRESS, SCHEME):
            yield name, value
    if kind := environ.get("CONTENT_TYPE"):
        yield "Content-Type", kind
    yield ADDRESS, environ.get("REMOTE_ADDR", "")
    yield SCHEME, environ["wsgi.url_scheme"]


def _key(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


def _refused(start_response: StartResponse, status: int) -> Iterable[bytes]:
    line, body = WHY[status]
    lines = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(line, lines + ([("Retry-After", "2")] if status == 503 else []))
    return [body]
