"""The problem in the customer's own words: the sentence without greetings, codes and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.nlu.lexicon import Hit
from bot.nlu.message import Message
from core.reading import Guess

STATED = 80
"""A fault we know was named."""
INFERRED = 40
"""Nothing we know, but the rest of a report must be about something."""
A_STORY = 200
"""A longer report is kept whole: what seems to be beside the point may be what the technician needs."""
SHORTEST = 5
SHORTEST_MESSAGE = 20

_REPORTS: Final = frozenset({"refrigerator", "vehicle"})
"""Flows of reports."""
_ASIDE: Final = frozenset({"+report", "+lead", "greeting", "thanks", "farewell", "person", "correct", "help"})
_AHEAD: Final = frozenset("y que pero porque ya con de e and that but because the is no. hola oye".split())
_BEFORE_KIND: Final = frozenset(
    "mi mis el la los las un una este esta ese esa nuestro nuestra my the a an our this de del al con".split()
)
_BEHIND: Final = frozenset("y de del con el la mi mis un una en que por the my a and with of to me".split())
_ITSELF: Final = frozenset({"fault", "fault:vehicle", "fault:refrigerator"})


def read(message: Message, covered: set[int], *, reporting: bool) -> Guess | None:
    """The problem told in the message; `covered` are words already used (codes, addresses)."""
    removable = _removable(message)
    faults = {i for hit in message.hits if hit.tags & _ITSELF for i in range(hit.first, hit.last)}
    pieces = [_trim(message, piece, removable, faults) for piece in _pieces(message, covered)]
    stated = [piece for piece in pieces if piece and faults & set(piece)]
    if stated and len(message.text) > A_STORY:
        return _guess(message.text, STATED, "rules")
    if stated:
        return _guess(", ".join(message.written(p.start, p.stop) for p in stated), STATED, "rules")
    if not reporting or len(message.text) <= SHORTEST_MESSAGE:
        return None
    rest = max(pieces, key=len, default=range(0))
    return _guess(message.written(rest.start, rest.stop), INFERRED, "inferred") if len(rest) > 1 else None


def urgent(message: Message, problem: Guess | None, flow: str) -> dict[str, Guess]:
    """“me urge”, “se me echa a perder la carne”: told beside what is wrong, or by itself while a report is under way."""
    hit = message.hit("urgent")
    if hit is None or (problem is None and flow not in _REPORTS):
        return {}
    told = message.text if problem is None else message.written(hit.first, hit.last)
    return {} if problem and told in str(problem.value) else {"urgent": Guess(told, STATED, "rules")}


def is_reported(message: Message) -> bool:
    """A fault, a kind of equipment, or the wish to report; “el técnico” alone is none."""
    return any(
        any(tag.startswith(("fault", "kind:")) for tag in hit.tags)
        or ("+report" in hit.tags and hit.last - hit.first > 1)
        for hit in message.hits
    )


def _guess(text: str, confidence: int, source: str) -> Guess | None:
    return Guess(text, confidence, source) if len(text) >= SHORTEST else None


def _removable(message: Message) -> set[int]:
    """Words that are about the report and not about the fault."""
    gone: set[int] = set()
    for hit in message.hits:
        if hit.first == 0 and hit.tags & {"yes", "no"}:
            gone |= set(range(hit.last))
        elif hit.tags & _ASIDE and not hit.tags & _ITSELF and not _mentions(message, hit):
            gone |= set(range(hit.first, hit.last))
        elif "kind:refrigerator" in hit.tags or "kind:vehicle" in hit.tags:
            gone |= (
                set() if _has_more_name(message, hit.last) else set(range(_determiners(message, hit.first), hit.last))
            )
    return gone


def _mentions(message: Message, hit: Hit) -> bool:
    """“lo golpeó una persona” calls nobody; “no enfría, asesor” does."""
    return "person" in hit.tags and hit.first > 0 and message.words[hit.first - 1] in _BEFORE_KIND


def _has_more_name(message: Message, at: int) -> bool:
    """“el enfriador de los refrescos”: more than the kind; but “de mi tienda” is only where it stands."""
    here = next((hit for hit in message.hits if hit.first == at), None)
    return at < len(message.words) and message.words[at] in ("de", "del") and not (here and "+lead" in here.tags)


def _determiners(message: Message, at: int) -> int:
    while at > 0 and message.words[at - 1] in _BEFORE_KIND:
        at -= 1
    return at


def _pieces(message: Message, covered: set[int]) -> Iterator[range]:
    """The message cut at what is covered, and at the ends of sentences."""
    start = 0
    for at in range(len(message.tokens) + 1):
        ends = at == len(message.tokens) or at in covered
        if ends or message.begins_sentence(at):
            if start < at:
                yield range(start, at)
            start = at + 1 if ends else at


def _trim(message: Message, piece: range, removable: set[int], faults: set[int]) -> range:
    """Without what leads to the problem and what follows it; what stands inside stays."""
    first, last = piece.start, piece.stop
    while first < last and first not in faults and (first in removable or _leads(message, first, last, removable)):
        first += 1
    while last > first and last - 1 not in faults and (last - 1 in removable or message.words[last - 1] in _BEHIND):
        last -= 1
    return range(first, last)


def _leads(message: Message, at: int, last: int, removable: set[int]) -> bool:
    """A connecting word at the head, or an article whose noun is removed as well."""
    word = message.words[at]
    return word in _AHEAD or (word in _BEFORE_KIND and at + 1 < last and at + 1 in removable)
