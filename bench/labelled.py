"""Labelled utterances: what people write, and what it means.

    { text = "…", expects = "…", intent = "…", guesses = { … } }

`expects` is what the standing question expects: yes_no, rating, or the slot that was
asked; nothing when left out. `guesses` are all the values found, exactly.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.nlu import rules
from core.messages import Event
from core.reading import Expectation, Reading
from core.session import Desk, Session

FOLDER: Final = Path(__file__).parent.parent / "tests" / "utterances"
HELD_OUT: Final = "held_out"
_SESSION: Final = Session(1, Desk("field-service", "Field service"))


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    expects: str = ""
    intent: str = ""
    guesses: Mapping[str, Any] = field(default_factory=dict)
    misread: bool = False
    """Known to be read wrongly: it counts against the goals, and a test tells when it comes right."""

    @property
    def expectation(self) -> Expectation:
        if self.expects in ("yes_no", "rating"):
            return Expectation(self.expects)  # type: ignore[arg-type]  # narrowed by the line above
        return Expectation("slot", self.expects) if self.expects else Expectation()

    def read(self) -> Reading:
        return rules.read(Event("label", "text", text=self.text), self.expectation, _SESSION)

    def right(self, reading: Reading) -> bool:
        """Right means all of it: the intent, every value, and no value more."""
        return reading.intent == self.intent and found(reading) == dict(self.guesses)


def found(reading: Reading) -> dict[str, Any]:
    return {name: guess.value for name, guess in reading.guesses.items()}


def utterances(*, held_out: bool) -> Iterator[Utterance]:
    for path in sorted(FOLDER.glob("*.toml")):
        if (path.stem == HELD_OUT) == held_out:
            for says in tomllib.loads(path.read_text("utf-8"))["says"]:
                yield Utterance(**says)
