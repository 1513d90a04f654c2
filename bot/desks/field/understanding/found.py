"""Findings of the field desk in one message: codes and places, the kind of equipment, the problem."""

from __future__ import annotations

import re
from typing import Final

from bot.desks.field.understanding import codes, problems
from bot.nlu import places
from bot.nlu.message import Found
from core.reading import Guess

KIND_NAMED, KIND_HINTED = 90, 60
KINDS: Final = ("refrigerator", "vehicle")
AFTER_AN_ADDRESS: Final = re.compile(
    r"[,.\s]\s{0,9}(?:y |pero |mi |el |la )?(?:no (?:enciende|arranca|prende|enfria|sirve|funciona)"
    r"|(?:ya )?se (?:me |le |nos )?(?:apag|descomp|ponch|calent|sobrecal|qued|revent|averi|muri|trab)"
    r"|soy (?:el )?empleado|(?:mi )?(?:numero|no\.?) de (?:empleado|nomina)|empleado\b|sap\b|codigo (?!postal))"
)
"""Beginnings of what is no part of an address: a fault, or a number that was asked for."""


class Report(Found):
    """Findings so far about one message to the field desk."""

    @property
    def asked(self) -> str:
        """The slot that was asked; a code answers as well where equipment is chosen from a list."""
        return self.expects.slot if self.expects.kind == "choice" else super().asked

    def read_codes(self) -> None:
        """Places first: their digits are no codes."""
        spot, address = places.coordinates(self.message), None
        if spot is None:
            address = places.address(self.message, AFTER_AN_ADDRESS)
        place = spot or address
        skip = places.numbers_of(self.message) + ([place.where] if place else [])
        numbers = codes.read(self.message, self.asked, skip)
        self.guesses |= numbers.guesses
        self.covered |= numbers.covered
        if place:
            self.guesses.setdefault(place.name, place.guess)
            self.covered |= {i for i, t in enumerate(self.message.tokens) if t.start in place.where}

    def read_kind(self, *, hints: bool = True) -> str | None:
        """The kind of equipment that was named; otherwise the one its fault hints at, as a mere guess."""
        message = self.message
        named = {kind for kind in KINDS if message.has(f"kind:{kind}")}
        if len(named) == 1:
            kind = named.pop()
            self.guesses["equipment_kind"] = Guess(kind, KIND_NAMED, "rules")
            return kind
        hinted = {
            kind
            for kind in KINDS
            if message.has(f"fault:{kind}") or (message.has("fault") and message.has(f"cue:{kind}"))
        }
        if hints and not named and len(hinted) == 1:
            self.guesses["equipment_kind"] = Guess(hinted.pop(), KIND_HINTED, "inferred")
        return None

    def read_problem(self, *, reporting: bool) -> None:
        problem = problems.read(self.message, self.covered, reporting=reporting)
        if problem:
            self.guesses["problem"] = problem
