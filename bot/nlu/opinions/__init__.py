"""The sentiment of an answer to “how was it?”: good, bad, or ask me no more. Data, a file a language.

Whole words and phrases are read, never parts of words: “bueno” holds no “no”, and “casi” no “sí”. What was both praised
and blamed, or praised with a but, is told by nobody's guess: it is not read, and asked again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Final, Literal

from bot.nlu.fold import clean, plain, short, words_in
from bot.nlu.lexicon import Hit, Lexicon

LANGUAGES: Final = ("es", "en", "pt")
Opinion = Literal["", "good", "bad", "stop"]
_FAR: Final = 3
"""So many words may stand between a negative and what it denies."""
_MOST_STARS: Final = 5
_STARS: Final[tuple[Opinion, ...]] = ("", "bad", "bad", "", "good", "good")


def read(text: str) -> Opinion:
    """The opinion that the text tells, in any of the languages; "" when it tells none, or both."""
    seen = clean(text)
    words = words_in(short(plain(seen)))
    if not words:
        stars = seen.count("⭐") + seen.count("🌟")
        return _STARS[stars] if stars <= _MOST_STARS else ""
    hits = _LEXICON.scan(words)
    if alone := _alone(words, hits):
        return alone
    said = {_meant(words, hits, hit) for hit in hits}
    if "bad" in said:
        return "bad"
    if "stop" in said:
        return "stop"
    return "good" if "good" in said and "doubt" not in said else ""


def _alone(words: Sequence[str], hits: Sequence[Hit]) -> Opinion:
    """A short answer that means something only as the whole message, beside words that mean nothing."""
    light = {at for hit in hits if "filler" in hit.tags for at in range(hit.first, hit.last)}
    rest = " ".join(word for at, word in enumerate(words) if at not in light) or " ".join(words)
    return _WHOLE.get(" ".join(words)) or _WHOLE.get(rest, "")


def _meant(words: Sequence[str], hits: Sequence[Hit], hit: Hit) -> str:
    """The meaning of a phrase where it stands: a negative before it turns it round."""
    for tag in ("bad", "stop", "good"):
        if tag in hit.tags:
            return _TURNED.get(tag, tag) if _denied(words, hits, hit) else tag
    if "almost" in hit.tags:
        return "doubt" if any(other.first == hit.last and "good" in other.tags for other in hits) else ""
    return "doubt" if "but" in hit.tags and hit.first > 0 and hit.last < len(words) else ""


def _denied(words: Sequence[str], hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a negative stands before it, with nothing but small words between."""
    for at in range(hit.first - 1, max(-1, hit.first - 2 - _FAR), -1):
        if words[at] in _NEGATIVES:
            return True
        if words[at] not in _BRIDGE:
            return False
    return False


def _listed() -> Iterator[tuple[str, dict[str, list[str]]]]:
    for language in LANGUAGES:
        yield (
            language,
            tomllib.loads(resources.files("bot.nlu").joinpath(f"opinions/{language}.toml").read_text("utf-8")),
        )


def _words(name: str) -> frozenset[str]:
    return frozenset(word for _, listed in _listed() for pattern in listed[name] for word in pattern.split("|"))


def _phrases() -> Iterator[tuple[str, str]]:
    tags = ("good", "bad", "stop", "almost", "but", "filler")
    yield from ((tag, pattern) for _, listed in _listed() for tag in tags for pattern in listed[tag])


def _wholes() -> Iterator[tuple[str, Opinion]]:
    opinions: tuple[Opinion, ...] = ("good", "bad", "stop")
    yield from ((each, kind) for _, listed in _listed() for kind in opinions for each in listed[f"whole_{kind}"])


_TURNED: Final = {"good": "bad", "bad": "good"}
_NEGATIVES: Final = _words("negatives")
_BRIDGE: Final = _words("bridge")
_WHOLE: Final[dict[str, Opinion]] = dict(_wholes())
_LEXICON: Final = Lexicon(_phrases())
