"""Results of errands that no flow waits for any more: the guest went elsewhere, and is told what must be known."""

from __future__ import annotations

from bot.desks.hotel import wanting
from bot.desks.hotel.flows import booking_it, outcomes
from bot.script.draft import Draft

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


HANDLES = {
    "hold_take_done": _release,
    "booking_book_done": _confirm,
    "booking_book_unknown": outcomes.leave_unknown,
    **outcomes.TELLS,
}
