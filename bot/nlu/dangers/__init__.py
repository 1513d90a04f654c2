"""Danger to people, recognised in every language whatever was asked, and not confused with words that only sound like it.

The words are data, a file a language: what says a danger, what only sounds like one, what puts it in a film or in the
past, and what says that it is over. A danger is told by a phrase, or by words that stand near each other in any order:
a child and being shut in, a vehicle that stopped and a highway. One look-up a word, in two passes.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from bot.nlu.fold import clean, plain, short, tokens
from bot.nlu.lexicon import Hit, Lexicon, alternatives

KINDS: Final = (
    "child", "injured", "fire", "gas", "shock", "robbery", "threat", "smoke", "stranded", "scam", "menace",
)  # fmt: skip
"""The most pressing first: of several that were told, its instruction is given."""
LANGUAGES: Final = ("es", "en", "pt")
NOTHING: Final = "nothing"
_MARKS: Final = frozenset({"context", "over", "put_out", "still"})
_OTHERWISE: Final = ((NOTHING, "says"), *((mark, mark) for mark in sorted(_MARKS)))
_PUT_OUT: Final = frozenset({"fire", "smoke"})
"""Kinds that are over when it was put out."""
_ENDS: Final = frozenset(".!?;\n")
_FAR: Final = 2
"""So many words may stand between a negative and what it denies."""
_NEAR: Final = 9
"""Words that tell a danger together stand within so many."""


class Together(NamedTuple):
    """Words of these classes, near each other and in any order, tell this danger."""

    kind: str
    classes: tuple[str, ...]


def read(text: str) -> str:
    """The danger that is told; "" for none."""
    return kind_and_language(text, "").partition("/")[0]


def kind_and_language(text: str, spoken: str) -> str:
    """The danger that is told, and in which language: "fire/en". Of several, the language that is spoken already."""
    found = {tag for sentence in _sentences(text) for tag in _kinds_in(sentence)}
    own = spoken.partition("-")[0]
    for kind in KINDS:
        languages = [language for language in LANGUAGES if f"{kind}/{language}" in found]
        if languages:
            return f"{kind}/{own if own in languages else languages[0]}"
    return ""


def _sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence, folded, as written."""
    folded = short(plain(clean(text)))
    words: list[str] = []
    end = 0
    for token in tokens(folded):
        if words and _ENDS.intersection(folded[end : token.start]):
            yield words
            words = []
        end = token.end
        if token.word not in _SMALL:
            words.append(token.word)
    if words:
        yield words


def _kinds_in(words: Sequence[str]) -> set[str]:
    hits = _LEXICON.scan(words)
    said = [hit for hit in hits if _says(hit) and not _denied(words, hit)]
    found = {kind for hit in said for kind in _says(hit)} | _kinds_together(words, hits)
    if found and _ended(hits, "put_out"):
        found = {tag for tag in found if tag.partition("/")[0] not in _PUT_OUT}
    return found if found and not _settled(hits) else set()


def _kinds_together(words: Sequence[str], hits: Sequence[Hit]) -> set[str]:
    """Dangers that no phrase tells, and the words of the sentence together do."""
    harmless = {at for hit in hits if NOTHING in hit.tags for at in range(hit.first, hit.last)}
    places: dict[str, list[int]] = defaultdict(list)
    for hit in _CLASSES.every(words):
        if harmless.isdisjoint(range(hit.first, hit.last)) and not _denied(words, hit):
            for name in hit.tags:
                places[name].append(hit.first)
    if not places:
        return set()
    return {each.kind for each in _together() if places.keys() >= {*each.classes} and _are_near(each, places)}


def _are_near(each: Together, places: Mapping[str, Sequence[int]]) -> bool:
    """Whether one word of each class stands within a few words of one of the first class."""
    first, *others = each.classes
    return any(all(_stands_near(at, places[name]) for name in others) for at in places[first])


def _stands_near(at: int, places: Sequence[int]) -> bool:
    """Whether one of these places, which are in order, is near."""
    next_one = bisect_left(places, at - _NEAR)
    return next_one < len(places) and places[next_one] <= at + _NEAR


@cache
def _together() -> tuple[Together, ...]:
    return tuple(
        Together(f"{kind}/{language}", tuple(f"{name}/{language}" for name in written.split()))
        for language, listed in _listed()
        for kind, every in listed.get("together", {}).items()
        for written in every
    )


def _members() -> Iterator[tuple[str, str]]:
    """Every word and phrase of a class, tagged with its name."""
    for language, listed in _listed():
        for name, patterns in listed.get("classes", {}).items():
            yield from ((f"{name}/{language}", lean) for lean in map(_lean, patterns) if lean)


def _says(hit: Hit) -> frozenset[str]:
    """The danger that a phrase reports; empty when the phrase only sounds like one."""
    return frozenset() if NOTHING in hit.tags else hit.tags - _MARKS


def _settled(hits: Sequence[Hit]) -> bool:
    """It is over, long ago, or in a film; and the sentence does not say after that that it goes on."""
    return _ended(hits, "over") or (_last(hits, "context") >= 0 and _last(hits, "still") < 0)


def _ended(hits: Sequence[Hit], mark: str) -> bool:
    """The last word about it is that it is over."""
    return _last(hits, mark) > _last(hits, "still")


def _last(hits: Sequence[Hit], mark: str) -> int:
    """The place of the last phrase with this mark; -1 for none."""
    return max((hit.first for hit in hits if mark in hit.tags), default=-1)


def _denied(words: Sequence[str], hit: Hit) -> bool:
    """“no hay heridos”, “sin humo”: a negative before it, with nothing but small words between."""
    for at in range(hit.first - 1, max(-1, hit.first - 2 - _FAR), -1):
        if words[at] in _NOBODY:
            return True
        if words[at] not in _BRIDGE:
            return False
    return False


def _listed() -> Iterator[tuple[str, dict[str, Any]]]:
    for language in LANGUAGES:
        written = resources.files("bot.nlu").joinpath(f"dangers/{language}.toml").read_text("utf-8")
        yield language, tomllib.loads(written)


def _phrases() -> Iterator[tuple[str, str]]:
    for language, listed in _listed():
        says = {f"{kind}/{language}": patterns for kind, patterns in listed["says"].items()}
        tagged = [*says.items(), *((tag, listed["not"].get(name, ())) for tag, name in _OTHERWISE)]
        yield from ((tag, lean) for tag, patterns in tagged for lean in map(_lean, patterns) if lean)


def _lean(pattern: str) -> str:
    """The pattern without small words, as the sentences are read without them."""
    return " ".join(part for part in map(_without_small, pattern.split()) if part.strip("?"))


def _without_small(part: str) -> str:
    written = alternatives(part)
    kept = [word for word in written if word and word not in _SMALL]
    optional = len(kept) < len(written)
    return "|".join(kept) + ("?" if optional else "")


def _words(name: str) -> frozenset[str]:
    return frozenset(word for _, listed in _listed() for pattern in listed["not"][name] for word in pattern.split("|"))


_SMALL: Final = _words("small")
_NOBODY: Final = _words("nobody")
_BRIDGE: Final = _words("bridge")
_LEXICON: Final = Lexicon(_phrases())
_CLASSES: Final = Lexicon(_members())
