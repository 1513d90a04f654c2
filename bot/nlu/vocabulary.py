"""A desk's vocabulary: phrases, common misspellings, and multi-word mishearings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.nlu.lexicon import Lexicon
from bot.nlu.spelling import Speller


@dataclass(frozen=True, slots=True)
class Vocabulary:
    lexicon: Lexicon
    speller: Speller
    slips: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """Phrases that mean others of as many words, so that every word keeps its place."""

    def meant(self, typed: Sequence[str]) -> tuple[str, ...]:
        words = tuple(self.speller.known(word) for word in typed)
        for at in range(len(words) if self.slips else 0):
            for wrong, right in self.slips.items():
                if words[at : at + len(wrong)] == wrong:
                    words = (*words[:at], *right, *words[at + len(wrong) :])
        return words
