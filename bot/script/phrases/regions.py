"""One Spanish, written once, said as each region says it.

A sentence is written as most of Latin America says it; a word after ~ is one that
they who say “vos” say otherwise: `~prueba` is “prueba”, and “probá” in es-AR.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from core.errors import Broken

WRITTEN_AS: Final = {"es-AR": "es", "es-419": "es"}
"""The languages that are said like another, but for the marked words (es-AR) or entirely (es-419)."""
_VOS: Final = frozenset({"es-AR"})
_MARKED = re.compile(r"~(\w+)")
_TABLE = tomllib.loads(Path(__file__).with_name("voseo.toml").read_text(encoding="utf-8"))
_WORDS: Final[dict[str, str]] = _TABLE["words"]
_SAME: Final = frozenset(_TABLE["same"]["words"].split())
_BARE: Final = str.maketrans("áéíóú", "aeiou")
_WITH_PRONOUN = re.compile(r"[^áéíóú]*+[áéíóú]\w*(?:lo|la|los|las|le|les|me|te|se)$")
_NEGATIVE = re.compile(r"[^aeiou]*+[aeiou]\w*(?:es|as)$")


def written_as(language: str) -> str:
    """The language whose sentences are said in this one: es for es-AR."""
    return WRITTEN_AS.get(language, language)


def said_in(language: str, written: str) -> str:
    """The sentence as the language says it, without marks."""
    if "~" not in written:
        return written
    return _MARKED.sub(lambda m: _like(m[1], vos(m[1].lower())) if language in _VOS else m[1], written)


def vos(word: str) -> str:
    """The word as said with “vos”. Raises Broken for one that no rule and no line of the table covers."""
    if word in _WORDS:
        return _WORDS[word]
    if word in _SAME:
        return word
    if _WITH_PRONOUN.match(word) and not re.search("ué|ié", word):
        return word.translate(_BARE)
    if _NEGATIVE.match(word):
        return word
    if word.endswith("a") and word.translate(_BARE) == word and not re.search("ue|ie", word):
        return word[:-1] + "á"
    raise Broken(f"voseo.toml does not know how “{word}” is said with vos")


def _like(written: str, said: str) -> str:
    return said[0].upper() + said[1:] if written[0].isupper() else said
