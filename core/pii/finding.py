"""Detection and masking: rules run in order, and an earlier rule's match hides its text from later ones."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field
from typing import NamedTuple

from core.pii.plain import plain
from core.pii.rules import MAY_HOLD, RULES


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    start: int
    end: int


class Stretch(NamedTuple):
    start: int
    end: int
    kind: str


@dataclass(slots=True)
class Taken:
    """Stretches that never overlap, in order."""

    stretches: list[Stretch] = field(default_factory=list)

    def take(self, new: Stretch) -> None:
        """Add it, unless somebody has a part of it."""
        at = bisect(self.stretches, new)
        before, after = self.stretches[at - 1 : at], self.stretches[at : at + 1]
        if all(one.end <= new.start for one in before) and all(new.end <= one.start for one in after):
            self.stretches.insert(at, new)


def find(text: str) -> list[Found]:
    """Personal data in the text, from left to right, never overlapping."""
    seen = plain(text)
    if not MAY_HOLD.search(seen.text):
        return []
    digits = sum(map(str.isdigit, seen.text))
    taken = Taken()
    for rule in RULES:
        if digits < rule.digits:
            continue
        for found in rule.shape.finditer(seen.text):
            if rule.check(found):
                taken.take(Stretch(*found.span("it"), rule.kind))
    return [Found(kind, *seen.span(start, end)) for start, end, kind in taken.stretches]


def mask(text: str) -> str:
    """The text with `[KIND_REDACTED]` in the place of each."""
    parts, done = [], 0
    for found in find(text):
        parts += [text[done : found.start], f"[{found.kind}_REDACTED]"]
        done = found.end
    return "".join([*parts, text[done:]])
