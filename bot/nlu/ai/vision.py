"""A photo shown to the AI, with the question of a desk's purpose; its answer comes back typed."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from openai import AsyncOpenAI

from bot.nlu.ai import completion
from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.asked import Asked, whole
from bot.script.purposes import Answer, Question
from core.breaker import Observer
from core.settings import Settings

MOST_TOKENS = 300


class Vision:
    def __init__(self, settings: Settings, *, on_change: Observer | None = None):
        self._model, self._limit_s = settings.openai_model, settings.ai_vision_s
        self._asked = Asked("vision", settings, on_change=on_change)

    def ask(self, question: Question, picture: bytes, *, language: str, limit_s: float) -> Answer:
        """Describe a JPEG in this language. Raises TimedOut, Unreachable or BadAnswer."""
        asked = self._request(question, picture, language)

        async def call(client: AsyncOpenAI) -> bytes:
            async with client.chat.completions.with_streaming_response.create(**asked) as response:
                return await whole(response)

        return _read(self._asked.ask(call, min(limit_s, self._limit_s)), question.answer)

    def _request(self, question: Question, picture: bytes, language: str) -> dict[str, Any]:
        image = {"url": f"data:image/jpeg;base64,{b64encode(picture).decode()}"}
        return {
            "model": self._model,
            "messages": [
                {"role": "system", "content": question.task.replace("{language}", language)},
                {"role": "user", "content": [{"type": "image_url", "image_url": image}]},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": question.name, "strict": True, "schema": question.schema},
            },
            "temperature": 0,
            "max_completion_tokens": MOST_TOKENS,
        }


def _read(body: bytes, kind: type[Answer]) -> Answer:
    try:
        return kind.model_validate_json(completion.content("vision", body))
    except ValueError as problem:
        raise BadAnswer("not what was asked for") from problem
