"""Wishes of a flow to the house: each call wants one errand, whose result fires the trigger beside it.

An effect has a key made of what is asked for, so that it is had once in a conversation; a question is asked each time.
"""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Guest, Wish
from bot.script.draft import Draft
from core.turn import HoldKept, HoldReleased

SEARCH_S, HOLD_S, BOOK_S = 5.5, 5.5, 40.0
"""How long a conversation waits to hear how each stands."""


def search(draft: Draft, wish: Wish, *, instead_of: str = "") -> None:
    """`offers_search_done`: offers, or why there are none and the nearest ones.

    `instead_of` is the number of the guest's own booking that would be changed: its rooms count as free.
    """
    key, changed = f"search:{draft.event.id}", {"reference": instead_of} if instead_of else {}
    draft.want("offers", "search", key, within_s=SEARCH_S, language=draft.language, **written.of_wish(wish), **changed)


def hold(draft: Draft, quote: int) -> None:
    """`hold_take_done` (`hold` is its key), or `hold_take_refused`: taken, quote_over, sold_out."""
    draft.want("hold", "take", f"hold:{quote}:{draft.event.id}", within_s=HOLD_S, quote=quote)


def book(draft: Draft, quote: int, hold: str, guest: Guest) -> None:
    """`booking_book_done`, `_refused` (hold_lost, price_changed, sold_out, by_hand), or `_unknown`: want it once more."""
    told = {name: getattr(guest, name) for name in Guest.__slots__}
    draft.want("booking", "book", f"book:{quote}", within_s=BOOK_S, quote=quote, hold=hold, guest=told)


def cancel(draft: Draft, reference: str, fee: Decimal) -> None:
    """`booking_cancel_done`, `_refused` (not_found, too_late, by_hand; price_changed with the `fee` of now), `_unknown`.

    `fee` is the price of cancelling that the guest was told: at a higher one it is not cancelled.
    """
    key = f"cancel:{reference}:{fee}"
    draft.want("booking", "cancel", key, within_s=BOOK_S, reference=reference, fee=str(fee))


def change(draft: Draft, reference: str, quote: int) -> None:
    """`booking_change_done`, `_refused` (taken, too_late, by_hand; price_changed with its `offer`), or `_unknown`."""
    draft.want("booking", "change", f"change:{reference}:{quote}", within_s=BOOK_S, reference=reference, quote=quote)


def late(draft: Draft, reference: str, until: time) -> None:
    """`offers_late_done` with the fee, or `offers_late_refused`: taken, not_found, by_hand."""
    key = f"late:{reference}:{until:%H:%M}:{draft.event.id}"
    draft.want("offers", "late", key, within_s=SEARCH_S, reference=reference, until=f"{until:%H:%M}")


def stay_late(draft: Draft, reference: str, late: dict[str, Any]) -> None:
    """`booking_stay_late_done`, `_refused` (taken; price_changed with the `late` of now), `_unknown`; `late` is as told."""
    key = f"stay_late:{reference}:{late['until']}:{late['fee']}"
    draft.want("booking", "stay_late", key, within_s=BOOK_S, reference=reference, late=late)


def keep(draft: Draft, hold: str, for_s: float = 1200.0) -> None:
    """The guest decides a little longer: twice at most, and with this turn."""
    draft.keep(HoldKept(hold, for_s))


def look_at(draft: Draft, hold: str, for_s: float = 4 * 3600.0) -> None:
    """Somebody looks at what the guest sent, and the place is kept meanwhile."""
    draft.keep(HoldKept(hold, for_s, looked_at=True))


def release(draft: Draft, hold: str) -> None:
    """The guest does not want the place any more."""
    draft.keep(HoldReleased(hold))
