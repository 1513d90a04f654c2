"""The outside of photos and voice notes: a server that tells where files are and hands them out, in good ways and bad."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

TOKEN = "EAAsecret"


@dataclass
class File:
    content: bytes
    told: dict[str, Any] = field(default_factory=dict)
    """What is told of it, besides what is true."""
    serve: Callable[[Files, _Answers, File], None] | None = None
    """How it is handed out, when not simply whole."""
    places: int = 0
    """How often somebody asked where it is."""


class Files:
    """`/graph/<version>/<media id>` tells the place, `/file/<media id>` hands it out."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = Event()
        self.sent = 0
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/graph"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def add(self, media_id: str, content: bytes, *, serve: Any = None, **told: Any) -> File:
        self.files[media_id] = File(content, told, serve)
        return self.files[media_id]

    def place(self, media_id: str) -> str:
        return f"http://127.0.0.1:{self.port}/file/{media_id}"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, files: Files):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.files = files

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers hang up: that is what is tested."""


class _Answers(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        files = self.server.files
        files.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        media_id = self.path.rpartition("/")[2]
        file = files.files.get(media_id)
        if file is None:
            return self.reply(404, b'{"error": {"code": 100}}')
        if self.path.startswith("/graph/"):
            file.places += 1
            told = {
                "url": files.place(media_id),
                "mime_type": "image/jpeg",
                "id": media_id,
                "sha256": sha256(file.content).hexdigest(),
                "file_size": len(file.content),
                **file.told,
            }
            return self.reply(200, json.dumps(told).encode())
        if file.serve is not None:
            return file.serve(files, self, file)
        return self.reply(200, file.content)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def endless(files: Files, answers: _Answers, file: File) -> None:
    """A hundred megabytes, without saying so."""
    answers.send_response(200)
    answers.end_headers()
    for _ in range(1600):
        answers.wfile.write(bytes(65_536))
        files.sent += 65_536


def trickle(files: Files, answers: _Answers, file: File) -> None:
    """A byte now and then, until the caller has had enough."""
    answers.send_response(200)
    answers.send_header("Content-Length", str(len(file.content)))
    answers.end_headers()
    while not files.closing.wait(0.02):
        answers.wfile.write(b"\0")
        answers.wfile.flush()


def cut_short(files: Files, answers: _Answers, file: File) -> None:
    answers.send_response(200)
    answers.send_header("Content-Length", str(len(file.content)))
    answers.end_headers()
    answers.wfile.write(file.content[:-100])


def chunked(files: Files, answers: _Answers, file: File) -> None:
    answers.protocol_version = "HTTP/1.1"
    answers.send_response(200)
    answers.send_header("Transfer-Encoding", "chunked")
    answers.end_headers()
    half = len(file.content) // 2
    for piece in (file.content[:half], file.content[half:], b""):
        answers.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))


def redirect(to: str) -> Any:
    return lambda files, answers, file: answers.reply(302, b"", Location=to)


def expired_once(files: Files, answers: _Answers, file: File) -> None:
    answers.reply(404, b"") if file.places == 1 else answers.reply(200, file.content)


def failing(status: int, times: int = 10**9) -> Any:
    left = [times]

    def serve(files: Files, answers: _Answers, file: File) -> None:
        left[0] -= 1
        answers.reply(status, b"") if left[0] >= 0 else answers.reply(200, file.content)

    return serve
