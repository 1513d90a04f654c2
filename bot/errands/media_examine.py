"""Examination of one photo or voice note: download, local analysis, and only then the AI, if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Protocol

from bot.channels.whatsapp.media import Unfit
from bot.errands.media_look import Looked
from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.recordings import kind_of, seconds
from bot.script.purposes import EVIDENCE, Answer, Purpose, Purposes, Question
from core.breaker import BreakerOpen
from core.errors import Unreachable
from core.settings import Settings
from core.store.path.errands import Errand
from core.telemetry import log

SMALLEST_RECORDING = 1024


class Fetching(Protocol):
    def fetch(self, media_id: str, *, largest: int, until: float) -> bytes: ...


class Looking(Protocol):
    def look(self, content: bytes, *, read_codes: bool, limit_s: float) -> Looked: ...


class Seeing(Protocol):
    def ask(self, question: Question, picture: bytes, *, language: str, limit_s: float) -> Answer: ...


class Hearing(Protocol):
    def transcribe(self, recording: bytes, *, limit_s: float) -> str: ...


class Switch(Protocol):
    def __call__(self) -> bool:
        """Whether the AI may be asked just now."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """The result, in the words of a media result; `more` are its purpose's own, `picture` is what to keep, `why` what
    staff may read of a failure."""

    outcome: str
    codes: tuple[str, ...] = ()
    text: str = ""
    source: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    picture: bytes = b""
    why: str | None = None


class Examiner:
    """`purposes` are those of each desk, by the name of its menu. `vision` and `voice` are None where there is no AI."""

    def __init__(
        self,
        settings: Settings,
        fetching: Fetching,
        looking: Looking,
        purposes: Mapping[str, Purposes],
        vision: Seeing | None = None,
        voice: Hearing | None = None,
        switch: Switch = lambda: True,
    ):
        self._settings, self._fetching, self._looking, self._purposes = settings, fetching, looking, purposes
        self._vision, self._voice, self._switch = vision, voice, switch

    def longest_s(self, service: str) -> float:
        """The longest one try may take."""
        s = self._settings
        return s.media_download_s + (s.media_look_s + s.ai_vision_s if service == "photo" else s.ai_voice_s)

    def examine(self, errand: Errand, until: float) -> Finding:
        """The finding, before `until`. Raises Unreachable or TimedOut when another try may do better."""
        try:
            return self._photo(errand, until) if errand.service == "photo" else self._recording(errand, until)
        except Unfit as unfit:
            return Finding(unfit.outcome, why=str(unfit))

    def _fetch(self, errand: Errand, largest: int, until: float) -> bytes:
        until = min(until, monotonic() + self._settings.media_download_s)
        return self._fetching.fetch(errand.content["media_id"], largest=largest, until=until)

    def _photo(self, errand: Errand, until: float) -> Finding:
        purpose = self._purposes.get(errand.desk.menu, {}).get(errand.what, EVIDENCE)
        content = self._fetch(errand, self._settings.media_image_bytes, until)
        looked = self._looking.look(content, read_codes=purpose.codes is not None, limit_s=_left(until))
        if looked.outcome != "ok" or not purpose.looks:
            return Finding(looked.outcome, picture=looked.kept)
        if purpose.codes and (codes := purpose.codes(looked.texts)):
            return Finding("ok", tuple(codes), source="barcode", picture=looked.kept)
        if looked.blurred:
            return Finding("blurred", picture=looked.kept)
        return self._seen(errand, purpose, looked.kept, until)

    def _seen(self, errand: Errand, purpose: Purpose, picture: bytes, until: float) -> Finding:
        """The AI's view of the photo; empty without an AI or when it fails."""
        nothing = Finding(purpose.nothing, picture=picture)
        if self._vision is None or purpose.asks is None or not self._switch():
            return nothing
        try:
            answer = self._vision.ask(purpose.asks, picture, language=errand.language, limit_s=_left(until))
        except (Unreachable, BadAnswer) as problem:
            log.warning("media.unseen", correlation_id=errand.correlation_id, error=str(problem))
            return nothing if isinstance(problem, BreakerOpen) else replace(nothing, source="vision")
        shown = answer.shown()
        return Finding(shown.outcome, shown.codes, shown.text, "vision", shown.more, picture)

    def _recording(self, errand: Errand, until: float) -> Finding:
        if self._voice is None or not self._switch():
            return Finding("off", why="there is no AI to listen")
        content = self._fetch(errand, self._settings.media_audio_bytes, until)
        if not kind_of(content):
            return Finding("wrong_kind")
        if len(content) < SMALLEST_RECORDING:
            return Finding("too_small")
        if (seconds(content) or 0) > self._settings.media_audio_s:
            return Finding("too_large")
        try:
            return Finding("ok", text=self._voice.transcribe(content, limit_s=_left(until)), source="voice")
        except BadAnswer as problem:
            return Finding("failed", why=str(problem))


def _left(until: float) -> float:
    return max(0.05, until - monotonic())
