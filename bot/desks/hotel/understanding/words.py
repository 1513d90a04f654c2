"""The vocabulary of the hotel desk: everyday words and its own."""

from __future__ import annotations

from typing import Final

from bot.nlu.lexicon import Lexicon, everyday, everywhere, listed, tagged
from bot.nlu.message import Vocabulary
from bot.nlu.spelling import Speller

INTENTS: Final = tuple(listed(__package__, "words"))
"""The intents of the desk, the most telling first."""
_LEXICON: Final = Lexicon(
    phrase for part in (everyday(), everywhere(), tagged(__package__, "words")) for phrase in part
)
HOTEL: Final = Vocabulary(_LEXICON, Speller(_LEXICON))
