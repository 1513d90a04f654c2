"""Photos that guests send: the receipt of a transfer. What the AI reads on it is a hint; a person or the house's rule decides."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.nlu import fold
from bot.script.purposes import NO_INSTRUCTION, POOR, TEXT, Answer, Purpose, Question, Shown

LONGEST = 60
_TASK: Final = f"""You look at one photo or screenshot that a hotel guest sent as the receipt of a bank transfer. amount: \
the amount that was transferred, with a point before the cents and no other separator, such as 60500.00; null when none \
can be read. currency: its ISO code, such as ARS; null when it is not told. paid_on: the day of the transfer as \
YYYY-MM-DD; null when none can be read. reference: the number of the operation or transaction exactly as printed; never \
an account number or the number of a document of a person; null when there is none. bank: the bank or wallet it was sent \
with; null when it is not told. Never complete or invent anything. {NO_INSTRUCTION} legible: whether it is the receipt \
of a payment and good enough to read. confidence, of amount and reference, is from 0 to 1. Answer with the JSON object \
only."""
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")


class Receipt(Answer):
    """The AI's reading of a receipt. Whatever is not plainly of its kind counts as not read."""

    amount: str | None = None
    currency: str | None = None
    paid_on: str | None = None
    reference: str | None = None
    bank: str | None = None

    def shown(self) -> Shown:
        if not self.legible or self.confidence < POOR or not _AMOUNT.fullmatch(self.amount or ""):
            return Shown("blurred" if self.poor else "no_text")
        read = {
            "amount": self.amount or "",
            "currency": _short(self.currency).upper()[:3],
            "paid_on": _day(self.paid_on),
            "reference": _short(self.reference),
            "bank": _short(self.bank),
            "confidence": self.confidence,
        }
        return Shown(more={"receipt": {name: value for name, value in read.items() if value}})


def _short(part: str | None) -> str:
    return " ".join(fold.clean(part or "").split())[:LONGEST]


def _day(told: str | None) -> str:
    try:
        return date.fromisoformat(told or "").isoformat()
    except ValueError:
        return ""


def amount(read: Any) -> Decimal | None:
    """The amount that was read; None for anything else."""
    try:
        return Decimal(str(read))
    except InvalidOperation:
        return None


PHOTOS: Final = {
    "receipt": Purpose(
        asks=Question(
            "receipt", _TASK, Receipt, dict.fromkeys(("amount", "currency", "paid_on", "reference", "bank"), TEXT)
        ),
        tells="receipt_read",
    )
}
