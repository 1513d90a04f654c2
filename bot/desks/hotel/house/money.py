"""Amounts: decimals with a currency, never floats, rounded by one rule."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from core.errors import Unreachable

DIGITS: Final = {"CLP": 0, "PYG": 0, "JPY": 0, "KRW": 0, "ISK": 0}
"""Decimals of a currency that has not two (ISO 4217)."""
LARGEST: Final = Decimal("999999999999.99")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the smallest coin of the currency, halves up. Every night is rounded once, and sums are of rounded nights."""
    return amount.quantize(Decimal(1).scaleb(-DIGITS.get(currency, 2)), ROUND_HALF_UP)


def read(value: Any, currency: str) -> Decimal:
    """An amount out of JSON, as text or number, in a known form. Raises Unreachable when it is none: it is not guessed."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise Unreachable("the house told a price that is none") from None
    if not amount.is_finite() or not 0 <= amount <= LARGEST:
        raise Unreachable("the house told a price that is none")
    return rounded(amount, currency)


def percent(of: Decimal, part: Decimal, currency: str) -> Decimal:
    return rounded(of * part / 100, currency)


def split(total: Decimal, parts: int, currency: str) -> Sequence[Decimal]:
    """As evenly as coins allow; the first parts get what is left over, and the sum is the total."""
    each = rounded(total / parts, currency)
    return (total - each * (parts - 1), *([each] * (parts - 1)))
