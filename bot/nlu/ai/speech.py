"""Text to speech by the AI: OGG/Opus, as WhatsApp plays voice notes. What was spoken lately is kept, so that it is paid once."""

from __future__ import annotations

from threading import Lock
from typing import Final

from openai import AsyncOpenAI

from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.asked import Asked, whole
from bot.nlu.ai.recordings import kind_of
from core.breaker import Observer
from core.settings import Settings

KEPT_BYTES: Final = 8 * 1024 * 1024
"""The size of the cache of one process."""


class Speech:
    def __init__(self, settings: Settings, *, on_change: Observer | None = None):
        self._model, self._voice, self._limit_s = (
            settings.openai_speech_model,
            settings.openai_speech_voice,
            settings.ai_speech_s,
        )
        self._asked = Asked("speech", settings, on_change=on_change)
        self._cache = Cache(KEPT_BYTES)

    def say(self, text: str, *, language: str, limit_s: float) -> bytes:
        """Speak a text. Raises TimedOut, Unreachable or BadAnswer."""
        key = (text, language)
        if known := self._cache.get(key):
            return known

        async def call(client: AsyncOpenAI) -> bytes:
            async with client.audio.speech.with_streaming_response.create(
                model=self._model,
                voice=self._voice,
                input=text,
                instructions=f"Speak in the language {language}, friendly and unhurried.",
                response_format="opus",
            ) as response:
                return await whole(response)

        spoken = self._asked.ask(call, min(limit_s, self._limit_s))
        if kind_of(spoken) != "ogg":
            raise BadAnswer("not a voice note")
        self._cache.put(key, spoken)
        return spoken


class Cache:
    """A cache of recordings (least recently used) that never holds more than so many bytes."""

    def __init__(self, most: int):
        self._most, self._held, self._lock = most, 0, Lock()
        self._kept: dict[tuple[str, str], bytes] = {}
        """The one that was used longest ago comes first."""

    def get(self, key: tuple[str, str]) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept[key] = self._kept.pop(key)
            return self._kept.get(key)

    def put(self, key: tuple[str, str], recording: bytes) -> None:
        with self._lock:
            self._held += len(recording) - len(self._kept.pop(key, b""))
            self._kept[key] = recording
            while self._held > self._most:
                self._held -= len(self._kept.pop(next(iter(self._kept))))
