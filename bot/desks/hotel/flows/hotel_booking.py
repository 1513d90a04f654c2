"""My booking: found by its number or as the guest's own, shown, and cancelled at the price that was told.

What else is wanted with it (a change, a late departure, an arrival) is another flow, which begins with the booking found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from bot.desks.hotel import saying, settings, wanting
from bot.desks.hotel.flows import outcomes, own
from bot.desks.hotel.house import numbers, policy
from bot.script.draft import Draft
from bot.script.flow import Row, Sample, Standing, State
from bot.script.forms import Form
from bot.script.phrases import title
from core.messages import Option

VERSION = 1
FLOW: Final = "hotel_booking"
ALSO = (own, outcomes)
FORM = Form(extra=own.FIELDS)

STATES = (
    State("choosing", asks="which_booking", shows="example", expects="slot", slot="reference", offers="listed"),
    State("absent", asks="none_found", expects="slot", slot="reference", options=("rooms", "person")),
    State("shown", asks="what_with_it", expects="choice", offers="acts"),
    State("cancelling", asks="really_cancel", shows="cost", expects="yes_no", options=("yes", "no")),
    State("waiting_for_it", asks="one_moment", patient=True),
    State("away", asks="not_reached", expects="yes_no", options=("again", "person")),
    State("settled", final=True),
)

FOUND = "choosing absent shown"
WISHES = "begin told my_booking change_booking cancel_booking late_checkout transfer late_arrival"
CANCELLED = "booking_cancel_done booking_cancel_refused booking_cancel_unknown booking_cancel_failed"
BY_HAND: Final = {"cancel": "cancel_booking", "change": "change_booking", "late": "late_checkout"}
"""The ticket for what is wanted of a booking, where no system knows any."""

# fmt: off
ROWS = (
    # in            on                        goes to          when                       doing
    Row("shown",    "told",                   "@hotel_change", "stay_told",               "take"),
    Row(FOUND,      WISHES,                   "choosing",      "not_mine has_some",       "begin say_not_mine list_them"),
    Row(FOUND,      WISHES,                   "absent",        "not_mine",                "begin say_not_mine"),
    Row(FOUND,      WISHES,                   "@hotel_arrival", "none_stands on_arrival", "begin"),
    Row(FOUND,      WISHES,                   "settled",       "one_is_unknown",          "begin say_checking"),
    Row(FOUND,      WISHES,                   "settled",       "none_at_all kept_by_hand", "begin pass_on"),
    Row(FOUND,      WISHES,                   "absent",        "none_at_all",             "begin"),
    Row(FOUND,      WISHES,                   "choosing",      "undecided",               "begin list_them"),
    Row(FOUND,      WISHES,                   "settled",       "stands_no_more",          "begin tell_it"),
    Row(FOUND,      WISHES,                   "@hotel_change", "wants_change",            "begin take"),
    Row(FOUND,      WISHES,                   "@hotel_late",   "wants_late",              "begin take"),
    Row(FOUND,      WISHES,                   "@hotel_arrival", "on_arrival",             "begin take"),
    Row(FOUND,      WISHES,                   "settled",       "wants_cancel has_begun",  "begin take say_has_begun"),
    Row(FOUND,      WISHES,                   "cancelling",    "wants_cancel",            "begin take reckon"),
    Row(FOUND,      WISHES,                   "shown",         "",                        "begin take tell_it"),
    Row("cancelling waiting_for_it away", own.SAYS, "@menu",   "another_named"),
    Row("shown",    "cancel",                 "cancelling",    "not_begun",               "reckon"),
    Row("shown",    "no",                     "settled",       "",                        "say_it_stands"),
    Row("absent choosing", "no",              "@menu",         "",                        "forget_it"),

    Row("cancelling", "yes cancel cancel_booking", "waiting_for_it", "",                  "cancel_it"),
    Row("cancelling", "no back",              "settled",       "",                        "say_it_stands"),
    Row("waiting_for_it", CANCELLED,          "waiting_for_it", "is_of_another",          "pass_over"),
    Row("waiting_for_it", "slow",             "waiting_for_it"),
    Row("waiting_for_it", "booking_cancel_done", "settled",    "",                        "say_cancelled"),
    Row("waiting_for_it", "booking_cancel_refused", "cancelling", "price_changed",        "say_dearer"),
    Row("waiting_for_it", "booking_cancel_refused", "settled", "by_hand",                 "leave_to_reception"),
    Row("waiting_for_it", "booking_cancel_refused", "settled", "",                        "say_refused"),
    Row("waiting_for_it", "booking_cancel_unknown", "waiting_for_it", "looks_left",       "look_again cancel_it"),
    Row("waiting_for_it", "booking_cancel_unknown", "settled", "",                        "leave_to_reception"),
    Row("waiting_for_it", "booking_cancel_failed", "away"),
    Row("away",     "again yes",              "waiting_for_it", "",                       "cancel_it"),
    Row("away",     "no back",                "settled",       "",                        "say_it_stands"),
    Row("choosing absent shown cancelling away", "interrupted", "@menu"),
)
# fmt: on


# --- guards ---


def not_mine(draft: Draft) -> bool:
    """A number was told that is none of theirs: whether it is somebody else's is not said."""
    return bool(draft.value("reference")) and own.chosen(draft) is None


def several(draft: Draft) -> bool:
    return len(own.standing(draft)) > 1


def has_some(draft: Draft) -> bool:
    return bool(own.standing(draft))


def undecided(draft: Draft) -> bool:
    return not draft.value("reference") and several(draft)


def none_stands(draft: Draft) -> bool:
    return not draft.value("reference") and not own.standing(draft)


def none_at_all(draft: Draft) -> bool:
    return none_stands(draft) and not own.all_of(draft)


def kept_by_hand(draft: Draft) -> bool:
    """Bookings are with reception alone, and something is wanted of one."""
    return settings.of(draft).house == "by_hand" and own.wanted(draft) in BY_HAND


def one_is_unknown(draft: Draft) -> bool:
    """The newest is being booked at this moment, and there is no other."""
    return none_stands(draft) and any(each.state == "unknown" for each in own.all_of(draft)[:1])


def stands_no_more(draft: Draft) -> bool:
    return not own.stands(draft, _of(draft))


def wants_change(draft: Draft) -> bool:
    return own.wanted(draft) == "change"


def wants_late(draft: Draft) -> bool:
    return own.wanted(draft) == "late"


def wants_cancel(draft: Draft) -> bool:
    return own.wanted(draft) == "cancel"


def on_arrival(draft: Draft) -> bool:
    return own.wanted(draft) in own.ON_ARRIVAL


def has_begun(draft: Draft) -> bool:
    return own.meant(draft).lower <= draft.now


def not_begun(draft: Draft) -> bool:
    return not has_begun(draft)


def stay_told(draft: Draft) -> bool:
    """Other days or people, while the booking is looked at."""
    return bool({*own.OF_THE_STAY} & {*draft.taken}) or "unsure" in draft.guesses


def _of(draft: Draft) -> own.Own:
    """The one that is meant; else the newest, which is over or cancelled."""
    return own.the_one(draft) or own.all_of(draft)[0]


# --- effects ---


def say_not_mine(draft: Draft) -> None:
    draft.say("not_found", reference=draft.value("reference"))
    draft.use_up("reference")


def list_them(draft: Draft) -> None:
    rows = [[each.reference, _row(draft, each)] for each in own.standing(draft)]
    own.keep(draft, listed=rows)


def _row(draft: Draft, booking: own.Own) -> str:
    stay = booking.stay
    return f"{booking.name} · {stay.arrives:%d/%m} → {stay.leaves:%d/%m}"


def tell_it(draft: Draft) -> None:
    booking = _of(draft)
    own.card(draft, booking)
    own.keep(draft, begun=booking.lower <= draft.now)


def pass_on(draft: Draft) -> None:
    """Reception gets what is wanted, in the guest's own words."""
    number = own.open_ticket(draft, BY_HAND[own.wanted(draft)], draft.event.text.strip() or own.wanted(draft))
    draft.say("passed_on", number=number)


def say_checking(draft: Draft) -> None:
    draft.say("being_booked")


def say_it_stands(draft: Draft) -> None:
    draft.say("it_stands", reference=own.meant(draft).reference)
    draft.use_up("reference")


def forget_it(draft: Draft) -> None:
    draft.use_up("reference")


def say_has_begun(draft: Draft) -> None:
    draft.say("cancel_has_begun", reference=own.meant(draft).reference)
    draft.offer("person")


def reckon(draft: Draft) -> None:
    """The price of cancelling now, which is told before it is asked."""
    booking = own.meant(draft)
    fee = policy.cancelling(booking.lower, booking.nights[0], booking.currency, settings.of(draft), draft.now)
    own.keep(draft, fee=str(fee), looks=0)


def cancel_it(draft: Draft) -> None:
    wanting.cancel(draft, own.meant(draft).reference, Decimal(own.note(draft)["fee"]))
    own.wait(draft)


def say_dearer(draft: Draft) -> None:
    """The hour until which it was free has passed meanwhile: the price is told, and asked again."""
    own.keep(draft, fee=draft.result["fee"])
    draft.say("cost_changed")


def say_refused(draft: Draft) -> None:
    if draft.result.get("why") == "too_late":
        say_has_begun(draft)
    else:
        draft.say("not_found", reference=draft.value("reference"))


def leave_to_reception(draft: Draft) -> None:
    """A person of the house cancels it, or finds out whether it is cancelled: nothing is said to be."""
    booking = own.meant(draft)
    number = own.open_ticket(draft, "cancel_booking", own.in_a_line(draft, booking), fee=own.note(draft).get("fee"))
    draft.say(
        "cancel_unknown" if own.is_unknown(draft) else "cancel_by_reception", number=number, reference=booking.reference
    )


# --- what is shown ---


def cost(draft: Draft) -> Mapping[str, object]:
    """The price of cancelling, by the policy of the house."""
    booking, fee, rules = own.meant(draft), Decimal(own.note(draft)["fee"]), settings.of(draft)
    told = {
        "fee": saying.money(draft.language, fee, booking.currency),
        "percent": f"{rules.cancel_percent:f}",
        "hours": f"{rules.cancel_free_h:g}",
    }
    return {**own.shown(draft, booking), "cost": draft.words("cost_fee" if fee else "cost_free", **told)}


def example(draft: Draft) -> Mapping[str, object]:
    return {"example": next((reference for reference, _ in own.note(draft).get("listed", ())), numbers.EXAMPLE)}


def listed(standing: Standing) -> Sequence[Option]:
    """The bookings that were listed."""
    rows = own.note(standing).get("listed", ())
    return [Option(f"reference={reference}", reference, row[:60]) for reference, row in rows]


BEFORE: Final = ("change_booking", "cancel_booking", "late_arrival", "transfer", "late_checkout")
INSIDE: Final = ("late_checkout", "change_booking")


def acts(standing: Standing) -> Sequence[Option]:
    """The acts that are left for it: fewer, once the guest is in the house."""
    names = INSIDE if own.note(standing).get("begun") else BEFORE
    return [Option(name, title(standing.language, FLOW, name)) for name in names]


def _every_list() -> Iterator[Sample]:
    for many in range(6):
        rows = [[f"{numbers.EXAMPLE[:-1]}{place}", "x" * 60] for place in range(many)]
        yield {}, {own.BOOKING: {"listed": rows}}


def _before_and_inside() -> Iterator[Sample]:
    yield from (({}, {own.BOOKING: {"begun": begun}}) for begun in (False, True))


TRIED_ON = {"listed": _every_list, "acts": _before_and_inside}
