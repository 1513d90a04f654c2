"""The booking of what is held: asked for once, and never called booked before it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.desks.hotel import qr, saying, settings, wanting
from bot.desks.hotel.after.booked import stay_booked
from bot.desks.hotel.after.quoted import settle
from bot.desks.hotel.flows import holding, offers, reception, wish
from bot.desks.hotel.flows.wish import keep, note
from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Guest
from bot.script import awaiting, showing
from bot.script.draft import Draft
from bot.script.forms import SURE
from core.session import Slot

SLOW_S: Final = 3.0


# --- guards ---


def costs_more(draft: Draft) -> bool:
    """The price is another one now, and the house has told which."""
    return draft.result.get("why") == "price_changed" and bool(draft.result.get("offer"))


def gone(draft: Draft) -> bool:
    return draft.result.get("why") in ("sold_out", "taken", "hold_lost", "quote_over", "price_changed")


def looked_enough(draft: Draft) -> bool:
    """An outcome that nobody knows was looked up as often as is worth it."""
    return int(note(draft).get("looks", 0)) >= settings.of(draft).looks_most


# --- effects ---


def book(draft: Draft) -> None:
    known = note(draft)
    note_told = draft.words("with_breakfast") if draft.value("breakfast") else ""
    guest = Guest(str(draft.value("name")), email=str(draft.value("email") or ""), note=note_told)
    wanting.book(draft, known["offer"]["quote"], known["hold"], guest)
    awaiting.ring(draft, "slow", SLOW_S)
    draft.hush()


def look_again(draft: Draft) -> None:
    """The same booking wanted once more: it is looked up by its key before anything else."""
    first = not note(draft).get("looks")
    keep(draft, looks=int(note(draft).get("looks", 0)) + 1)
    book(draft)
    awaiting.ring_no_more(draft, "slow")
    draft.asking = first  # it is said once that it is being checked


def hand_to_reception(draft: Draft) -> None:
    """Give an unknown outcome to reception: a person finds out, and the guest is told so."""
    number = reception.open_ticket(draft, "unknown_booking", "ticket_unknown", priority="urgent")
    draft.say("reception_settles", number=number)
    awaiting.ring_no_more(draft, "slow")


def pass_on(draft: Draft) -> None:
    """Only a person of the house can do it: reception gets everything that was told."""
    number = reception.open_ticket(draft, "stay", "ticket_stay")
    draft.say("reception_books", number=number)
    awaiting.ring_no_more(draft, "slow")


def show_new_price(draft: Draft) -> None:
    old, new = note(draft)["offer"], draft.result["offer"]
    keep(draft, old_offer=old, offer=dict(new))
    awaiting.ring_no_more(draft, "slow")


def hold_at_new_price(draft: Draft) -> None:
    """The guest agrees: the room is held for the new quote, and booked without another question."""
    holding.release(draft)
    keep(draft, agreed=True)
    holding.hold_offer(draft, note(draft)["offer"])
    keep(draft, agreed=True)


def search_lost(draft: Draft) -> None:
    """It is not to be had any more: what there is now."""
    why = str(draft.result.get("why"))
    holding.release(draft)
    keep(draft, lead="hold_lost" if why in ("hold_lost", "quote_over") else "taken")
    wish.search(draft)


def search_released(draft: Draft) -> None:
    """Reception gave the room to somebody else: what there is now."""
    keep(draft, lead="released", hold="")
    wish.search(draft)


def confirm(draft: Draft) -> None:
    """Say that it is booked, with the number; the hold is the booking's now."""
    tell_booked(draft, draft.result["booking"])
    keep(draft, hold="", booked=draft.result["booking"]["reference"])
    draft.slots["reference"] = Slot(draft.result["booking"]["reference"], SURE, "confirmed")
    awaiting.ring_no_more(draft, "slow")


def tell_booked(draft: Draft, booking: Mapping[str, Any]) -> None:
    """The confirmation as it is read, from the booking itself; and what the hotel says of this stay later is scheduled."""
    stay_booked(draft, booking["reference"], written.stay(booking))
    own = settings.of(draft)
    code = qr.picture(draft, booking["reference"])
    showing.show(
        draft, code, "booked", number=booking["reference"], room=booking["name"], total=offers.total(draft.language, booking),
        stay=saying.stay(draft.language, written.stay(booking), offers.today(draft)),
        people=saying.people(draft.language, written.parties(booking["parties"])),
        check_in=own.check_in, check_out=own.check_out, policy=reception.policy(draft, booking["arrives"]),
    )  # fmt: skip
    if code:
        draft.say("booking_code")
    if own.address:
        draft.say("address", address=own.address)
    if booking.get("attention"):
        draft.say("reception_looks")
        draft.want_person()


def let_go(draft: Draft) -> None:
    holding.release(draft)
    settle(draft)
    draft.say("left")


# --- what is shown ---


def both_prices(draft: Draft) -> Mapping[str, object]:
    known = note(draft)
    return {
        "before": offers.total(draft.language, known["old_offer"]),
        "now": offers.total(draft.language, known["offer"]),
        "quote": known["offer"]["quote"],
        "room": known["offer"]["name"],
    }
