"""A form: slots filled in any order, from any source, several at once.

Each slot has a check that every value passes, typed or guessed alike. A surer value
replaces a less sure one, the newer wins a tie, and the answer to the question that was
asked, or an explicit correction, always wins. What is told in free words adds up: a later
description is put behind the earlier one. The source of a value is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.reading import Guess
from core.session import Slot

SURE = 60
"""A value less sure than this was only guessed: it is asked for, or confirmed."""
SEEN = 85
"""How sure what was seen on a photo is, once it is confirmed."""

Check = Callable[[Any], Any]
"""Returns the value as it is stored, or None when it is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to ask for. `or_else` names another slot that does as well; what is told of one that `adds` adds up."""

    slot: str
    check: Check
    or_else: str = ""
    by: Literal["text", "location_request"] = "text"
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """The slots after a message, and which of its values were taken or refused."""

    slots: dict[str, Slot]
    taken: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` are asked in order; `extra` are taken when they come, and never asked."""

    fields: tuple[Field, ...] = ()
    extra: tuple[Field, ...] = ()
    checks: Mapping[str, Check] = field(init=False, repr=False, compare=False)
    adding: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = (*self.fields, *self.extra)
        object.__setattr__(self, "checks", {f.slot: f.check for f in every})
        object.__setattr__(self, "adding", frozenset(f.slot for f in every if f.adds))

    def missing(self, slots: Mapping[str, Slot]) -> Field | None:
        """The first field nothing was given for, not even a guess."""
        return next((f for f in self.fields if not _given(f, slots)), None)

    def ways_of(self, slot: str) -> tuple[str, ...]:
        """The slot, with the other that tells the same."""
        return next(((f.slot, f.or_else) if f.or_else else (f.slot,) for f in self.fields if f.slot == slot), (slot,))

    def guessed(self, slots: Mapping[str, Slot]) -> tuple[str, ...]:
        """Slots whose value was only guessed and should be confirmed."""
        return tuple(f.slot for f in self.fields if f.slot in slots and slots[f.slot].confidence < SURE)

    def fill(
        self,
        slots: Mapping[str, Slot],
        guesses: Mapping[str, Guess],
        *,
        asked: str = "",
        correcting: bool = False,
        replacing: bool = False,
    ) -> Filled:
        """Merge what was found in a message into what is known; `replacing`: nothing of it is added to what was told."""
        after, taken, refused = dict(slots), [], []
        for name, guess in guesses.items():
            if name not in self.checks:
                continue
            value = self.checks[name](guess.value)
            if value is None:
                refused.append(name)
            elif name in self.adding and name in after and not (correcting or replacing):
                more = _more(after[name], value, guess, asked=name == asked)
                taken += [name] if more != after[name] else []
                after[name] = more
            elif _adds(value, guess, after.get(name)) and (
                correcting or name == asked or _wins(guess, after.get(name))
            ):
                taken.append(name)
                after[name] = Slot(value, _bounded(guess.confidence), guess.source)
        return Filled(after, tuple(taken), tuple(refused))


def confirmed(slot: Slot) -> Slot:
    """The same value, once the customer has said that it is right. A value seen on a photo stays a little less sure."""
    return Slot(slot.value, SEEN if slot.source == "vision" else 100, "confirmed")


def _given(wanted: Field, slots: Mapping[str, Slot]) -> bool:
    return wanted.slot in slots or wanted.or_else in slots


def _wins(guess: Guess, known: Slot | None) -> bool:
    return known is None or guess.confidence >= known.confidence


def _adds(value: Any, guess: Guess, known: Slot | None) -> bool:
    """Whether this is anything new: another value, or the same one surer."""
    return known is None or known.value != value or guess.confidence > known.confidence


LONGEST_TOLD = 2000


def _more(known: Slot, value: Any, guess: Guess, *, asked: bool) -> Slot:
    """The slot with this behind what was told; a mere guess adds nothing, and what is there already is not told twice."""
    told, confidence = str(known.value), max(known.confidence, _bounded(guess.confidence))
    if guess.confidence < SURE and not asked:
        return known
    if value.lower() in told.lower():
        return known if known.confidence >= confidence else Slot(told, confidence, guess.source)
    if told.lower() in value.lower() or known.confidence < SURE:
        return Slot(value, confidence, guess.source)
    return Slot(f"{told}; {value}"[:LONGEST_TOLD], confidence, guess.source)


def _bounded(confidence: int) -> int:
    return max(0, min(100, confidence))


def matching(pattern: str) -> Check:
    """A check for codes: spaces and dashes between the characters are forgiven."""
    compiled = re.compile(pattern)

    def check(value: Any) -> str | None:
        code = re.sub(r"[\s\-.]", "", value) if isinstance(value, str) else ""
        return code if compiled.fullmatch(code) else None

    return check


@dataclass(frozen=True, slots=True)
class Words:
    """A check for free text: long enough to mean something, cut to what is stored."""

    at_least: int
    at_most: int

    def __call__(self, value: Any) -> str | None:
        text = " ".join(value.split()) if isinstance(value, str) else ""
        return text[: self.at_most] if len(text) >= self.at_least else None


def words(at_least: int, at_most: int) -> Check:
    return Words(at_least, at_most)


def place(value: Any) -> dict[str, float] | None:
    """A check for coordinates: a point of this world, to six decimals."""
    if not isinstance(value, Mapping):
        return None
    latitude, longitude = _degrees(value.get("latitude")), _degrees(value.get("longitude"))
    if latitude is None or longitude is None:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or not (latitude or longitude):
        return None  # 0, 0 is what a phone without a fix sends
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def one_of(*allowed: Any) -> Check:
    def check(value: Any) -> Any:
        return value if not isinstance(value, bool) and value in allowed else None

    return check


def _degrees(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
