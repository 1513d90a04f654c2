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

Places = frozenset[int]


class Hit(NamedTuple):
    """A phrase found: its tags and the words it covers, first to last (exclusive)."""

    tags: frozenset[str]
    first: int
    last: int


class Node:
    """The words that may come next, and the tags of phrases that end here."""

    __slots__ = ("next", "tags")

    def __init__(self, tags: frozenset[str]) -> None:
        self.next: dict[str, Node] = {}
        self.tags = tags


class Patterns:
    """Each pattern as a row of places, one between every two parts: which words lead to which places, and what ends there.

    Patterns are not expanded: “no se? enfria|prende” is four places, however many phrases it stands for.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self.leads: list[dict[str, Places]] = []
        self.tag: list[str] = []
        self.words: set[str] = set()
        self.starts: Places = frozenset([self._add(tag, pattern.split()) for tag, pattern in phrases])

    def _add(self, tag: str, parts: Sequence[str]) -> int:
        """Add one pattern from its end to its start. Its first place."""
        self._place({}, tag)
        for part in reversed(parts):
            self._put_before(alternatives(part))
        return len(self.leads) - 1

    def _put_before(self, written: Sequence[str]) -> None:
        """One place before the newest one; where nothing need be said, what follows may follow at once."""
        newest = len(self.leads) - 1
        leads = dict(self.leads[newest]) if "" in written else {}
        for word in filter(None, written):
            leads[word] = leads.get(word, frozenset()) | {newest}
            self.words.add(word)
        self._place(leads, self.tag[newest] if "" in written else "")

    def _place(self, leads: dict[str, Places], tag: str) -> None:
        self.leads.append(leads)
        self.tag.append(tag)


def grown(patterns: Patterns) -> Node:
    """The tree of the patterns. Where the same may follow, branches grow together, which keeps the tree small."""
    nodes: dict[Places, Node] = {}
    root, ahead = _node(patterns, patterns.starts, nodes), [patterns.starts]
    for places in ahead:
        for word, following in _following(patterns, places).items():
            if following not in nodes:
                ahead.append(following)
            nodes[places].next[word] = _node(patterns, following, nodes)
    return root


def _node(patterns: Patterns, places: Places, nodes: dict[Places, Node]) -> Node:
    if places not in nodes:
        nodes[places] = Node(frozenset(patterns.tag[place] for place in places) - {""})
    return nodes[places]


def _following(patterns: Patterns, places: Places) -> dict[str, Places]:
    together: dict[str, set[int]] = {}
    for place in places:
        for word, leads in patterns.leads[place].items():
            together.setdefault(word, set()).update(leads)
    return {word: frozenset(leads) for word, leads in together.items()}


class Lexicon:
    """Phrases as a tree of words: one look-up a word, however many phrases there are."""

    def __init__(self, phrases: Iterable[tuple[str, str]]):
        patterns = Patterns(phrases)
        self._root = grown(patterns)
        self.words: Final = frozenset(patterns.words)

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
    return tagged("bot.nlu.words", "es", "en", "pt")


def everywhere(*languages: str) -> Iterator[tuple[str, str]]:
    """Words that mean the same everywhere, such as menu, cancel and person, for a desk that brings no such words."""
    return tagged("bot.nlu.words", *(f"everywhere_{language}" for language in languages))
