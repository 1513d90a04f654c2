"""Answers of the AI, parsed to typed values. A malformed answer is refused; a bad value is dropped."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from bot.nlu import fold
from bot.nlu.ai.prompts import Question
from core.errors import TurnoError
from core.reading import Guess

MOST_SURE = 90
"""An answer that the customer typed to a question is surer than anything a model says."""


class BadAnswer(TurnoError):
    """The AI answered, and we cannot use it."""


class Answer(BaseModel):
    """The slots are whatever was asked for; anything else, or a value of another type, is no answer."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, str | None]

    intent: str = ""
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)
    reason: str = ""


def read(content: str | None, question: Question) -> tuple[str, float, dict[str, Guess]]:
    """The intent, how sure, and the guesses of an answer; BadAnswer when it is not what was asked for."""
    try:
        answer = Answer.model_validate_json(content or "")
    except ValueError as problem:
        raise BadAnswer("not the shape that was asked for") from problem
    values = {name: value for name, value in (answer.model_extra or {}).items() if value}
    if answer.intent not in question.subject.intents or not all(_asked(n, v, question) for n, v in values.items()):
        raise BadAnswer("an intent or a slot that was not asked for")
    sure = min(round(answer.confidence * 100), MOST_SURE)
    return answer.intent, answer.confidence, _guesses(values, sure, question)


def _guesses(values: Mapping[str, str], sure: int, question: Question) -> dict[str, Guess]:
    kept = {name: value.strip() for name, value in values.items() if _fits(name, value.strip(), question)}
    return {name: Guess(fold.clean(value), sure, "ai") for name, value in kept.items()}


def _fits(name: str, value: str, question: Question) -> bool:
    """Values from a closed list need no check of their own."""
    fits = question.subject.fits.get(name)
    return fits is None or fits(value, question.text)


def _asked(name: str, value: str, question: Question) -> bool:
    """Whether a slot was asked for, and the value is one of those it may have."""
    allowed = question.subject.values.get(name, {}).get("enum")
    return name in question.slots and (allowed is None or value in allowed)
