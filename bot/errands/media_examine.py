"""What one photo or voice note says: fetched, looked into, and only then shown to the AI, if there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Protocol

from bot.channels.whatsapp.media import Unfit
from bot.errands.media_codes import codes_in
from bot.errands.media_look import Looked
from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.voice import kind_of
from bot.nlu.pictures import Fault, Screen, Seen
from core.errors import Unreachable
from core.settings import Settings
from core.store.files.media import MediaJob
from core.telemetry import log

SMALLEST_RECORDING = 1024
WITH_CODES = ("code", "fault")
"""Photos on which a barcode is looked for."""


class Fetching(Protocol):
    def fetch(self, media_id: str, *, largest: int, until: float) -> bytes: ...


class Looking(Protocol):
    def look(self, content: bytes, *, read_codes: bool, limit_s: float) -> Looked: ...


class Seeing(Protocol):
    def see(self, picture: bytes, *, limit_s: float) -> Seen: ...

    def find_fault(self, picture: bytes, *, language: str, limit_s: float) -> Fault: ...

    def read_screen(self, picture: bytes, *, language: str, limit_s: float) -> Screen: ...


class Hearing(Protocol):
    def hear(self, recording: bytes, *, limit_s: float) -> str: ...


class Switch(Protocol):
    def __call__(self) -> bool:
        """Whether the AI may be asked just now."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """The result, in the words of a media result; `picture` is what to keep, `why` what staff may read of a failure."""

    outcome: str
    codes: tuple[str, ...] = ()
    text: str = ""
    source: str = ""
    fault: Fault | None = None
    picture: bytes = b""
    why: str | None = None


class Examiner:
    """`vision` and `voice` are None where there is no AI."""

    def __init__(
        self,
        settings: Settings,
        fetching: Fetching,
        looking: Looking,
        vision: Seeing | None = None,
        voice: Hearing | None = None,
        switch: Switch = lambda: True,
    ):
        self._settings, self._fetching, self._looking = settings, fetching, looking
        self._vision, self._voice, self._switch = vision, voice, switch

    def longest_s(self, kind: str) -> float:
        """The longest one try may take."""
        s = self._settings
        return s.media_download_s + (s.media_look_s + s.ai_vision_s if kind == "image" else s.ai_voice_s)

    def examine(self, job: MediaJob, until: float) -> Finding:
        """The finding, before `until`. Raises Unreachable or TimedOut when another try may do better."""
        try:
            return self._photo(job, until) if job.kind == "image" else self._recording(job, until)
        except Unfit as unfit:
            return Finding(unfit.outcome, why=str(unfit))

    def _fetch(self, job: MediaJob, largest: int, until: float) -> bytes:
        until = min(until, monotonic() + self._settings.media_download_s)
        return self._fetching.fetch(job.media_id, largest=largest, until=until)

    def _photo(self, job: MediaJob, until: float) -> Finding:
        content = self._fetch(job, self._settings.media_image_bytes, until)
        looked = self._looking.look(content, read_codes=job.purpose in WITH_CODES, limit_s=_left(until))
        if looked.outcome != "ok" or job.purpose == "evidence":
            return Finding(looked.outcome, picture=looked.kept)
        if codes := codes_in(looked.texts):
            return Finding("ok", tuple(codes), source="barcode", picture=looked.kept)
        if looked.blurred:
            return Finding("blurred", picture=looked.kept)
        return self._seen(job, looked.kept, until)

    def _seen(self, job: MediaJob, picture: bytes, until: float) -> Finding:
        """What the AI sees on it; without the AI, or when that fails, there is nothing to be had."""
        nothing = Finding("no_problem" if job.purpose == "problem" else "no_text", picture=picture)
        if self._vision is None or not self._switch():
            return nothing
        try:
            if job.purpose == "code":
                return _label(self._vision.see(picture, limit_s=_left(until)), picture)
            if job.purpose == "screen":
                return _screen(self._vision.read_screen(picture, language=job.language, limit_s=_left(until)), nothing)
            return _fault(self._vision.find_fault(picture, language=job.language, limit_s=_left(until)), nothing)
        except (Unreachable, BadAnswer) as problem:
            log.warning("media.unseen", correlation_id=job.correlation_id, error=str(problem))
            return replace(nothing, source="vision")

    def _recording(self, job: MediaJob, until: float) -> Finding:
        if self._voice is None or not self._switch():
            return Finding("off", why="there is no AI to listen")
        content = self._fetch(job, self._settings.media_audio_bytes, until)
        if not kind_of(content):
            return Finding("wrong_kind")
        if len(content) < SMALLEST_RECORDING:
            return Finding("too_small")
        try:
            return Finding("ok", text=self._voice.hear(content, limit_s=_left(until)), source="voice")
        except BadAnswer as problem:
            return Finding("failed", why=str(problem))


def _label(seen: Seen, picture: bytes) -> Finding:
    if codes := codes_in(seen.sure_codes):
        return Finding("ok", tuple(codes), seen.words, "vision", picture=picture)
    return Finding("blurred" if seen.poor else "no_text", (), seen.words, "vision", picture=picture)


def _screen(screen: Screen, nothing: Finding) -> Finding:
    if screen.told:
        return replace(nothing, outcome="ok", text=screen.told, source="vision")
    return replace(nothing, outcome="blurred" if screen.poor else "no_text", source="vision")


def _fault(fault: Fault, nothing: Finding) -> Finding:
    codes = tuple(codes_in(fault.sure_codes))
    if codes or fault.kind or fault.told:
        return replace(nothing, outcome="ok", codes=codes, source="vision", fault=fault)
    return replace(nothing, outcome="blurred" if fault.poor else "no_problem", source="vision")


def _left(until: float) -> float:
    return max(0.05, until - monotonic())
