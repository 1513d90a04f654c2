"""Danger to people, recognised in every language whatever was asked, and not confused with words that only sound like it.

The words are data, a file a language: what says a danger, what only sounds like one, what puts it in a film or in the
past, and what says that it is over. One look-up a word, in one pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any, Final

from bot.nlu.fold import clean, plain, short, tokens
from bot.nlu.lexicon import Hit, Lexicon, alternatives

KINDS: Final = ("injured", "fire", "gas", "shock", "smoke", "robbery", "scam")
"""The most pressing first: of several that were told, its instruction is given."""
LANGUAGES: Final = ("es", "en", "pt")
NOTHING: Final = "nothing"
_MARKS: Final = frozenset({"context", "over", "still"})
_OTHERWISE: Final = ((NOTHING, "says"), ("context", "context"), ("over", "over"), ("still", "still"))
_ENDS: Final = frozenset(".!?;\n")
_FAR: Final = 2
"""So many words may stand between a negative and what it denies."""


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
    folded = plain(clean(text))
    words: list[str] = []
    end = 0
    for token in tokens(folded):
        if words and _ENDS.intersection(folded[end : token.start]):
            yield words
            words = []
        end = token.end
        if (word := short(token.word)) not in _SMALL:
            words.append(word)
    if words:
        yield words


def _kinds_in(words: Sequence[str]) -> set[str]:
    hits = _LEXICON.scan(words)
    said = [hit for hit in hits if _says(hit) and not _denied(words, hit)]
    return {kind for hit in said for kind in _says(hit)} if said and not _settled(hits) else set()


def _says(hit: Hit) -> frozenset[str]:
    """The danger that a phrase reports; empty when the phrase only sounds like one."""
    return frozenset() if NOTHING in hit.tags else hit.tags - _MARKS


def _settled(hits: Sequence[Hit]) -> bool:
    """It is over, long ago, or in a film; and the sentence does not say that it goes on."""
    tags = frozenset(tag for hit in hits for tag in hit.tags)
    return bool(tags & {"context", "over"}) and "still" not in tags


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
        tagged = [*says.items(), *((tag, listed["not"][name]) for tag, name in _OTHERWISE)]
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
