"""The hold: a room that is kept for a guest who decides, a little longer while they are at it, and let go of when they are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.desks.hotel import settings, wanting
from bot.desks.hotel.flows import offers, wish
from bot.desks.hotel.flows.wish import keep, note
from bot.script import awaiting
from bot.script.draft import Draft

MOST_KEPT: Final = 2
NEAR_ITS_END: Final = timedelta(minutes=5)
SLOW_S: Final = 3.0


# --- guards ---


def held_another(draft: Draft) -> bool:
    """The result of a hold that is not wanted any more: another offer was chosen meanwhile."""
    return bool(draft.result["offer"]["quote"] != note(draft)["offer"]["quote"])


def agreed_again(draft: Draft) -> bool:
    """The guest has said yes to this price already, after it had changed."""
    return bool(note(draft).get("agreed"))


def unnamed(draft: Draft) -> bool:
    return "name" not in draft.slots


def unmailed(draft: Draft) -> bool:
    return "email" not in draft.slots


def picked_another(draft: Draft) -> bool:
    other = offers.chosen(draft)
    return other is not None and other["quote"] != note(draft).get("offer", {}).get("quote")


def meant_none(draft: Draft) -> bool:
    """“la otra”, of several others: all of them are shown again."""
    return "which" in draft.guesses and offers.chosen(draft) is None


# --- effects ---


def hold_it(draft: Draft) -> None:
    """Have the chosen rooms held; the wish is the one that they are for."""
    offer = offers.chosen(draft)
    assert offer is not None, "the row has looked"
    hold_offer(draft, offer)


def hold_offer(draft: Draft, offer: Mapping[str, Any]) -> None:
    wish.as_offered(draft, offer)
    keep(draft, offer=dict(offer), hold="", lead="")
    wanting.hold(draft, offer["quote"])
    awaiting.ring(draft, "slow", SLOW_S)
    draft.hush()


def keep_hold(draft: Draft) -> None:
    told = draft.result
    keep(draft, hold=told["hold"], until=told["until"], kept=int(told.get("kept", 0)), offer=told["offer"])
    awaiting.ring_no_more(draft, "slow")


def tell_hold(draft: Draft) -> None:
    draft.say("held", until=until(draft), name=note(draft)["offer"]["name"])


def release_other(draft: Draft) -> None:
    wanting.release(draft, draft.result["hold"])


def release(draft: Draft) -> None:
    """Release the hold: the room is free again for others."""
    if hold := note(draft).get("hold"):
        wanting.release(draft, hold)
    keep(draft, hold="", agreed=False)


def prolong(draft: Draft) -> None:
    """The guest is at it, and the time is nearly over: a little longer, twice at most."""
    known = note(draft)
    if not known.get("hold") or known["kept"] >= MOST_KEPT:
        return
    at = datetime.fromisoformat(known["until"])
    if not draft.now < at <= draft.now + NEAR_ITS_END:
        return
    for_s = settings.of(draft).hold_s
    wanting.keep(draft, known["hold"], for_s)
    keep(draft, kept=known["kept"] + 1, until=(draft.now + timedelta(seconds=for_s)).isoformat())
    draft.say("held_longer", until=until(draft))


def lead_taken(draft: Draft) -> None:
    """Somebody else was quicker, or the prices are too old: said above the offers as they are now."""
    why = str(draft.result.get("why"))
    keep(draft, lead=why if why in ("taken", "quote_over") else "taken", hold="")
    wish.search(draft)


def until(draft: Draft) -> str:
    return offers.clock(draft, datetime.fromisoformat(note(draft)["until"]))
