"""Findings in one message so far; each rule adds to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.nlu.message import Message
from core.reading import Expectation, Guess


@dataclass(slots=True)
class Found:
    """The findings so far about one message."""

    message: Message
    expects: Expectation
    guesses: dict[str, Guess] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)
    """Words that were used up, as codes and addresses are."""

    @property
    def asked(self) -> str:
        return self.expects.slot if self.expects.kind == "slot" else ""

    @property
    def confidence(self) -> float:
        """The confidence of the best guess."""
        return max((guess.confidence for guess in self.guesses.values()), default=0) / 100
