"""A server that knows the roads, as OSRM does: quick, wrong, failing, or one that hangs until it is let go."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

ROUTE = {"code": "Ok", "routes": [{"distance": 6512.4, "duration": 2430.2}]}


class Roads:
    def __init__(self) -> None:
        self.status, self.body, self.hangs_s = 200, json.dumps(ROUTE).encode(), 0.0
        self.asked: list[str] = []
        self.answered = 0
        self.let_go = Event()
        roads = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                roads.asked.append(self.path)
                roads.let_go.wait(roads.hangs_s)
                roads.answered += 1
                self.send_response(roads.status)
                self.end_headers()
                self.wfile.write(roads.body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # callers hang up
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
