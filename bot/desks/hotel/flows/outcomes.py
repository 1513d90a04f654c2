"""Outcomes of what was wanted with a booking: told as the house has it now, wherever the guest is by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.desks.hotel import saying
from bot.desks.hotel.after.booked import stay_booked, stay_cancelled
from bot.desks.hotel.flows import own
from bot.script.draft import Draft
from core.turn import TicketOpened


def say_cancelled(draft: Draft) -> None:
    booking, fee = own.told_now(draft) or own.meant(draft), Decimal(draft.result.get("fee") or 0)
    key, price = "cancelled_for" if fee else "cancelled_free", saying.money(draft.language, fee, booking.currency)
    own.say_of(draft, "hotel_booking", key, **own.shown(draft, booking), fee=price)
    stay_cancelled(draft, booking.reference)


def say_changed(draft: Draft) -> None:
    booking = own.told_now(draft) or own.meant(draft)
    own.say_of(draft, "hotel_change", "changed", **own.shown(draft, booking))
    stay_booked(draft, booking.reference, booking.stay)


def say_stays_late(draft: Draft) -> None:
    booking = own.told_now(draft) or own.meant(draft)
    late = booking.late or own.note(draft)["late"]
    key = "late_done" if Decimal(late["fee"]) else "late_done_free"
    own.say_of(draft, "hotel_late", key, **late_shown(draft, booking, late))


def late_shown(draft: Draft, booking: own.Own, late: Mapping[str, Any]) -> dict[str, object]:
    """A late departure: until when, on which day, and for how much."""
    return {
        "until": own.clock(draft, datetime.fromisoformat(late["until"])),
        "day": own.day(draft, booking.stay.leaves),
        "fee": saying.money(draft.language, Decimal(late["fee"]), booking.currency),
    }


def leave_unknown(draft: Draft) -> None:
    """Reception finds out what became of it, and the guest is told so."""
    number, key = draft.ticket_number(), str(draft.event.content.get("key"))
    summary = f"{key}: nobody knows whether it is done"
    draft.keep(TicketOpened(number, "unknown_booking", summary, {"given": {}}, "urgent"))
    own.say_of(draft, saying.WORDS, "late_unknown", number=number)


TELLS: Final[Mapping[str, Callable[[Draft], None]]] = {
    "booking_cancel_done": say_cancelled,
    "booking_change_done": say_changed,
    "booking_stay_late_done": say_stays_late,
    **dict.fromkeys((f"booking_{what}_unknown" for what in ("cancel", "change", "stay_late")), leave_unknown),
}


def is_of_another(draft: Draft) -> bool:
    """The result of a wish that was left for another one meanwhile."""
    return draft.event.content.get("key") != own.note(draft).get("awaited")


def pass_over(draft: Draft) -> None:
    """The flow waits for another result: this one is told where something has happened, or may have."""
    content = draft.event.content
    tell = TELLS.get(f"{content.get('service')}_{content.get('what')}_{content.get('outcome')}")
    draft.hush()
    if tell is not None:
        tell(draft)
