"""The receipt of a deposit: looked at, used for this booking only, and confirmed by a person or by the rule of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.desks.hotel import photos, saying, settings, wanting
from bot.desks.hotel.flows import paying, reception
from bot.desks.hotel.flows.wish import keep, note
from bot.script import awaiting
from bot.script.draft import Draft

LOOKED_AT_S: Final = 4 * 3600.0
"""How long the room is kept while somebody looks at the receipt."""
SURE: Final = 0.8
"""From this confidence on, the rule of the house goes by what was read."""
LATEST: Final = timedelta(days=3)
"""The rule takes a transfer of the last days only."""
USELESS: Final = ("too_small", "too_large", "wrong_kind", "timed_out", "failed")
"""Outcomes after which nobody, not even a person, has a picture to look at."""
READ: Final = "receipt"
"""In the note of a stay: what was read on the receipt, and the name of its photo."""


def read(draft: Draft) -> Mapping[str, Any]:
    known: Mapping[str, Any] = note(draft).get(READ) or {}
    return known


# --- guards ---


def useless(draft: Draft) -> bool:
    """There is no picture to look at; or it is blurred, and the guest was not asked for another yet."""
    outcome = draft.event.content.get("outcome")
    return outcome in USELESS or (outcome == "blurred" and not note(draft).get("blurred"))


def right_amount(draft: Draft) -> bool:
    """The amount that was read is the deposit, or all of the stay, in the currency of the offer."""
    known, offer = read(draft), note(draft)["offer"]
    amounts = (Decimal(str(note(draft).get("deposit", "0"))), Decimal(offer["total"]))
    return photos.amount(known.get("amount")) in amounts and known.get("currency") in (None, offer["currency"])


def confirmed_by_rule(draft: Draft) -> bool:
    """The house lets its rule confirm, and everything was read surely: amount, number and a day of late."""
    known, today = read(draft), draft.local_now.date()
    if settings.of(draft).receipts != "rule" or float(known.get("confidence", 0)) < SURE:
        return False
    paid_on = date.fromisoformat(known["paid_on"]) if known.get("paid_on") else date.min
    return right_amount(draft) and bool(known.get("reference")) and today - LATEST <= paid_on <= today


# --- effects ---


def look_at_receipt(draft: Draft) -> None:
    """It is read, and the room is held meanwhile."""
    draft.want_photo("receipt")
    draft.say("looking_at_receipt")
    draft.hush()
    wanting.look_at(draft, note(draft)["hold"], LOOKED_AT_S)


def keep_photo(draft: Draft) -> None:
    """One more photo goes to the same ticket."""
    draft.want_photo("evidence")


def ask_for_another(draft: Draft) -> None:
    outcome = draft.event.content.get("outcome")
    keep(draft, blurred=bool(note(draft).get("blurred")) or outcome == "blurred")
    draft.say("receipt_blurred" if outcome == "blurred" else "receipt_unseen")


def use_receipt(draft: Draft) -> None:
    """Ask whether it is used for the first time: `receipt_use_done`, or `receipt_use_refused`."""
    content = draft.event.content
    found = {**(content.get("receipt") or {}), "photo": content.get("photo", "")}
    keep(draft, **{READ: found})
    told = {name: found.get(name, "") for name in ("photo", "reference", "bank")}
    draft.want("receipt", "use", f"receipt:{draft.event.id}", within_s=10.0, hold=note(draft)["hold"], **told)
    draft.hush()


def refuse_used(draft: Draft) -> None:
    """It was used for another booking: told kindly, and reception is told too, since an honest guest may be wrong."""
    number = _open(draft, "ticket_receipt_used")
    draft.say("receipt_used", number=number)


def note_paid(draft: Draft) -> None:
    """The rule has confirmed it; reception compares it with the bank later."""
    _open(draft, "ticket_receipt", rule=True)
    draft.say("receipt_confirmed")


def give_to_reception(draft: Draft) -> None:
    """A person looks at it; another amount than the deposit is said at once."""
    wrong = "amount" in read(draft) and not right_amount(draft)
    number = _open(draft, "ticket_receipt_other" if wrong else "ticket_receipt")
    awaiting.ticket(draft, number, "receipt")
    if wrong:
        draft.say("receipt_other_amount", read=_amount(draft), deposit=paying.deposit(draft))


def refuse_receipt(draft: Draft) -> None:
    """Reception could not use it; another one, or another way."""
    draft.say("receipt_refused")


def _open(draft: Draft, summary: str, *, rule: bool = False) -> str:
    deposit, amount = paying.deposit(draft), _amount(draft)
    return reception.open_ticket(
        draft, "receipt", summary, deposit=deposit, read=amount, receipt=dict(read(draft)), rule=rule
    )


def _amount(draft: Draft) -> str:
    amount = photos.amount(read(draft).get("amount"))
    currency = read(draft).get("currency") or note(draft)["offer"]["currency"]
    return saying.money(draft.language, amount, currency) if amount is not None else "—"
