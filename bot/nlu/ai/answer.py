"""What the AI answered, as a typed value. Whatever does not fit is refused; a bad value is dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from bot.desks.field.understanding import codes
from bot.nlu import fold
from bot.nlu.ai.prompts import Question
from core.errors import TurnoError
from core.reading import Guess

LONGEST_PROBLEM = 500
LONGEST_ADDRESS = 300
SHORTEST_TEXT = 5
MOST_SURE = 90
"""What the customer typed in answer to a question is surer than anything a model says."""


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
    kept = {name: value.strip() for name, value in values.items() if _fits(name)(value.strip(), question.text)}
    return {name: Guess(fold.clean(value), sure, "ai") for name, value in kept.items()}


def _asked(name: str, value: str, question: Question) -> bool:
    """Whether a slot was asked for, and the value is one of those it may have."""
    allowed = question.subject.values.get(name, {}).get("enum")
    return name in question.slots and (allowed is None or value in allowed)


def _written(value: str, text: str) -> bool:
    """A code counts only when the customer wrote it, whole: a model must not make one up, nor cut one short."""
    spelled = r"[\s.-]?".join(map(re.escape, fold.plain(value)))
    return re.search(rf"(?<![0-9a-z]){spelled}(?![0-9a-z])", fold.plain(text)) is not None


def _fits(name: str) -> Callable[[str, str], bool]:
    """Values from a closed list need no check of their own."""
    return _FITS.get(name, lambda value, text: True)


_FITS: Final[dict[str, Callable[[str, str], bool]]] = {
    "sap_code": lambda value, text: bool(codes.SAP.fullmatch(value)) and value.isascii() and _written(value, text),
    "employee_number": lambda value, text: bool(codes.EMPLOYEE.fullmatch(value)) and _written(value, text),
    "problem": lambda value, text: SHORTEST_TEXT <= len(value) <= LONGEST_PROBLEM,
    "address": lambda value, text: SHORTEST_TEXT <= len(value) <= LONGEST_ADDRESS,
}
