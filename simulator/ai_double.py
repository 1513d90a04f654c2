"""Test double of the AI: chat completions over real HTTP, with every kind of failure on request.

    POST /v1/chat/completions      answers in the mode that is on
    POST /v1/audio/speech          bytes that begin like a voice note, whatever the mode
    PUT  /mode {"mode": …, "seconds"?: …, "content"?: …, "times"?: …}
    GET  /calls                    how often it was asked, what it was asked last, which callers hung up

Modes: answer · echo (`content` as the model's words) · hang · trickle · http_500 · http_429 · http_400 · prose ·
wrong_json · injection · negative · over_one · empty · huge. With `times`, the mode holds for that many calls only.

`python -m simulator.ai_double --port 8090` runs it by itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from threading import Condition, Event, Lock, Thread
from typing import Any, Final

LARGEST_BODY = 1_000_000
TRICKLE_EVERY_S = 0.05

_KINDS: Final = {
    "refrigerator": ("refri", "nevera", "enfriador", "cooler", "vitrina", "botellero", "fridge"),
    "vehicle": ("carro", "camion", "vehic", "auto", "troca", "torton", "truck"),
}


@dataclass
class State:
    """The configured behaviour of the AI double, and its recorded requests."""

    mode: str = "answer"
    content: str = ""
    times: int | None = None
    calls: int = 0
    hung_up: int = 0
    under_way: int = 0
    most_at_once: int = 0
    """Calls under way at the same time, at most, since the mode was set."""
    last: dict[str, Any] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    changed: Condition = field(default_factory=Condition)
    closing: Event = field(default_factory=Event)

    def begin(self, body: dict[str, Any]) -> str:
        with self.lock:
            self.calls += 1
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            self.last = body
            if self.times is not None:
                self.times -= 1
                if self.times < 0:
                    self.mode, self.times = "answer", None
            return self.mode

    def end(self) -> None:
        with self.lock:
            self.under_way -= 1

    def be(self, mode: str, content: str = "", times: int | None = None) -> None:
        with self.lock:
            self.mode, self.content, self.times = mode, content, times
            self.most_at_once = self.under_way

    def note_hang_up(self) -> None:
        with self.changed:
            self.hung_up += 1
            self.changed.notify_all()


def understand(text: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """A modest model: it knows a few words, and fills every field of the schema it was given."""
    folded = text.lower()
    kind = next((kind for kind, words in _KINDS.items() if any(word in folded for word in words)), None)
    problem = text if kind and len(text) > 30 else None
    known = {
        "intent": f"report_{kind}" if kind else "",
        "equipment_kind": kind,
        "problem": problem,
        "confidence": 0.9 if kind else 0.2,
        "reason": "words of the text",
    }
    return {name: known.get(name) for name in wanted}


def completion(content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": None}
    return {
        "id": "chatcmpl-double",
        "object": "chat.completion",
        "created": 0,
        "model": "double",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def _said(state: State, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body["response_format"]["json_schema"]["schema"]["properties"]
    asked = body["messages"][-1]["content"]
    text = (asked if isinstance(asked, str) else "").removeprefix("<customer_text>").removesuffix("</customer_text>")
    return understand(text, wanted)


def _words(mode: str, state: State, body: dict[str, Any]) -> str:
    """The model's answer in each mode."""
    said = _said(state, body)
    spoken: dict[str, Callable[[], str]] = {
        "echo": lambda: state.content,
        "prose": lambda: "Claro, con gusto: lo veo enseguida.",
        "wrong_json": lambda: json.dumps({"answer": 42}),
        "injection": lambda: json.dumps(
            {**said, "intent": "cancel", "reply": "Your account is closed", "confidence": 1}
        ),
        "negative": lambda: json.dumps({**said, "confidence": -0.5}),
        "over_one": lambda: json.dumps({**said, "confidence": 7}),
        "empty": lambda: "",
        "huge": lambda: "x" * 500_000,
    }
    return spoken.get(mode, lambda: json.dumps(said))()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """Head and body leave together."""
    server: _Server

    def do_POST(self) -> None:
        body = self._read()
        if body is not None and self.path == "/v1/audio/speech":
            return self._speak(body)
        if body is None or self.path != "/v1/chat/completions":
            return self._reply(404, {"error": {"message": "no such thing"}})
        state = self.server.state
        try:
            self._answer(state, body, state.begin(body))
        finally:
            state.end()

    def _speak(self, body: dict[str, Any]) -> None:
        """Bytes that begin like a voice note, and tell what was to be spoken."""
        self.server.state.begin(body)
        self.server.state.end()
        self._send(200, "audio/ogg", b"OggS" + str(body.get("input", "")).encode())

    def _answer(self, state: State, body: dict[str, Any], mode: str) -> None:
        if mode in ("hang", "trickle"):
            return self._stall(state, trickling=mode == "trickle")
        if mode.startswith("http_"):
            return self._reply(int(mode[5:]), {"error": {"message": "told to fail", "type": "double", "code": None}})
        self._reply(200, completion(_words(mode, state, body)))

    def do_PUT(self) -> None:
        body = self._read() or {}
        state = self.server.state
        state.be(str(body.get("mode", "answer")), str(body.get("content", "")), body.get("times"))
        self._reply(200, {"mode": state.mode})

    def do_GET(self) -> None:
        state = self.server.state
        self._reply(200, {"calls": state.calls, "hung_up": state.hung_up, "mode": state.mode, "last": state.last})

    def _read(self) -> dict[str, Any] | None:
        size = int(self.headers.get("Content-Length") or 0)
        if size > LARGEST_BODY:
            return None
        body = json.loads(self.rfile.read(size) or b"{}")
        return body if isinstance(body, dict) else None

    def _reply(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, written: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def _stall(self, state: State, *, trickling: bool) -> None:
        """Say nothing, or a space now and then, until the caller hangs up or the double closes."""
        self.close_connection = True
        if trickling:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.flush()
        while not state.closing.is_set():
            if self._gone():
                return state.note_hang_up()
            if trickling and not self._drip():
                return state.note_hang_up()

    def _gone(self) -> bool:
        """The caller has closed: its socket is readable and empty."""
        readable, _, _ = select([self.connection], [], [], TRICKLE_EVERY_S)
        try:
            return bool(readable) and not self.connection.recv(1)
        except ConnectionError:
            return True

    def _drip(self) -> bool:
        try:
            self.wfile.write(b" ")
            self.wfile.flush()
        except OSError:
            return False
        return True

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked holds what customers wrote."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int):
        super().__init__(("127.0.0.1", port), _Answers)
        self.state = State()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is what we are here for; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class AiDouble:
    """The double in this process: `with AiDouble() as double: … double.url`."""

    def __init__(self, port: int = 0):
        self._server = _Server(port)
        self.state = self._server.state
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> AiDouble:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.state.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def be(self, mode: str, *, content: str = "", times: int | None = None) -> None:
        self.state.be(mode, content, times)

    def await_hang_ups(self, count: int, timeout_s: float = 5.0) -> bool:
        """True once that many callers have closed their connections."""
        with self.state.changed:
            return self.state.changed.wait_for(lambda: self.state.hung_up >= count, timeout_s)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m simulator.ai_double")
    options.add_argument("--port", type=int, default=8090)
    server = _Server(options.parse_args().port)
    print(f"AI double on http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
