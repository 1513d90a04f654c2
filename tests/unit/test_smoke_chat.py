"""The seven calls of the chat: whichever of them is answered badly is named, and ends the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.commands.site import Site
from bot.commands.smoke_chat import CALLS, Smoke, run

GOOD: dict[str, Any] = {
    "/api/health": {"ok": True, "status": "healthy"},
    "/api/greeting": {"ok": True, "sessionId": "web-1", "csrfToken": "t", "greeting": "¡Hola!"},
    "/api/session/validate": {"ok": True, "valid": True},
    "/api/messages": {"ok": True, "cursor": "0.0", "lines": []},
    "/api/chat": {"ok": True, "reply": "¿En qué te ayudo?", "pending": False},
    "/api/upload-image": {"ok": True, "queued": True},
    "/api/whatsapp-ticket": {"ok": True, "ticketId": "TCK-1"},
    "/api/logs": "a line\n",
}


class Deployment(ThreadingHTTPServer):
    """Answers as told; `bad` replaces some answers: a status, or another body."""

    def __init__(self, bad: dict[str, Any]):
        self.bad, self.asked = bad, list[str]()
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: Deployment

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = self.server.bad.get(self.path, GOOD[self.path])
        status, told = (told, {"ok": False}) if isinstance(told, int) else (200, told)
        body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8" if isinstance(told, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    made = Deployment({})
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def smoke(deployment: Deployment, **more: Any) -> tuple[str, list[str]]:
    told: list[str] = []
    site = Site(f"http://127.0.0.1:{deployment.server_port}")
    return run(Smoke(site, "", "key", patience_s=0.1, **more), told.append), told


def test_all_seven_are_called_in_order_when_all_is_well(deployment: Deployment) -> None:
    failed, told = smoke(deployment)
    assert failed == ""
    assert len(told) == len(CALLS) == 7
    assert [path for path in deployment.asked if path != "/api/messages"] == [name.split()[1] for name, _ in CALLS]


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        ("/api/health", 503, "answered 503"),
        ("/api/health", {"ok": False}, "ok is False"),
        ("/api/greeting", {**GOOD["/api/greeting"], "csrfToken": None}, "no csrfToken"),
        ("/api/greeting", {**GOOD["/api/greeting"], "sessionId": ""}, "no sessionId"),
        ("/api/session/validate", {"ok": True, "valid": False}, "valid is False"),
        ("/api/chat", 429, "answered 429"),
        ("/api/chat", {"ok": True, "pending": True}, "no reply within"),
        ("/api/upload-image", {"ok": False}, "ok is False"),
        ("/api/whatsapp-ticket", {"ok": True}, "no ticketId"),
        ("/api/logs", 401, "status is 401"),
        ("/api/logs", {"lines": []}, "kind of answer is 'application/json'"),
    ],
)
def test_the_call_that_went_wrong_is_named_and_is_the_last(
    deployment: Deployment, path: str, answer: Any, why: str
) -> None:
    deployment.bad[path] = answer
    failed, told = smoke(deployment)
    assert failed.endswith(path)
    assert why in told[-1]
    assert deployment.asked[-1] in (path, "/api/messages")


def test_a_line_that_takes_longer_than_it_may_is_wrong(deployment: Deployment) -> None:
    failed, told = smoke(deployment, nominal_s=0.0)
    assert failed == "POST /api/chat" and "0 s is the most" in told[-1]


def test_a_site_that_is_not_there_is_told() -> None:
    told: list[str] = []
    assert run(Smoke(Site("http://127.0.0.1:1"), "", "", 0.1), told.append) == "GET /api/health"
    assert "does not answer" in told[-1]
