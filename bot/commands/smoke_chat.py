"""The seven calls of the chat that a deployment must answer: health, greeting, session, a line, a photo, a ticket, the log."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.commands import chat_talk
from bot.commands.chat_talk import Talk
from bot.commands.site import Site, Wrong, expect, expect_some

NOMINAL_S = 2.0
"""Longest a line may take without the AI."""
SIDE = 320
WIDTH = 60
Tell = Callable[[str], None]


@dataclass(slots=True)
class Smoke:
    """The site under test. `desk` names the chat; without one it is that of whoever names none."""

    site: Site
    desk: str
    log_token: str
    patience_s: float
    nominal_s: float = NOMINAL_S
    talk: Talk | None = field(default=None)

    def health(self) -> tuple[float, str]:
        answer = self.site.get("/api/health")
        expect("ok", answer.fields.get("ok"))
        return answer.took_s, f"ok, {answer.fields.get('status')}"

    def greeting(self) -> tuple[float, str]:
        self.talk, answer = chat_talk.begin(self.site, self.desk, self.patience_s)
        return answer.took_s, str(answer.fields.get("greeting") or "")

    def validate(self) -> tuple[float, str]:
        answer = self.site.post("/api/session/validate", {"sessionId": self._talk.session_id})
        expect("valid", answer.fields.get("valid"))
        return answer.took_s, "valid"

    def chat(self) -> tuple[float, str]:
        answer, reply = self._talk.say("hola")
        if answer.took_s > self.nominal_s:
            raise Wrong(f"took {answer.took_s:.1f} s, and {self.nominal_s:g} s is the most")
        return answer.took_s, reply

    def photo(self) -> tuple[float, str]:
        answer = self.site.upload("/api/upload-image", png(SIDE), self._talk.own)
        expect("ok", answer.fields.get("ok"))
        return answer.took_s, "queued" if answer.fields.get("queued") else "taken"

    def ticket(self) -> tuple[float, str]:
        answer = self.site.post("/api/whatsapp-ticket", {"sessionId": self._talk.session_id})
        expect("ok", answer.fields.get("ok"))
        return answer.took_s, expect_some("ticketId", answer.fields.get("ticketId"))

    def log(self) -> tuple[float, str]:
        answer = self.site.get("/api/logs", {"Authorization": f"Bearer {self.log_token}"} if self.log_token else {})
        expect("status", answer.status, 200)
        expect("kind of answer", answer.kind.partition(";")[0], "text/plain")
        return (
            answer.took_s,
            f"{len(answer.body):,} bytes: is LOG_FILE set?" if not answer.body else f"{len(answer.body):,} bytes",
        )

    @property
    def _talk(self) -> Talk:
        if self.talk is None:
            raise Wrong("there is no session")
        return self.talk


CALLS: tuple[tuple[str, Callable[[Smoke], tuple[float, str]]], ...] = (
    ("GET /api/health", Smoke.health),
    ("POST /api/greeting", Smoke.greeting),
    ("POST /api/session/validate", Smoke.validate),
    ("POST /api/chat", Smoke.chat),
    ("POST /api/upload-image", Smoke.photo),
    ("POST /api/whatsapp-ticket", Smoke.ticket),
    ("GET /api/logs", Smoke.log),
)


def run(smoke: Smoke, tell: Tell) -> str:
    """All of them, in order; the call that went wrong, or nothing. After it no further call is made."""
    for name, call in CALLS:
        try:
            took_s, seen = call(smoke)
        except Wrong as problem:
            tell(f"{name:28}{'wrong':>8}  {problem}")
            return name
        tell(f"{name:28}{1000 * took_s:5.0f} ms  {' '.join(seen.split())[:WIDTH]}")
    return ""


def png(side: int) -> bytes:
    """A grey square, as a photo to upload."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + bytes((x + y) % 256 for x in range(side)) for y in range(side))
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
