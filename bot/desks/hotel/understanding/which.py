"""The offer that is meant, of those that were shown: “la segunda”, “la más barata”, “la otra”, “la primera que me dijiste”."""

from __future__ import annotations

from typing import Final

from bot.nlu.lexicon import Lexicon, tagged
from bot.nlu.message import Found
from core.reading import Guess

FLOW: Final = "hotel_stay"
STATES: Final = frozenset("offering naming mailing confirming receipt repriced".split())
"""Where offers have been shown."""
MOST_WORDS: Final = 9
"""A longer message says more than which."""
OTHER_DAYS: Final = "other_days"
SURE: Final = 90
_LEXICON: Final = Lexicon(tagged(__package__, "which"))


def read(found: Found) -> str:
    """Take in which is meant. `other_days` where none of them is, "" where nothing was said of them."""
    if found.expects.flow != FLOW or found.expects.state not in STATES or len(found.message.words) > MOST_WORDS:
        return ""
    tags = [tag for hit in _LEXICON.scan(_words(found)) for tag in sorted(hit.tags)]
    if OTHER_DAYS in tags:
        return OTHER_DAYS
    if len({*tags}) != 1:
        return ""
    found.guesses["which"] = Guess(tags[0], SURE, "rules")
    return "which"


def _words(found: Found) -> list[str]:
    return [token.word for token in found.message.tokens]
