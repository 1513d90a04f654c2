"""A simulator over real HTTP, and a business that remembers what was posted to its webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

import urllib3
from pydantic import SecretStr

from core.settings import Settings
from simulator import app, serve

SECRET = "the app's secret"
TOKEN = "the access token"
NUMBER = "100000000000001"
LUCIA = "5215550000001"
PATIENCE_S = 20.0


class Business:
    """A webhook that keeps every POST; `answers` is what it says to the next ones, 200 after that."""

    def __init__(self) -> None:
        self.bell = Condition()
        self.posts: list[tuple[str, bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.take(self.headers["X-Hub-Signature-256"], body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def take(self, signature: str, body: bytes) -> int:
        with self.bell:
            self.posts.append((signature, body))
            self.bell.notify_all()
            return self.answers.pop(0) if self.answers else 200

    def values(self) -> list[dict[str, Any]]:
        return [
            change["value"]
            for _, body in self.posts
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
        ]

    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values() for message in value.get("messages", ())]

    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values() for status in value.get("statuses", ())]

    def wait(self, what: str, count: int) -> list[Any]:
        """The first `count` of posts, values, messages or statuses, when they have come."""
        found = (lambda: self.posts) if what == "posts" else getattr(self, what)
        with self.bell:
            came = self.bell.wait_for(lambda: len(found()) >= count, PATIENCE_S)
            assert came, f"{len(found())} {what} came, not {count}"
            return list(found())


class Simulated:
    """The simulator's two doors, as the bot and as a test use them."""

    def __init__(self, url: str, business: Business, application: Any):
        self.url, self.business, self.app = url, business, application
        self.exchange = application.extensions["exchange"]
        self.http = urllib3.PoolManager(retries=False, timeout=PATIENCE_S)

    def graph(self, path: str, body: Any = None, method: str = "POST", token: str = TOKEN) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self.http.request(method, f"{self.url}/graph/v26.0/{path}", body=json.dumps(body), headers=headers)

    def send(self, number: str = NUMBER, **body: Any) -> urllib3.BaseHTTPResponse:
        whole = {"messaging_product": "whatsapp", "to": LUCIA, **body}
        if "type" not in whole:
            whole |= {"type": "text", "text": {"body": "Hola"}}
        return self.graph(f"{number}/messages", whole)

    def ask(self, path: str, body: Any = None, method: str = "") -> dict[str, Any]:
        """The answer of the test API, which must be a good one."""
        verb = method or ("GET" if body is None else "POST")
        answer = self.http.request(verb, f"{self.url}/simulator/{path}", json=body)
        assert answer.status < 300, answer.data
        result: dict[str, Any] = answer.json()
        return result

    def fault(self, **wanted: Any) -> None:
        self.ask("faults", wanted)

    def say(self, customer: str = LUCIA, **wanted: Any) -> dict[str, Any]:
        return self.ask(f"customers/{customer}/messages", {"kind": "text", "text": "Hola", "number": NUMBER, **wanted})

    def chat(self, customer: str = LUCIA, number: str = NUMBER) -> list[dict[str, Any]]:
        return list(self.ask(f"customers/{customer}/chat?number={number}")["bubbles"])

    def wait_change(self, event: str, **like: Any) -> dict[str, Any]:
        """The first change of this kind, when it has come."""
        world = self.exchange.world
        with world.bell:
            found: list[dict[str, Any]] = []

            def came() -> bool:
                found[:] = [c for c in world.changes(0) if c["event"] == event and like.items() <= c.items()]
                return bool(found)

            assert world.bell.wait_for(came, PATIENCE_S), f"no {event} with {like}"
            return found[0]


@contextmanager
def business() -> Iterator[Business]:
    made = Business()
    yield made
    made.server.shutdown()
    made.server.server_close()


@contextmanager
def simulated(business: Business) -> Iterator[Simulated]:
    application = app.create(settings(), business.url)
    server = serve.server(application, "127.0.0.1", 0)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made = Simulated(f"http://127.0.0.1:{server.port}", business, application)
    yield made
    made.http.clear()
    made.exchange.postman.close()
    server.shutdown()
    server.server_close()


def settings(**given: Any) -> Settings:
    return Settings(whatsapp_app_secret=SecretStr(SECRET), whatsapp_access_token=SecretStr(TOKEN), **given)
