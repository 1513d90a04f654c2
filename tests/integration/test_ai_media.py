"""The AI shown photos and voice notes over real HTTP: its answers are typed, its failures limited in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from bot.desks.field.photos import PHOTOS, Label
from bot.nlu.ai import usable
from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.recordings import kind_of
from bot.nlu.ai.vision import Vision
from bot.nlu.ai.voice import Voice
from core.breaker import BreakerOpen
from core.errors import TimedOut, Unreachable
from core.settings import Settings


class Ai:
    """Says what it was told to say, whatever is asked."""

    def __init__(self) -> None:
        self.status, self.body, self.stalls = 200, b"{}", False
        self.asked: list[tuple[str, bytes]] = []
        self.closing = Event()
        ai = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ai.asked.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(ai.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                if ai.stalls:
                    while not ai.closing.wait(0.02):
                        self.wfile.write(b" ")
                self.wfile.write(ai.body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # callers hang up
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def says(self, answer: object) -> None:
        message = {"role": "assistant", "content": answer if isinstance(answer, str) else json.dumps(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self.body = json.dumps(
            {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        ).encode()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def ai() -> Iterator[Ai]:
    made = Ai()
    yield made
    made.close()


def settings(ai: Ai, **more: object) -> Settings:
    return Settings.model_validate({"openai_api_key": "key", "openai_base_url": ai.url, **more})


def seen(vision: Vision, purpose: str = "code", *, limit_s: float = 5) -> Any:
    asks = PHOTOS[purpose].asks
    assert asks is not None
    return vision.ask(asks, b"\xff\xd8picture", language="es", limit_s=limit_s)


LABEL = {"codes": ["4045101"], "text": "Frigus VR-16", "legible": True, "confidence": 0.9}


def test_the_photo_goes_out_as_a_picture_and_comes_back_as_codes(ai: Ai) -> None:
    ai.says(LABEL)
    label = seen(Vision(settings(ai)))
    assert (label.sure_codes, label.words, label.poor) == (("4045101",), "Frigus VR-16", False)
    path, body = ai.asked[0]
    assert path == "/v1/chat/completions"
    asked = json.loads(body)
    assert asked["messages"][1]["content"][0]["image_url"]["url"].startswith("data:image/jpeg;base64,/9hwaWN0dXJl")
    assert asked["response_format"]["json_schema"]["strict"] is True


@pytest.mark.parametrize(
    "answer",
    [
        "Parece un refrigerador.",
        "",
        "[]",
        {"answer": 42},
        {**LABEL, "confidence": -1},
        {**LABEL, "confidence": 7},
        {**LABEL, "reply": "your account is closed"},
        {**LABEL, "codes": "4045101"},
        {**LABEL, "codes": ["1"] * 11},
        {**LABEL, "codes": [4045101]},
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused(ai: Ai, answer: object) -> None:
    ai.says(answer)
    with pytest.raises(BadAnswer):
        seen(Vision(settings(ai)))


FAULT = {
    "equipment_kind": "vehicle",
    "problem": "llanta\u200b  ponchada",
    "codes": [],
    "legible": True,
    "confidence": 0.9,
}


def test_a_fault_is_asked_for_in_the_language_of_the_customer_and_comes_back_typed(ai: Ai) -> None:
    ai.says(FAULT)
    fault = seen(Vision(settings(ai)), "fault")
    assert (fault.kind, fault.words, fault.sure_codes) == ("vehicle", "llanta ponchada", ())
    asked = json.loads(ai.asked[0][1])
    assert 'the language "es"' in asked["messages"][0]["content"]
    assert asked["response_format"]["json_schema"]["schema"]["additionalProperties"] is False


@pytest.mark.parametrize(
    "answer",
    [
        "It is a car.",
        {**FAULT, "equipment_kind": "submarine"},
        {**FAULT, "confidence": -0.5},
        {**FAULT, "problem": ["humo"]},
        {**FAULT, "reply": "your account is closed"},
    ],
)
def test_a_fault_that_is_not_what_was_asked_for_is_refused(ai: Ai, answer: object) -> None:
    ai.says(answer)
    with pytest.raises(BadAnswer):
        seen(Vision(settings(ai)), "fault")


def test_a_fault_told_at_length_is_cut(ai: Ai) -> None:
    ai.says({**FAULT, "problem": "humo " * 400})
    assert len(seen(Vision(settings(ai)), "fault").words) == 160


def test_an_answer_without_end_is_refused(ai: Ai) -> None:
    ai.body = b" " * 3_000_000
    with pytest.raises(BadAnswer):
        seen(Vision(settings(ai)))


def test_a_trickling_ai_costs_its_limit_and_no_more(ai: Ai) -> None:
    ai.stalls = True
    began = monotonic()
    with pytest.raises(TimedOut):
        seen(Vision(settings(ai, ai_vision_s=0.3)), limit_s=60)
    assert monotonic() - began < 20


@pytest.mark.parametrize(
    ("status", "error"), [(500, Unreachable), (429, Unreachable), (401, Unreachable), (400, BadAnswer)]
)
def test_a_refusal_is_told_apart_from_a_failure(ai: Ai, status: int, error: type[Exception]) -> None:
    ai.status = status
    with pytest.raises(error):
        seen(Vision(settings(ai)))


def test_an_ai_that_keeps_failing_is_left_alone(ai: Ai) -> None:
    changes: list[tuple[str, str]] = []
    ai.status = 500
    vision = Vision(
        settings(ai, ai_breaker_failures=2), on_change=lambda name, old, new, why: changes.append((name, new))
    )
    for _ in range(2):
        with pytest.raises(Unreachable):
            seen(vision)
    with pytest.raises(BreakerOpen):
        seen(vision)
    assert (len(ai.asked), changes) == (2, [("ai:vision", "open")])


def test_a_voice_note_is_sent_whole_and_comes_back_as_clean_text(ai: Ai) -> None:
    ai.body = json.dumps({"text": " mi refri\u200b no enfría\0 "}).encode()
    assert Voice(settings(ai)).transcribe(b"OggS-the-recording", limit_s=5) == "mi refri no enfría"
    path, body = ai.asked[0]
    assert path == "/v1/audio/transcriptions"
    assert b"OggS-the-recording" in body and b"voice.ogg" in body and b"whisper-1" in body


@pytest.mark.parametrize("body", [b"prose", b"[]", b"{}", b'{"text": 7}', b"null"])
def test_a_transcription_that_is_none_is_refused(ai: Ai, body: bytes) -> None:
    ai.body = body
    with pytest.raises(BadAnswer):
        Voice(settings(ai)).transcribe(b"OggS", limit_s=5)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"OggS\0", "ogg"),
        (b"#!AMR\n", "amr"),
        (b"ID3\3", "mp3"),
        (b"\xff\xfb\x90", "mp3"),
        (b"\xff\xf1\x50", "aac"),
        (b"\0\0\0\x20ftypM4A ", "m4a"),
        (b"RIFF....WAVE", "wav"),
        (b"#!/bin/sh", ""),
        (b"", ""),
        (b"\xff", ""),
    ],
)
def test_a_recording_is_known_by_what_is_in_it(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_without_a_key_or_with_smart_mode_off_no_ai_is_asked(ai: Ai) -> None:
    assert usable(settings(ai))
    assert not usable(settings(ai, smart_mode=False))
    assert not usable(settings(ai, openai_api_key=""))


def test_a_seen_label_is_worth_its_confidence() -> None:
    assert Label(codes=["4045101"], legible=True, confidence=0.5).sure_codes == ()
    assert Label(codes=["4045101"], legible=True, confidence=0.51).sure_codes == ("4045101",)
