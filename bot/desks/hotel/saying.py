"""Days, people and amounts as a guest reads them, in each language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from bot.desks.hotel.house.port import Party, Stay
from bot.script.phrases import phrase
from bot.script.phrases.regions import written_as

WORDS: Final = "sayings"
"""The file of phrases with the words for them."""
SIGNS: Final = {
    "es": {"ARS": "$", "USD": "US$", "EUR": "€", "BRL": "R$", "MXN": "MX$", "CLP": "CL$", "UYU": "UY$"},
    "pt": {"BRL": "R$", "USD": "US$", "EUR": "€"},
    "en": {"USD": "US$", "EUR": "€", "GBP": "£"},
}
"""Signs of currencies that a reader of the language takes for no other; elsewhere the code is written."""


def money(language: str, amount: Decimal, currency: str) -> str:
    """$121.000, US$99,50 or ARS 121,000: without cents where there are none."""
    own = written_as(language)
    whole = amount == amount.to_integral_value()
    written = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    if own != "en":
        written = written.translate(str.maketrans(",.", ".,"))
    sign = SIGNS.get(own, {}).get(currency)
    return f"{sign}{written}" if sign else f"{currency}\N{NO-BREAK SPACE}{written}"


def day(language: str, on: date, today: date) -> str:
    """Friday 3 of January; with its year where it is another than this one."""
    return phrase(language, WORDS, "day" if on.year == today.year else "day_of_year", **_parts(language, on))


def _parts(language: str, on: date) -> dict[str, object]:
    return {
        "weekday": phrase(language, WORDS, f"weekday_{on.isoweekday()}"),
        "day": on.day,
        "month": phrase(language, WORDS, f"month_{on.month}"),
        "year": on.year,
    }


def stay(language: str, wanted: Stay, today: date) -> str:
    """Both days with their weekdays, and how many nights that makes."""
    key = "stay" if wanted.nights > 1 else "stay_one_night"
    one_month = (wanted.arrives.year, wanted.arrives.month) == (wanted.leaves.year, wanted.leaves.month)
    first = phrase(language, WORDS, "day_only", **_parts(language, wanted.arrives))
    arrives = first if one_month else day(language, wanted.arrives, today)
    return phrase(
        language, WORDS, key, arrives=arrives, leaves=day(language, wanted.leaves, today), nights=wanted.nights
    )


def people(language: str, parties: Sequence[Party]) -> str:
    """2 adults and 1 child (4 years); a room each where there are several."""
    told = [_party(language, party) for party in parties]
    if len(told) == 1:
        return told[0]
    listed = joined(language, told)
    return phrase(language, WORDS, "in_rooms", rooms=len(told), people=listed)


def _party(language: str, party: Party) -> str:
    adults = _counted(language, "adult", party.adults)
    if not party.ages:
        return adults
    ages = joined(language, map(str, party.ages))
    children = _counted(language, "child", len(party.ages))
    return phrase(language, WORDS, "with_children", adults=adults, children=children, ages=ages)


def _counted(language: str, what: str, number: int) -> str:
    return phrase(language, WORDS, what if number == 1 else f"{what}_many", number=number)


def joined(language: str, parts: Iterable[str]) -> str:
    """a, b and c."""
    *before, last = parts
    return f"{', '.join(before)} {phrase(language, WORDS, 'and')} {last}" if before else last
