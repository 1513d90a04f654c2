"""The vocabulary of the field desk: what is said at every desk, and how people speak of faults, equipment and reports."""

from __future__ import annotations

import tomllib
from importlib import resources
from itertools import chain
from typing import Final

from bot.nlu.lexicon import Lexicon, everyday, tagged
from bot.nlu.message import Vocabulary
from bot.nlu.spelling import Speller

LEXICON: Final = Lexicon(chain(everyday(), tagged(__package__, "es", "en")))
SLIPS: Final[dict[str, str]] = tomllib.loads(resources.files(__package__).joinpath("typos.toml").read_text("utf-8"))
FIELD: Final = Vocabulary(LEXICON, Speller(LEXICON, SLIPS))
