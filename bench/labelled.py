"""Labelled utterances: what people write, and what it means.

    { text = "…", expects = "…", intent = "…", guesses = { … } }

`expects` is what the standing question expects: yes_no, rating, steps (how did they go?),
or the slot that was asked; nothing when left out. `guesses` are all the values found,
exactly; the customer's own words as they are need no mention. They lie in the folder of their desk,
`utterances/*.toml`; a file with `asked` says which slot it asks by itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot import desks
from bot.desks.examples import HELD_OUT, UTTERANCES, expectation
from bot.nlu.questions import GUESS
from core.messages import Event
from core.reading import Expectation, Reading

FIELD: Final = "field"
FREE: Final = ("problem", "details")
"""The customer's own words."""


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    expects: str = ""
    intent: str = ""
    guesses: Mapping[str, Any] = field(default_factory=dict)
    misread: bool = False
    """Known to be read wrongly: it counts against the goals, and a test tells when it comes right."""
    desk: str = FIELD
    file: Mapping[str, Any] = field(default_factory=dict)
    """What its file says of all its lines: choices, language, today."""

    @property
    def expectation(self) -> Expectation:
        return expectation(self.desk, self.expects, self.file)

    def read(self) -> Reading:
        return desks.read(Event("label", "text", text=self.text), self.expectation)

    def right(self, reading: Reading) -> bool:
        """Right means all of it: the intent, every value, and no value more."""
        return reading.intent == self.intent and self.found(reading) == dict(self.guesses)

    def found(self, reading: Reading) -> dict[str, Any]:
        """The values found, but for the words themselves where a desk keeps them as they are."""
        values = found(reading)
        if self.desk == FIELD:
            return values
        return {name: value for name, value in values.items() if name not in FREE or value != self.text}


def found(reading: Reading) -> dict[str, Any]:
    """The values found. A question is none of them: it is answered besides."""
    return {name: guess.value for name, guess in reading.guesses.items() if name != GUESS}


def utterances(*, held_out: bool, desk: str = FIELD) -> Iterator[Utterance]:
    for path in sorted((desks.folders()[desk] / UTTERANCES).glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        if path.stem.startswith(HELD_OUT) == held_out:
            for says in table["says"]:
                yield Utterance(**{"expects": table.get("asked", ""), **says}, desk=desk, file=table)
