"""Results of errands that no flow waits for any more: the guest went elsewhere, and is told what must be known."""

from __future__ import annotations

from bot.desks.hotel import wanting
from bot.desks.hotel.flows import booking_it, hotel_booking, hotel_change, hotel_late
from bot.script.draft import Draft
from core.turn import TicketOpened

TURN = "errand"


def result(draft: Draft) -> str:
    """A hold is let go of; a booking that was made is told, and one that nobody knows goes to reception."""
    told = (
        f"{draft.event.content.get('service')}_{draft.event.content.get('what')}_{draft.event.content.get('outcome')}"
    )
    handle = HANDLES.get(told)
    if handle is None:
        draft.note = "no flow waits for this result"
    else:
        handle(draft)
    return TURN


def _release(draft: Draft) -> None:
    wanting.release(draft, draft.result["hold"])


def _confirm(draft: Draft) -> None:
    booking_it.tell_booked(draft, draft.result["booking"])


def _settle(draft: Draft) -> None:
    number, key = draft.ticket_number(), str(draft.event.content.get("key"))
    draft.keep(
        TicketOpened(number, "unknown_booking", f"{key}: nobody knows whether it is done", {"given": {}}, "urgent")
    )
    draft.say("late_unknown", number=number)


HANDLES = {
    "hold_take_done": _release,
    "booking_book_done": _confirm,
    "booking_cancel_done": hotel_booking.say_cancelled,
    "booking_change_done": hotel_change.say_changed,
    "booking_stay_late_done": hotel_late.say_taken_late,
    **dict.fromkeys((f"booking_{what}_unknown" for what in ("book", "cancel", "change", "stay_late")), _settle),
}
