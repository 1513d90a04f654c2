"""Threaded HTTP/1.1 server with keep-alive; one process, since the state is in memory."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

BACKLOG = 1024


class _Connection(WSGIRequestHandler):
    """One connection: kept open between requests, answers sent at once, nothing logged (it would name people)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return None

    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            super().log(type, message, *args)


def server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Bound and listening; `serve_forever` runs it. Port 0 picks a free one (`server.port`); raises OSError."""
    with socket.create_server((host, port), backlog=BACKLOG) as listening:
        return ThreadedWSGIServer(host, port, app, handler=_Connection, fd=listening.fileno())
