"""The guest's name and e-mail, and the payment: a deposit with its receipt, or at the hotel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from bot.desks.hotel import saying, settings
from bot.desks.hotel.flows import holding, offers, reception, wish
from bot.desks.hotel.flows.wish import STAY, keep, note
from bot.desks.hotel.house import money
from bot.script.draft import Draft
from bot.script.flow import Sample, Standing
from bot.script.phrases import title
from core.messages import Option
from core.session import Slot

DEPOSIT, AT_HOTEL = "deposit", "at_hotel"
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")


def email(value: Any) -> str | None:
    """A check for an e-mail address."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _EMAIL.fullmatch(text) else None


# --- guards ---


def takes_deposit(draft: Draft) -> bool:
    return DEPOSIT in note(draft).get("ways", ())


def pays_at_hotel(draft: Draft) -> bool:
    return AT_HOTEL in note(draft).get("ways", ())


def only_deposit(draft: Draft) -> bool:
    return takes_deposit(draft) and not pays_at_hotel(draft)


def only_at_hotel(draft: Draft) -> bool:
    return pays_at_hotel(draft) and not takes_deposit(draft)


def contact_told(draft: Draft) -> bool:
    return "email" in draft.taken


# --- effects ---


def note_contact(draft: Draft) -> None:
    """An e-mail that was told before it was asked for."""
    if "email" in draft.taken:
        draft.say("noted_email", email=draft.value("email"))


def go_unmailed(draft: Draft) -> None:
    draft.slots["email"] = Slot("", 100, "pressed")


def choose_ways(draft: Draft) -> None:
    """The ways of paying that the house has, and the deposit for this quote. One at least: a house that takes no deposit
    is paid on arrival."""
    own, offer = settings.of(draft), note(draft)["offer"]
    ways = [DEPOSIT] if own.takes_deposit else []
    ways += [AT_HOTEL] if own.pay_at_hotel or not ways else []
    deposit = money.percent(Decimal(offer["total"]), own.deposit_percent, offer["currency"])
    keep(draft, ways=ways, deposit=str(deposit))


def deposit(draft: Draft) -> str:
    known = note(draft)
    return saying.money(draft.language, Decimal(known.get("deposit", "0")), known["offer"]["currency"])


# --- what is shown ---


def summary(draft: Draft) -> Mapping[str, object]:
    """All that would be booked."""
    offer = note(draft)["offer"]
    return {
        **wish.shown(draft),
        "name": draft.value("name"),
        "room": offer["name"],
        "total": offers.total(draft.language, offer),
        "tax": offers.tax(draft.language, offer),
        "quote": offer["quote"],
        "until": holding.until(draft),
        "policy": reception.policy(draft, offer["arrives"]),
    }


def transfer(draft: Draft) -> Mapping[str, object]:
    own = settings.of(draft)
    return {
        "deposit": deposit(draft), "percent": f"{own.deposit_percent:f}", "bank": own.bank, "until": holding.until(draft),
        "total": offers.total(draft.language, note(draft)["offer"]), "quote": note(draft)["offer"]["quote"],
    }  # fmt: skip


def ways_to_pay(standing: Standing) -> Sequence[Option]:
    ways = note(standing).get("ways", ())
    names = ("yes",) if ways == [AT_HOTEL] else tuple(ways)
    return [Option(name, title(standing.language, offers.FLOW, name)) for name in (*names, "release")]


def ways_out(standing: Standing) -> Sequence[Option]:
    """Instead of the deposit."""
    names = ("at_hotel", "release") if AT_HOTEL in note(standing).get("ways", ()) else ("release",)
    return [Option(name, title(standing.language, offers.FLOW, name)) for name in names]


def samples() -> Iterator[Sample]:
    for ways in ([DEPOSIT], [AT_HOTEL], [DEPOSIT, AT_HOTEL]):
        yield {}, {STAY: {"ways": ways}}


TRIED_ON: Final = {"ways_to_pay": samples, "ways_out": samples}
