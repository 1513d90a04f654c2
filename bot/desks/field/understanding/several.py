"""Several pieces of equipment in one message: “el 4045101 no enfría y el 4045109 tira agua” is about two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.desks.field.understanding import codes, corrections
from bot.nlu.message import Message

MOST: Final = 4
FEWEST_WORDS: Final = 3
"""Two codes and what is wrong with them: a shorter message is about one thing."""
_BETWEEN: Final = frozenset(("y", "e", "and", "también", "tambien", "además", "ademas"))
_STOPS: Final = frozenset(",.;\n")
_NO_REPORT: Final = frozenset(("employee", "other", "denied", "ticket"))


def parts(message: Message) -> list[str]:
    """The message cut into what is said of each code; one part when it is about one thing, or corrects something."""
    numbers = _codes_of(message)
    reports = any(tag.startswith(("fault", "kind:refrigerator")) for tag in message.tags)
    if len(numbers) < 2 or not reports or "kind:vehicle" in message.tags or corrections.correction(message):
        return [message.text]
    cuts = [_cut(message, numbers[at - 1], numbers[at]) for at in range(1, len(numbers))]
    ends = [*(message.tokens[cut].start for cut in cuts), len(message.text)]
    return [message.text[start:end].strip(" ,.;\n") for start, end in zip([0, *ends], ends, strict=False)]


def _codes_of(message: Message) -> Sequence[codes.Number]:
    """The equipment codes, each once; none when one of the numbers is something else."""
    numbers = [number for number in codes.numbers(message) if codes.SAP.fullmatch(number.value)]
    if any(number.role in _NO_REPORT for number in numbers):
        return []
    return list({number.value: number for number in numbers}.values())[:MOST]


def _cut(message: Message, before: codes.Number, number: codes.Number) -> int:
    """The word at which the part of a code begins: behind the last “y”, comma or full stop before it, or else at its own words."""
    for at in range(number.first, before.last, -1):
        if message.words[at - 1] in _BETWEEN or _STOPS & set(message.gap(at)):
            return at
    return number.first
