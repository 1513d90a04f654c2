"""Answers to the open question: a typed option, yes or no; and whether a phrase is the whole message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bot.nlu.fold import key
from bot.nlu.lexicon import Hit
from bot.nlu.message import Message
from core.messages import Option
from core.reading import Expectation

_LIGHT: Final = frozenset({"filler", "greeting", "thanks", "+lead"})
"""Tags of words that may stand beside a phrase without changing it."""
_NUMBERS: Final = {"1": "yes", "2": "no"}
_YIELDING: Final = frozenset({"cancel", "help"})
_SIGNS: Final = "👍👎✅❌🙏 "
_OUTRIGHT: Final = ("cancel", "anul")
_CODE_DIGITS: Final = 5
_AFTER_NO: Final = 6
"""“no, the other one …” may say this many words more; a longer sentence is about something else."""


def option(message: Message, expects: Expectation) -> Option | None:
    """The option whose title was typed, or whose place in the list."""
    if not expects.options or not message.tokens:
        return None
    typed = _unmarked(message.text)
    for one in expects.options:
        if typed and _unmarked(one.title) == typed:
            return one
    listed = expects.kind != "rating"  # elsewhere a small number can be nothing else
    place = int(typed) if listed and typed.isascii() and typed.isdigit() and len(typed) < 3 else 0
    return expects.options[place - 1] if 0 < place <= len(expects.options) else None


def _unmarked(text: str) -> str:
    """The words of a title, without the sign before it, which nobody types."""
    return key(text).strip(_SIGNS)


def opt_out(message: Message) -> str:
    """`stop` or `start`, as the whole message only: “baja el volumen” is no farewell to us."""
    for intent in ("stop", "start"):
        hit = message.hit(intent)
        if hit and hit.first == 0 and hit.last == len(message.tokens):
            return intent
    return ""


def yes_no(message: Message) -> str:
    """“yes”, “no”, or “” when the answer is something else."""
    if not message.tokens:
        return ""
    if message.text.strip(" .)") in _NUMBERS:
        return _NUMBERS[message.text.strip(" .)")]
    if message.has("unsure") or message.has("cancel") or _calls(message):
        return ""
    first = next(
        (hit for hit in message.hits if not hit.tags & {"greeting", "+lead", "filler"} or hit.tags & {"yes", "no"}),
        None,
    )
    if first is None or not first.tags & {"yes", "no"} or _leading_words(message, first) > 0:
        return ""
    decisions = {tag for hit in message.hits for tag in hit.tags & {"yes", "no"} if _near(message, first, hit)}
    if "no" in first.tags:
        return "no" if len(message.words) - first.last <= _AFTER_NO or _set_off(message, first) else ""
    return "no" if "no" in decisions and "no" in message.hits[-1].tags and len(message.words) < 5 else "yes"


def _calls(message: Message) -> bool:
    return any(
        message.has(tag) and covered_by(message, tag)
        for tag in ("menu", "help", "person", "back", "restart", "english", "spanish", "portuguese")
    ) or any(hit.last - hit.first > 1 and hit.tags & {"person", "restart", "help"} for hit in message.hits)


def _near(message: Message, first: Hit, hit: Hit) -> bool:
    return hit.first - first.last <= 3


def _leading_words(message: Message, hit: Hit) -> int:
    """Words before the phrase that matter."""
    return sum(1 for _ in _mattering(message, range(hit.first)))


def _set_off(message: Message, hit: Hit) -> bool:
    """“no, …”: a comma or a full stop follows."""
    return hit.last < len(message.tokens) and any(c in ",.;:!" for c in message.gap(hit.last))


def covered_by(message: Message, intent: str) -> bool:
    """The message is this phrase, and nothing beside it matters."""
    ours = {i for hit in message.hits if intent in hit.tags for i in range(hit.first, hit.last)}
    light = _beside(intent)
    for hit in message.hits:
        if hit.tags & light:
            ours |= set(range(hit.first, hit.last))
    return len(ours) == len(message.tokens)


def _beside(intent: str) -> frozenset[str]:
    """The intents that may accompany another: a goodbye may come with a yes and a thank-you."""
    return _LIGHT | {"yes"} if intent in ("farewell", "thanks", "consult_tickets", "help", "cancel") else _LIGHT


def share(message: Message, hit: Hit) -> float:
    """How much of the message the phrase and small words make up."""
    light = {i for h in message.hits if h.tags & _LIGHT for i in range(h.first, h.last)}
    return len(light | set(range(hit.first, hit.last))) / len(message.tokens)


def yields(message: Message, hit: Hit, intent: str) -> bool:
    """“… el 4045110 se apagó y ya no prendió”: a word that works everywhere loses to what is reported.

    “Cancel” in so many words is meant, whatever else is said.
    """
    if intent not in _YIELDING or _outright(message.words[hit.first : hit.last]):
        return False
    reported = (other for other in message.hits if other != hit)
    named = any(tag.startswith(("fault", "kind:")) for other in reported for tag in other.tags)
    return named or any(word.isdigit() and len(word) >= _CODE_DIGITS for word in message.words)


def outright(message: Message) -> bool:
    """Whether “cancel” is said in so many words."""
    return _outright(message.words)


def _outright(words: Iterable[str]) -> bool:
    return any(word.startswith(_OUTRIGHT) for word in words)


def matters(message: Message, places: Iterable[int]) -> bool:
    """One of these words says something by itself."""
    return next(_mattering(message, places), None) is not None


def _mattering(message: Message, places: Iterable[int]) -> Iterator[int]:
    light = {i for h in message.hits if h.tags & (_LIGHT | {"yes"}) for i in range(h.first, h.last)}
    return (i for i in places if i not in light)
