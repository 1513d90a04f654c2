"""What a photo shows, seen by the AI: a label when no barcode could be read, or the fault itself."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, TypeVar

from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from bot.nlu.ai.answer import BadAnswer
from bot.nlu.ai.asked import Asked, whole
from bot.nlu.pictures import (
    FAULT_SCHEMA,
    FAULT_TASK,
    LABEL_SCHEMA,
    LABEL_TASK,
    SCREEN_SCHEMA,
    SCREEN_TASK,
    Fault,
    Screen,
    Seen,
)
from core.breaker import Observer
from core.settings import Settings

__all__ = ["Fault", "Screen", "Seen", "Vision"]

MOST_TOKENS = 300
Answer = TypeVar("Answer", bound=BaseModel)


class Vision:
    """Each question raises TimedOut, Unreachable or BadAnswer when nobody can tell."""

    def __init__(self, settings: Settings, *, on_change: Observer | None = None):
        self._model, self._limit_s = settings.openai_model, settings.ai_vision_s
        self._asked = Asked("vision", settings, on_change=on_change)

    def see(self, picture: bytes, *, limit_s: float) -> Seen:
        """What the label on a JPEG says."""
        return _read(self._answer(LABEL_TASK, "label", LABEL_SCHEMA, picture, limit_s), Seen)

    def find_fault(self, picture: bytes, *, language: str, limit_s: float) -> Fault:
        """What a JPEG shows to be broken, told in this language."""
        return _read(self._answer(FAULT_TASK % language, "fault", FAULT_SCHEMA, picture, limit_s), Fault)

    def read_screen(self, picture: bytes, *, language: str, limit_s: float) -> Screen:
        """What a JPEG shows of a device or its screen, told in this language."""
        return _read(self._answer(SCREEN_TASK % language, "screen", SCREEN_SCHEMA, picture, limit_s), Screen)

    def _answer(self, task: str, name: str, schema: dict[str, Any], picture: bytes, limit_s: float) -> bytes:
        question = self._question(task, name, schema, picture)

        async def call(client: AsyncOpenAI) -> bytes:
            async with client.chat.completions.with_streaming_response.create(**question) as response:
                return await whole(response)

        return self._asked.ask(call, min(limit_s, self._limit_s))

    def _question(self, task: str, name: str, schema: dict[str, Any], picture: bytes) -> dict[str, Any]:
        image = {"url": f"data:image/jpeg;base64,{b64encode(picture).decode()}"}
        return {
            "model": self._model,
            "messages": [
                {"role": "system", "content": task},
                {"role": "user", "content": [{"type": "image_url", "image_url": image}]},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": schema},
            },
            "temperature": 0,
            "max_completion_tokens": MOST_TOKENS,
        }


def _read(body: bytes, kind: type[Answer]) -> Answer:
    try:
        content = ChatCompletion.model_validate_json(body).choices[0].message.content
        return kind.model_validate_json(content or "")
    except (ValueError, IndexError) as problem:
        raise BadAnswer("not what was asked for") from problem
