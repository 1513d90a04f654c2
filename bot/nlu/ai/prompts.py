"""Prompts: the task, the schema of the answer, and the customer's text as data.

The text is fenced, shortened, without invisible characters, and without personal data
and the customer's name. Nothing else about the customer is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from bot.nlu import fold
from bot.nlu.subject import Subject
from core import pii
from core.reading import Expectation

Operation = Literal["extract", "term", "intent", "name"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask the AI about one message."""

    operation: Operation
    subject: Subject
    text: str
    slots: tuple[str, ...]
    language: str = "es"
    asked: str = ""
    flow: str = ""
    desk: str = ""

    @classmethod
    def about(
        cls,
        operation: Operation,
        subject: Subject,
        text: str,
        expects: Expectation,
        *,
        name: str = "",
        most: int = 1000,
    ) -> Question:
        wanted = subject.asked.get(operation, (*subject.term, *expects.slots))
        slots = tuple(slot for slot in subject.values if slot in wanted)
        return cls(
            operation,
            subject,
            shown(text, name)[:most],
            slots,
            expects.language,
            expects.slot,
            expects.flow,
            expects.desk,
        )

    @property
    def key(self) -> tuple[str, ...]:
        """Questions with the same key have the same answer."""
        return (self.operation, fold.key(self.text), self.language, self.asked, self.flow, self.desk, *self.slots)

    @property
    def messages(self) -> list[dict[str, str]]:
        asked = f"\nThe customer had been asked for: {self.asked}." if self.asked else ""
        return [
            {"role": "system", "content": self.subject.system(self.operation) + asked},
            {"role": "user", "content": f"<customer_text>{self.text}</customer_text>"},
        ]

    @property
    def schema(self) -> dict[str, Any]:
        """The answer's shape: the slots that may be filled here, and no others."""
        properties = {
            "intent": {"type": "string", "enum": list(self.subject.intents)},
            "confidence": {"type": "number"},
            "reason": {"type": "string"},
            **{slot: dict(self.subject.values[slot]) for slot in self.slots},
        }
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def shown(text: str, name: str = "") -> str:
    """The text as the AI may see it."""
    visible = pii.mask(fold.clean(text))
    if len(name) >= 3:
        visible = re.sub(rf"\b{re.escape(name)}\b", "[name]", visible, flags=re.IGNORECASE)
    return visible.replace("<", "‹").replace(">", "›")
