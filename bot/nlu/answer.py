"""What the AI answered, as a typed value. Whatever does not fit is refused; a bad value is dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.nlu import codes, fold
from bot.nlu.prompts import INTENTS, Question
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
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    intent: str = ""
    equipment_kind: Literal["refrigerator", "vehicle"] | None = None
    sap_code: str | None = None
    employee_number: str | None = None
    problem: str | None = None
    address: str | None = None
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)
    reason: str = ""


def read(content: str | None, question: Question) -> tuple[str, float, dict[str, Guess]]:
    """The intent, how sure, and the guesses of an answer; BadAnswer when it is not what was asked for."""
    try:
        answer = Answer.model_validate_json(content or "")
    except ValueError as problem:
        raise BadAnswer("not the shape that was asked for") from problem
    values = {
        name: value for name, value in answer.model_dump(exclude={"intent", "confidence", "reason"}).items() if value
    }
    if answer.intent not in INTENTS or not values.keys() <= set(question.slots):
        raise BadAnswer("an intent or a slot that was not asked for")
    sure = min(round(answer.confidence * 100), MOST_SURE)
    return answer.intent, answer.confidence, _guesses(values, sure, question)


def _guesses(values: Mapping[str, str], sure: int, question: Question) -> dict[str, Guess]:
    kept = {name: value.strip() for name, value in values.items() if _FITS[name](value.strip(), question.text)}
    return {name: Guess(fold.clean(value), sure, "ai") for name, value in kept.items()}


def _written(value: str, text: str) -> bool:
    """A code counts only when the customer wrote it, whole: a model must not make one up, nor cut one short."""
    spelled = r"[\s.-]?".join(map(re.escape, fold.plain(value)))
    return re.search(rf"(?<![0-9a-z]){spelled}(?![0-9a-z])", fold.plain(text)) is not None


_FITS: Final[dict[str, Callable[[str, str], bool]]] = {
    "equipment_kind": lambda value, text: True,
    "sap_code": lambda value, text: bool(codes.SAP.fullmatch(value)) and value.isascii() and _written(value, text),
    "employee_number": lambda value, text: bool(codes.EMPLOYEE.fullmatch(value)) and _written(value, text),
    "problem": lambda value, text: SHORTEST_TEXT <= len(value) <= LONGEST_PROBLEM,
    "address": lambda value, text: SHORTEST_TEXT <= len(value) <= LONGEST_ADDRESS,
}
