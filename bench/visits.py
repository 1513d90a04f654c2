"""Visits to the IT help desk's chat: four kinds, about two dozen calls each."""

from __future__ import annotations

import itertools
from functools import cache
from io import BytesIO
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from PIL import Image

from bench.visitors import Call, Visit, Visiting, Wrong

DESK: Final = "it-desk"
LONGEST: Final = 24
"""Calls of the longest visit, about."""
POLLS: Final = 15


class Visitor:
    """Somebody in a browser: knows the session, the last buttons, and what was said."""

    def __init__(self, name: str):
        self._name, self._lines = name, 0
        self.session = self.cursor = ""
        self.last_id = 0
        self._buttons: list[dict[str, str]] = []

    def arrive(self, locale: str = "es-AR") -> Visit:
        yield Call("page", "/chat/?desk=it-desk", "GET")
        told = yield Call("greeting", "/api/greeting", told={"desk": DESK, "locale": locale})
        self.session, self.cursor, self._buttons = told["sessionId"], told["cursor"], told["buttons"]
        _see(told, "reception.consenting")

    def says(self, text: str, stage: str) -> Visit:
        yield from self._chat({"message": text}, stage)

    def presses(self, label: str, stage: str) -> Visit:
        found = [button for button in self._buttons if label in button["label"]]
        if not found:
            raise Wrong(f"no button {label!r} among {[button['label'] for button in self._buttons]}")
        yield from self._chat({"action": "button", "value": found[0]["value"], "label": found[0]["label"]}, stage)

    def _chat(self, told: dict[str, Any], stage: str) -> Visit:
        self._lines += 1
        number = f"line-{self._name}-{self._lines:03}"
        answer = yield Call("chat", "/api/chat", told={"sessionId": self.session, "messageId": number, **told})
        if answer["pending"]:
            raise Wrong("chat: no answer in time")
        _see(answer, stage, told)
        self._buttons = answer["buttons"]

    def listens(self) -> Visit:
        """The page's poll after a hint that there are new messages; acknowledges what it shows."""
        told = yield self._messages({"arrived": self.last_id, "read": self.last_id} if self.last_id else {})
        self._note(told)

    def _messages(self, more: dict[str, Any]) -> Call:
        return Call("messages", "/api/messages", told={"sessionId": self.session, "after": self.cursor, **more})

    def _note(self, told: Any) -> list[dict[str, Any]]:
        said = [line for line in told["lines"] if line["who"] != "user"]
        self.cursor = told["cursor"]
        self.last_id = max([self.last_id, *(line["id"] for line in said)])
        return said

    def reloads(self) -> Visit:
        told = yield Call("validate", "/api/session/validate", told={"sessionId": self.session})
        if not told["valid"] or not told["session"]["transcript"]:
            raise Wrong("validate: the conversation is not there")
        self.cursor = told["session"]["cursor"]

    def shows(self, photo: bytes) -> Visit:
        """A photo, and then looking until what is on it was said."""
        yield from self.reloads()
        yield Call("upload", "/api/upload-image", photo=photo, headers=self.own)
        said = 0
        for _ in range(POLLS):
            told = yield self._messages({})
            said += len(lines := self._note(told))
            if said >= 2:  # “I am looking”, and what was seen
                self._buttons = lines[-1]["buttons"] if lines else self._buttons
                return
        raise Wrong("upload: nothing was said of the photo")

    def reads(self, what: str) -> Visit:
        told = yield Call(what, f"/api/{what}/{self.session}", "GET", headers=self.own)
        if not told:
            raise Wrong(f"{what}: empty")

    def wants_ticket(self) -> Visit:
        """Every way to the ticket; and the two public ones are tried."""
        told = yield Call("ticket", "/api/whatsapp-ticket", told={"sessionId": self.session})
        for name, url in (("ticket json", told["apiPublicUrl"]), ("ticket page", told["publicUrl"])):
            parts = urlsplit(url)
            shown = yield Call(name, f"{parts.path}?{parts.query}", "GET")
            if told["ticketId"] not in str(shown):
                raise Wrong(f"{name}: another ticket")

    def takes_along(self) -> Visit:
        for what in ("transcript", "transcript-json", "historial"):
            yield from self.reads(what)

    @property
    def own(self) -> dict[str, str]:
        return {"X-Session-Id": self.session}


def _see(told: Any, stage: str, said: object = "") -> None:
    if not told["ok"] or told["stage"] != stage:
        raise Wrong(f"stage {told.get('stage')!r}, not {stage!r}: {said}")


def introduced(visitor: Visitor, name: str) -> Visit:
    yield from visitor.arrive()
    yield from visitor.says(f"hola, me llamo {name}", "help_desk.problem")


def printer(name: str) -> Visit:
    """A problem, step by step, up to a ticket."""
    visitor = Visitor(name)
    yield from introduced(visitor, "Ana")
    yield from visitor.listens()
    yield from visitor.says("mi impresora no imprime", "diagnosis.trying")
    yield from visitor.says("ayuda paso 2", "diagnosis.trying")
    yield from visitor.reloads()
    yield from visitor.presses("Sigue igual", "diagnosis.trying")
    yield from visitor.says("técnico", "escalation.confirming")
    yield from visitor.presses("Confirmar", "escalation.sent")
    yield from visitor.listens()
    yield from visitor.wants_ticket()
    yield from visitor.takes_along()
    yield from visitor.says("gracias", "help_desk.rested")
    yield from visitor.listens()


def at_once(name: str) -> Visit:
    """Somebody who says the problem in other words, with a photo, and asks for the ticket beside the chat."""
    visitor = Visitor(name)
    yield from introduced(visitor, "Juan Pérez")
    yield from visitor.shows(photo())
    yield from visitor.says("no me nada el teclado de la notebook", "diagnosis.trying")
    yield from visitor.listens()
    yield from visitor.wants_ticket()
    yield from visitor.says("ya se arregló", "diagnosis.fixed")
    yield from visitor.takes_along()


def how_to(name: str) -> Visit:
    """A question, not a problem; and words nobody understands."""
    visitor = Visitor(name)
    yield from introduced(visitor, "Ema")
    yield from visitor.says("el asunto ese de siempre otra vez anda medio raro y cansado", "help_desk.problem")
    yield from visitor.listens()
    yield from visitor.says("necesito configurar mi impresora HP", "guide.choosing_system")
    yield from visitor.says("windows 10", "guide.guiding")
    yield from visitor.reloads()
    yield from visitor.says("hp", "guide.guiding")
    yield from visitor.listens()
    yield Call("health", "/api/health", "GET")
    yield from visitor.takes_along()
    yield from visitor.wants_ticket()


def in_english(name: str) -> Visit:
    visitor = Visitor(name)
    yield from visitor.arrive("en")
    yield from visitor.says("hello, my name is John", "help_desk.problem")
    yield from visitor.says("my printer does not print", "diagnosis.trying")
    yield from visitor.reloads()
    yield from visitor.says("still not working", "diagnosis.trying")
    yield from visitor.listens()
    yield from visitor.says("technician", "escalation.confirming")
    yield from visitor.says("yes", "escalation.sent")
    yield from visitor.wants_ticket()
    yield from visitor.takes_along()


VISITS: Final[tuple[Visiting, ...]] = (printer, at_once, how_to, in_english)


def photo() -> bytes:
    """A photo as a phone takes it: grainy, some hundred kilobytes, and like no other."""
    note = f"photo {next(_numbers)}".encode()
    return _plain()[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + _plain()[2:]


_numbers: Final = itertools.count(1)


@cache
def _plain(width: int = 1600, height: int = 1200) -> bytes:
    coarse = Image.frombytes("RGB", (width // 8, height // 8), Random(7).randbytes(width // 8 * (height // 8) * 3))
    written = BytesIO()
    coarse.resize((width, height), Image.Resampling.BICUBIC).save(written, "JPEG", quality=88)
    return written.getvalue()
