"""The body of a chat completion: its text, and its tokens, which are counted."""

from __future__ import annotations

from openai.types.chat import ChatCompletion

from bot.nlu.ai.answer import BadAnswer
from core import telemetry


def content(operation: str, body: bytes) -> str:
    """The text of a completion; empty when the AI said nothing. Raises BadAnswer when it is none."""
    try:
        completion = ChatCompletion.model_validate_json(body)
        text = completion.choices[0].message.content
    except (ValueError, IndexError) as problem:
        raise BadAnswer("no completion") from problem
    if usage := completion.usage:
        telemetry.ai_tokens(operation, usage.prompt_tokens, usage.completion_tokens)
    return text or ""
