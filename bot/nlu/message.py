"""Tokenised message: its text, its known words, the phrases among them, and what the rules have found in it so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from bot.nlu.fold import Token, clean, plain, tokens
from bot.nlu.lexicon import Hit, Lexicon
from bot.nlu.spelling import Speller
from core.reading import Expectation, Guess

MOST_WORDS = 200
"""A longer message is a story; its first words tell what it is about."""

_ALONE = frozenset({"no", "si", "yes"})
_SENTENCE_END = re.compile(r"[.!?;:\n]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a desk: its phrases, their spelling, and what is misheard."""

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


@dataclass(frozen=True, slots=True)
class Message:
    """`words[i]` is what `tokens[i]` means; `text[token.start:token.end]` is how it was written."""

    text: str
    plain: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    hits: tuple[Hit, ...]
    tags: frozenset[str]

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary) -> Self:
        visible = clean(text)
        folded = plain(visible)
        parts = [part for token in tokens(folded, MOST_WORDS) for part in _apart(token, vocabulary)]
        words = vocabulary.meant([part.word for part in parts])
        hits = _scan(words, _set_off(visible, parts), vocabulary)
        tags = frozenset(tag for hit in hits for tag in hit.tags)
        return cls(visible, folded, tuple(parts), words, hits, tags)

    def written(self, first: int, last: int) -> str:
        """Words first to last (exclusive) as they were written."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    def gap(self, at: int) -> str:
        """The text between the word before and this one."""
        return self.text[self.tokens[at - 1].end : self.tokens[at].start] if at else ""

    def begins_sentence(self, at: int) -> bool:
        return at == 0 or _SENTENCE_END.search(self.gap(at)) is not None

    def hit(self, tag: str) -> Hit | None:
        """The first phrase with this tag."""
        return next((hit for hit in self.hits if tag in hit.tags), None) if tag in self.tags else None

    def has(self, tag: str) -> bool:
        return tag in self.tags


@dataclass(slots=True)
class Found:
    """The findings so far about one message."""

    message: Message
    expects: Expectation
    guesses: dict[str, Guess] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)
    """Words that were used up, as codes and addresses are."""

    @property
    def asked(self) -> str:
        return self.expects.slot if self.expects.kind == "slot" else ""

    @property
    def confidence(self) -> float:
        """The confidence of the best guess."""
        return max((guess.confidence for guess in self.guesses.values()), default=0) / 100


def _set_off(text: str, parts: list[Token]) -> bool:
    """“No, se me rompió …”: the first word stands by itself, and begins no phrase with the next."""
    return len(parts) > 2 and parts[0].word in _ALONE and "," in text[parts[0].end : parts[1].start]


def _scan(words: Sequence[str], set_off: bool, vocabulary: Vocabulary) -> tuple[Hit, ...]:
    if not set_off:
        return tuple(vocabulary.lexicon.scan(words))
    rest = [Hit(hit.tags, hit.first + 1, hit.last + 1) for hit in vocabulary.lexicon.scan(words[1:])]
    return (*vocabulary.lexicon.scan(words[:1]), *rest)


def _apart(token: Token, vocabulary: Vocabulary) -> list[Token]:
    """The token, or the words that were run together in it."""
    pieces = vocabulary.speller.apart(token.word)
    parts, start = [], token.start
    for piece in pieces:
        parts.append(Token(piece, start, start + len(piece)))
        start += len(piece)
    return parts or [token]
