"""The vocabulary of the field desk: what is said at every desk, and how people speak of faults, equipment and reports."""

from __future__ import annotations

from itertools import chain
from typing import Final

from bot.nlu.lexicon import Lexicon, everyday, tagged
from bot.nlu.spelling import Speller
from bot.nlu.vocabulary import Vocabulary

LEXICON: Final = Lexicon(chain(everyday(), tagged(__package__, "es", "en")))
FIELD: Final = Vocabulary(LEXICON, Speller(LEXICON))
