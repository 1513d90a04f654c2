"""Case and accent folding, character by character, so that positions stay the same.

Accents, capitals, full-width and "fancy" letters fold; nothing is inserted or
removed, so what is found in `plain` can be cut out of `text` in its own spelling.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import NamedTuple

READ_CHARS = 2_000
"""What a person types as one message; longer is cut before reading, so that reading stays quick."""

_FOLDED_RANGES = (range(0x80, 0x250), range(0x1E00, 0x1F00), range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800))
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[👍👎✅❌🙏]")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")


class Token(NamedTuple):
    word: str
    start: int
    end: int


def _bare(character: str) -> str:
    """One letter without its accent, in lower case; itself when that would not be one letter."""
    decomposed = unicodedata.normalize("NFKD", character).lower()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return letters if len(letters) == 1 else character


_FOLD = {upper: chr(upper + 32) for upper in range(ord("A"), ord("Z") + 1)}
_FOLD |= {code: _bare(chr(code)) for codes in _FOLDED_RANGES for code in codes}
_FOLD[ord("’")] = "'"


def clean(text: str) -> str:
    """The text without what cannot be seen: zero-width, direction marks, control characters.

    Cut twice: composing may make three characters of one.
    """
    if text.isascii():
        return _CONTROL.sub(" ", text[:READ_CHARS]).strip()
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[:READ_CHARS]))
    return _CONTROL.sub(" ", visible[:READ_CHARS]).strip()


def plain(text: str) -> str:
    """The same length, folded."""
    return text.translate(_FOLD)


def tokens(folded: str, most: int | None = None) -> list[Token]:
    """The first words, so many or all, and where each stands."""
    return [Token(m.group(), m.start(), m.end()) for m in islice(_TOKEN.finditer(folded), most)]


def words_in(folded: str) -> list[str]:
    """The words by themselves: a fraction of the cost of tokens."""
    return _TOKEN.findall(folded)


def key(text: str) -> str:
    """The normal form of a text: equal for equal words, for comparing titles and as a cache key."""
    return " ".join(words_in(plain(clean(text))))


def short(text: str) -> str:
    """“siiii” → “si”: a letter held down counts once, in a word or in all words of a text."""
    return _ELONGATED.sub(r"\1", text)
