"""Finding and masking: every rule looks, the earlier rule wins, and what is masked is not looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from core.pii.plain import plain
from core.pii.rules import MAY_HOLD, RULES


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Personal data in the text, from left to right, never overlapping."""
    seen = plain(text)
    if not MAY_HOLD.search(seen.text):
        return []
    digits = sum(map(str.isdigit, seen.text))
    taken: list[Found] = []
    for rule in RULES:
        if digits < rule.digits:
            continue
        for found in rule.shape.finditer(seen.text):
            start, end = found.span("it")
            if rule.check(found) and not any(start < t.end and t.start < end for t in taken):
                taken.append(Found(rule.kind, start, end))
    return [Found(t.kind, *seen.span(t.start, t.end)) for t in sorted(taken, key=lambda t: t.start)]


def mask(text: str) -> str:
    """The text with `[KIND_REDACTED]` in the place of each."""
    parts, done = [], 0
    for found in find(text):
        parts += [text[done : found.start], f"[{found.kind}_REDACTED]"]
        done = found.end
    return "".join([*parts, text[done:]])
