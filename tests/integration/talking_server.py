"""A server that answers as it is told, down to the single byte."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

Talk = Callable[[socket.socket, Any], None]
"""What the server does on a connection, given the request it has just heard."""


def answer(status: int, body: Any) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"HTTP/1.1 %d X\r\nContent-Type: x\r\nContent-Length: %d\r\n\r\n%b" % (status, len(text), text)


ACCEPTED = answer(200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.X"}]})


def saying(said: bytes) -> Talk:
    return lambda peer, _: peer.sendall(said)


class Graph:
    """A server that answers the n-th request with the n-th talk, the last one ever after."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.talks: list[Talk] = [saying(ACCEPTED)]
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graph"

    def stop(self) -> None:
        # Closing alone would leave the accept of the other thread waiting.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._hold, args=(peer,), daemon=True).start()

    def _hold(self, peer: socket.socket) -> None:
        try:
            with closing(self._tls.wrap_socket(peer, server_side=True) if self._tls else peer) as spoken:
                while heard := self._hear(spoken):
                    self.talks[min(len(self.requests), len(self.talks)) - 1](spoken, heard)
        except OSError:
            return

    def _hear(self, peer: socket.socket) -> Any:
        with peer.makefile("rb") as incoming:
            first, headers = incoming.readline().decode().strip(), {}
            while line := incoming.readline().decode().strip():
                name, _, value = line.partition(": ")
                headers[name] = value
            if not first:
                return None
            body = json.loads(incoming.read(int(headers["Content-Length"])))
            self.requests.append((first, headers, body))
            return body
