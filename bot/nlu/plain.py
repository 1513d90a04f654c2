"""Reading for a desk that brings only words: `words.toml`, each tag an intent, and everyday words besides.

The first that fits wins: stop and start, a typed option, yes or no where it was asked, everyday words alone, the
desk's own words, and last the answer to the slot that was asked, as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bot.nlu import answers, rules
from bot.nlu.lexicon import Lexicon, everyday, everywhere
from bot.nlu.message import Found, Message, Vocabulary
from bot.nlu.rules import CLEAR, SURE, ReadText, Said
from bot.nlu.spelling import Speller
from bot.script import toml_file
from core.errors import Broken
from core.reading import Expectation, Guess, Reading

EVERYWHERE: Final = (
    "restart", "person", "consult_tickets", "menu", "back", "help", "cancel", "english", "spanish", "farewell", "thanks",
    "greeting", "yes", "no",
)  # fmt: skip
ASKED: Final = 90


def reader(words: Path) -> ReadText:
    """Make the reading of a desk with these words."""
    tags = _tags(words)
    lexicon = Lexicon(
        [*everyday(), *everywhere("es", "en"), *((tag, phrase) for tag, phrases in tags.items() for phrase in phrases)]
    )
    vocabulary = Vocabulary(lexicon, Speller(lexicon))
    order = (rules.opt_out, _option, _mark, _yes_no, _everyday, _own(tuple(tags)), _answer)

    def read(text: str, expects: Expectation) -> Reading:
        found = Found(Message.of(text, vocabulary), expects)
        intent, sure = rules.first(found, order) or ("", found.confidence)
        return Reading(intent, sure, found.guesses)

    return read


def _tags(words: Path) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = toml_file.read(words).get("tags", {})
    for tag, phrases in tags.items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
            raise Broken(f'{words}:{toml_file.line_with(words, tag)}: {tag}: wanted is a list like ["bread", "a cake"]')
    return tags


def _option(found: Found) -> Said | None:
    return ("", SURE) if rules.chosen(found) else None


def _mark(found: Found) -> Said | None:
    return rules.mark(found) if found.expects.kind == "rating" else None


def _yes_no(found: Found) -> Said | None:
    said = answers.yes_no(found.message) if found.expects.kind == "yes_no" else ""
    return (said, SURE) if said else None


def _everyday(found: Found) -> Said | None:
    return rules.whole(found, *EVERYWHERE)


def _own(tags: Sequence[str]) -> Callable[[Found], Said | None]:
    """The desk's own words, where no answer of the customer's own words is wanted, or as the whole answer."""

    def rule(found: Found) -> Said | None:
        if found.asked:
            return rules.whole(found, *tags)
        return next(((tag, CLEAR) for tag in tags if found.message.has(tag)), None)

    return rule


def _answer(found: Found) -> Said | None:
    if not found.asked or not found.message.tokens:
        return None
    found.guesses[found.asked] = Guess(found.message.text, ASKED, "asked")
    return "", ASKED / 100
