"""Equipment that is like what somebody says of it: the words of its shop, its address, its model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from bot.nlu.fold import clean, plain, words_in
from bot.script.catalogue.kind import Line

MOST_WORDS, FEWEST_LETTERS = 12, 3
ENOUGH: Final = 2
"""So many words in common are no accident."""
COMMON: Final = frozenset(
    "tienda tiendita abarrotes minisuper super miscelanea mercadito calle avenida ave centro colonia ciudad local numero codigo "
    "refrigerador refri enfriador heladera nevera cooler fridge store shop para porque tiene esta este desde como cuando que los "
    "las una del por con llama etiqueta quitaron hablo buenas hola enfria prende agua ayer pos joven the and not les ese eso".split()
)
"""Words in many names, or in any message: they find nothing by themselves."""


def words_of(text: str) -> frozenset[str]:
    """Words that may tell a shop, an address or a model, folded."""
    said = words_in(plain(clean(text)))
    kept = [word for word in said if word.isascii() and len(word) >= FEWEST_LETTERS and word not in COMMON]
    return frozenset(kept[:MOST_WORDS])


def among(key: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Equipment whose shop was named, or which has several words in common; the likest first."""
    words = frozenset(key.split())
    likeness = [(_likeness(line, words), line) for line in lines]
    found = sorted((pair for pair in likeness if pair[0]), key=lambda pair: -pair[0])
    return [card(line) for _, line in found]


def card(line: Line) -> dict[str, Any]:
    """Equipment as people read it; a model that begins with its brand is not told twice."""
    told = {name: line[name] for name in ("code", "model", "brand", "client", "place")}
    return {**told, "model": str(line["model"]).removeprefix(f"{line['brand']} ")}


def _likeness(line: Line, words: Collection[str]) -> int:
    called, other = words_of(str(line["client"])), words_of(f"{line['place']} {line['model']}")
    common = len((called | other) & set(words))
    named = bool(called) and called <= set(words)
    return common + (ENOUGH if named else 0) if named or common >= ENOUGH else 0
