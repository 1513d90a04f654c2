"""Transcription of voice notes by the AI."""

from __future__ import annotations

import json

from openai import AsyncOpenAI

from bot.nlu import fold
from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.asked import Asked, whole
from bot.nlu.ai.recordings import kind_of
from core.breaker import Observer
from core.settings import Settings


class Voice:
    def __init__(self, settings: Settings, *, on_change: Observer | None = None):
        self._model, self._limit_s = settings.openai_voice_model, settings.ai_voice_s
        self._asked = Asked("voice", settings, on_change=on_change)

    def transcribe(self, recording: bytes, *, limit_s: float) -> str:
        """Transcribe a recording. Raises TimedOut, Unreachable or BadAnswer."""

        async def call(client: AsyncOpenAI) -> bytes:
            file = (f"voice.{kind_of(recording)}", recording)
            async with client.audio.transcriptions.with_streaming_response.create(
                model=self._model, file=file, response_format="json"
            ) as response:
                return await whole(response)

        return _text(self._asked.ask(call, min(limit_s, self._limit_s)))


def _text(body: bytes) -> str:
    try:
        text = json.loads(body)["text"]
    except (ValueError, TypeError, KeyError) as problem:
        raise BadAnswer("not what was asked for") from problem
    if not isinstance(text, str):
        raise BadAnswer("not what was asked for")
    return fold.clean(text)
