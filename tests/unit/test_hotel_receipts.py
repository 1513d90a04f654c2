"""What is read on a receipt is taken only where it is plainly of its kind."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desks.hotel.photos import Receipt

READ = {
    "amount": "60500.00", "currency": "ars", "paid_on": "2026-03-02", "reference": " 00 123 ", "bank": "Banco  del Lago",
    "legible": True, "confidence": 0.9,
}  # fmt: skip


def test_everything_that_is_read_is_told() -> None:
    shown = Receipt.model_validate(READ).shown()
    assert (shown.outcome, shown.more["receipt"]) == (
        "ok",
        {
            "amount": "60500.00", "currency": "ARS", "paid_on": "2026-03-02", "reference": "00 123", "bank": "Banco del Lago",
            "confidence": 0.9,
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"legible": False},
        {"confidence": 0.1},
        {"amount": None},
        {"amount": "60.500,00"},
        {"amount": "-1"},
        {"amount": "1e9"},
    ],
)
def test_what_is_not_plainly_an_amount_is_not_read(other: dict[str, Any]) -> None:
    assert Receipt.model_validate({**READ, **other}).shown().outcome in ("no_text", "blurred")


def test_a_day_that_is_none_is_left_out() -> None:
    assert "paid_on" not in Receipt.model_validate({**READ, "paid_on": "ayer"}).shown().more["receipt"]
