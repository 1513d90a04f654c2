"""Phrase lexicon: a trie that finds all known phrases in one pass over the words.

Files of words list them by tag: `words/*.toml` here what is said at every desk, and those of each desk its own. In a phrase `a|b` is either word, and `a?` may be
left out (as may `a|b?` and `a?|b?`), so that "no se? enfria|prende" is four phrases. The longest phrase at a
place wins and what it covers is not read again: "no quiero cancelar" (tag
"shadow", which means nothing) keeps "cancelar" from being heard.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from itertools import product
from typing import Final, NamedTuple


class Hit(NamedTuple):
    """A phrase found: its tags and the words it covers, first to last (exclusive)."""

    tags: frozenset[str]
    first: int
    last: int


class Node:
    """A trie node: the words that may follow, and the tags of phrases that end here."""

    __slots__ = ("next", "tags")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.tags: frozenset[str] = frozenset()


class Lexicon:
    """Phrases as a tree of words: one look-up a word, however many phrases there are."""

    def __init__(self, phrases: Iterable[tuple[str, str]]):
        self._root = Node()
        words: set[str] = set()
        for tag, pattern in phrases:
            for phrase in expand(pattern):
                self._grow(phrase, tag)
                words.update(phrase)
        self.words: Final = frozenset(words)

    def _grow(self, phrase: Sequence[str], tag: str) -> None:
        node = self._root
        for word in phrase:
            node = node.next.setdefault(word, Node())
        node.tags |= {tag}

    def scan(self, words: Sequence[str]) -> list[Hit]:
        hits: list[Hit] = []
        at = 0
        while at < len(words):
            hit = self._longest(words, at)
            if hit is not None:
                hits.append(hit)
            at = hit.last if hit else at + 1
        return hits

    def every(self, words: Sequence[str]) -> Iterator[Hit]:
        """Every phrase that is found, those within others too."""
        for at in range(len(words)):
            node = self._root
            for last in range(at, len(words)):
                branch = node.next.get(words[last])
                if branch is None:
                    break
                node = branch
                if node.tags:
                    yield Hit(node.tags, at, last + 1)

    def _longest(self, words: Sequence[str], at: int) -> Hit | None:
        node, found = self._root, None
        for last in range(at, len(words)):
            branch = node.next.get(words[last])
            if branch is None:
                break
            node = branch
            if node.tags:
                found = Hit(node.tags, at, last + 1)
        return found


def expand(pattern: str) -> Iterator[tuple[str, ...]]:
    """Every phrase that a pattern stands for."""
    for choice in product(*(alternatives(part) for part in pattern.split())):
        words = tuple(word for word in choice if word)
        if words:
            yield words


def alternatives(part: str) -> list[str]:
    """The words that may stand at one place of a pattern, and an empty one where nothing need stand there."""
    written = part.split("|")
    left_out = [""] if any(word.endswith("?") for word in written) else []
    return [word.removesuffix("?") for word in written] + left_out


def listed(package: str, name: str) -> dict[str, list[str]]:
    """The phrases of a file of words, `name`.toml in `package`, by their tags."""
    text = resources.files(package).joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)["tags"]  # type: ignore[no-any-return]  # the shape is kept by a test


def tagged(package: str, *names: str) -> Iterator[tuple[str, str]]:
    """Every phrase of these files with its tag."""
    for name in names:
        for tag, patterns in listed(package, name).items():
            yield from ((tag, pattern) for pattern in patterns)


def everyday() -> Iterator[tuple[str, str]]:
    """Everyday phrases of every desk: greetings, thanks, yes and no, marks."""
    return tagged("bot.nlu.words", "es", "en")
