"""The vocabulary of the hotel desk: everyday words, and its own in Spanish, English and Portuguese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.nlu.lexicon import Lexicon, everyday, everywhere, tagged
from bot.nlu.message import Vocabulary
from bot.nlu.spelling import Speller

REQUEST: Final = "request:"
"""Tags of what may be wanted during a stay."""
WANTED: Final = ("towels", "cleaning", "maintenance", "room_service", "taxi", "luggage", "wake_up", "lost")
INTENTS: Final = (
    "cancel_booking", "change_booking", "late_checkout", "late_arrival", "transfer", "receipt",
    *(f"{REQUEST}{wanted}" for wanted in WANTED),
    "complaint", "my_booking", "room_types", "book", "location", "rooms",
)  # fmt: skip
"""What a text may mean, the most telling first: “cancel my booking” speaks of a booking too."""
TOGETHER: Final = {
    "late_checkout": ("+leave", "+later"),
    "late_arrival": ("+arrive", "+later"),
    f"{REQUEST}maintenance": ("+thing", "+broken"),
}
"""Words that tell something only together, in any order."""
FILES: Final = ("es", "en", "pt")


def words_of(pattern: str) -> Iterator[str]:
    """Every word of a pattern."""
    return (word.removesuffix("?") for part in pattern.split() for word in part.split("|"))


_OTHERS: Final = (*tagged(f"{__package__}.dates", *FILES), *tagged(__package__, "people", "rooms"))
_KNOWN: Final = sorted({word for _, pattern in _OTHERS for word in words_of(pattern) if word.isalpha()})
"""Words of days, people and rooms, which are read elsewhere and must not be taken for misspellings of others."""
_LEXICON: Final = Lexicon(
    (*everyday(), *everywhere(*FILES), *tagged(__package__, *FILES), *(("+known", word) for word in _KNOWN))
)
HOTEL: Final = Vocabulary(_LEXICON, Speller(_LEXICON))
NOT_NAMES: Final = frozenset(word for _, pattern in tagged(__package__, *FILES) for word in words_of(pattern))
"""Words of the desk, which are nobody's name."""
