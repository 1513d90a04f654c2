"""A guest's own bookings: which there are, which one is meant, and how it is told. What the flows about a booking share.

They are the person's own by the fact `bookings`; a number of somebody else is told like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.desks.hotel import saying, settings
from bot.desks.hotel.flows import wish
from bot.desks.hotel.house import numbers, written
from bot.desks.hotel.house.port import Party, Stay
from bot.script import awaiting
from bot.script.draft import Draft
from bot.script.flow import Standing
from bot.script.forms import SURE, Field, words
from bot.script.phrases import phrase
from core.session import Slot
from core.turn import ErrandWanted, Sentence, TicketOpened

BOOKING: Final = "booking"
"""A note: what is under way with a booking: the `wish`, and what was told of its price."""
MINE: Final = "mine"
FLOWS: Final = ("hotel_booking", "hotel_change", "hotel_late", "hotel_arrival")
WISHES: Final = {
    "my_booking": "show", "cancel_booking": "cancel", "change_booking": "change", "late_checkout": "late",
    "transfer": "transfer", "late_arrival": "late_arrival",
}  # fmt: skip
"""What may be wanted with a booking, by intent."""
ON_ARRIVAL: Final = ("transfer", "late_arrival")
Row = Mapping[str, Any]


def hour(value: Any) -> str | None:
    """A check for a time of the day, as 14:00."""
    try:
        return f"{time.fromisoformat(value):%H:%M}" if isinstance(value, str) else None
    except ValueError:
        return None


FIELDS: Final = (
    Field("reference", numbers.read), Field("hour", hour), Field("trip", words(2, 200)), Field("offer", wish.quote),
    *wish.FIELDS,
)  # fmt: skip
SAYS: Final = " ".join(("told yes no back cancel again correct rooms book room_types thanks farewell", *WISHES))
"""All that may be said with the number of a booking."""
OF_THE_STAY: Final = ("arrives", "leaves", "nights", "parties", "kind", "offer")
SLOW_S: Final = 3.0
"""A house that answers sooner needs no word of patience."""


@dataclass(frozen=True, slots=True)
class Own:
    """A booking of the guest's, as the fact or an errand's result tells it."""

    reference: str
    state: str
    room: str
    name: str
    stay: Stay
    parties: tuple[Party, ...]
    nights: Sequence[Row]
    total: Decimal
    currency: str
    lower: datetime
    upper: datetime
    late: Row

    @classmethod
    def of_fact(cls, row: Row, zone: ZoneInfo) -> Own:
        content = row["content"]
        lower, upper = (datetime.fromisoformat(row[name]) for name in ("lower", "upper"))
        days = Stay(lower.astimezone(zone).date(), upper.astimezone(zone).date())
        return cls(
            row["reference"], row["state"], row["resource"], str(content.get("name") or row["resource"]), days,
            written.parties(content.get("parties", ())), content.get("nights", ()), Decimal(row["amount"]),
            row["currency"], lower, upper, content.get("late") or {},
        )  # fmt: skip

    def after(self, told: Row) -> Own:
        """The same booking as an errand found it just now."""
        return Own(
            told["reference"] or self.reference, told["state"], told["room"], str(told.get("name") or self.name),
            written.stay(told) if "arrives" in told else self.stay, written.parties(told.get("parties", ())),
            told.get("nights", ()), Decimal(told["total"]), told["currency"], self.lower, self.upper,
            told.get("late") or {},
        )  # fmt: skip


# --- which ---


def all_of(draft: Draft) -> list[Own]:
    """All that are booked, cancelled, or not known yet; the newest first."""
    return _read(draft, draft.fact("bookings", MINE))


def standing(draft: Draft) -> list[Own]:
    """Bookings that are had, and not over; the next first."""
    return sorted((each for each in all_of(draft) if stands(draft, each)), key=lambda each: each.lower)


def stands(draft: Draft, booking: Own) -> bool:
    """Until the day is over on which it ends: what is left to do then is said by the flow."""
    return booking.state == "booked" and booking.stay.leaves >= draft.local_now.date()


def chosen(draft: Draft) -> Own | None:
    """The one whose number was told or pressed; None where there is none, or none of theirs."""
    number = draft.value("reference")
    found = _read(draft, draft.fact("bookings", number)) if number else []
    return found[0] if found else None


def the_one(draft: Draft) -> Own | None:
    """The one that is meant: by its number, or because there is no other."""
    if draft.value("reference"):
        return chosen(draft)
    found = standing(draft)
    return found[0] if len(found) == 1 else None


def meant(draft: Draft) -> Own:
    """The booking that these flows are about, once it is known."""
    found = the_one(draft)
    assert found is not None, "a flow about a booking begins with one"
    return found


def _read(draft: Draft, rows: Sequence[Row] | None) -> list[Own]:
    zone = ZoneInfo(draft.before.desk.timezone)
    return [Own.of_fact(row, zone) for row in rows or () if row["state"] != "failed"]


def take(draft: Draft) -> None:
    """From here on it is about this one, until another is told."""
    draft.slots["reference"] = Slot(meant(draft).reference, SURE, "own")


def another_named(draft: Draft) -> bool:
    """The number of another booking than the one that it was about."""
    before = draft.before.slots.get("reference")
    return "reference" in draft.taken and (before is None or before.value != draft.value("reference"))


# --- what is wanted ---


def wanted(draft: Draft) -> str:
    """The wish that the guest has for a booking, now or before the question which one."""
    return WISHES.get(draft.intent) or str(note(draft).get("wish") or "show")


def note(standing: Standing | Draft) -> Row:
    known: Row = standing.notes.get(BOOKING) or {}
    return known


def keep(draft: Draft, **more: Any) -> None:
    draft.notes[BOOKING] = {**note(draft), **more}


def begin(draft: Draft) -> None:
    """Remember what is wanted. What was told for another search is not meant here."""
    if draft.before.flow not in FLOWS:
        draft.forget(*(slot for slot in OF_THE_STAY if slot not in draft.taken))
    keep(draft, wish=wanted(draft))


# --- waiting for the house ---


def wait(draft: Draft) -> None:
    """For what was wanted just now: in silence while the house is quick; who hears that it is being checked needs no other word of patience."""
    if note(draft).get("looks"):
        awaiting.ring_no_more(draft, "slow")
    else:
        awaiting.ring(draft, "slow", SLOW_S)
    keep(draft, awaited=next(each.key for each in reversed(draft.records) if isinstance(each, ErrandWanted)))
    draft.hush()


def by_hand(draft: Draft) -> bool:
    return draft.result.get("why") == "by_hand"


def price_changed(draft: Draft) -> bool:
    return draft.result.get("why") == "price_changed"


def taken(draft: Draft) -> bool:
    return draft.result.get("why") in ("taken", "sold_out", "closed", "does_not_fit", "no_price", "too_short")


def is_unknown(draft: Draft) -> bool:
    """Whether this tells of an errand that its outcome is not known."""
    return bool(draft.event.content.get("outcome") == "unknown")


def looks_left(draft: Draft) -> bool:
    return int(note(draft).get("looks", 0)) < settings.of(draft).looks_most


def look_again(draft: Draft) -> None:
    """Say once that it is being checked."""
    looks = int(note(draft).get("looks", 0))
    if not looks:
        draft.say("checking")
    keep(draft, looks=looks + 1)


def open_ticket(draft: Draft, kind: str, summary: str, **content: Any) -> str:
    """A ticket for reception, with the booking that it is about; its number."""
    number, booking = draft.ticket_number(), the_one(draft)
    about = {"reference": booking.reference, "name": booking.name, **written.of_stay(booking.stay)} if booking else {}
    draft.keep(TicketOpened(number, kind, summary[:500], {"given": draft.given(), "booking": {**about, **content}}))
    return number


def in_a_line(draft: Draft, booking: Own) -> str:
    """For reception: its number, the room and the days."""
    return f"{booking.reference} · {booking.name} · {booking.stay.arrives:%d/%m/%Y}–{booking.stay.leaves:%d/%m/%Y}"


# --- how it is told ---


def say_of(draft: Draft, flow: str, key: str, **values: object) -> None:
    """Say it in the words of another flow."""
    draft.said.append(Sentence(key, phrase(draft.language, flow, key, **values)))


def told_now(draft: Draft) -> Own | None:
    """The booking of the guest's that an errand tells of, as it is now."""
    told = draft.result.get("booking") or {}
    found = _read(draft, draft.fact("bookings", told["reference"])) if told.get("reference") else []
    return found[0].after(told) if found else None


def shown(draft: Draft, booking: Own) -> dict[str, object]:
    """All that a sentence about a booking may show."""
    language, today = draft.language, draft.local_now.date()
    return {
        "reference": booking.reference,
        "name": booking.name,
        "stay": saying.stay(language, booking.stay, today),
        "people": saying.people(language, booking.parties) if booking.parties else "",
        "total": saying.money(language, booking.total, booking.currency),
    }


def of_the_stay(draft: Draft, booking: Own) -> dict[str, str]:
    """The days of arrival and departure, and until when the room is had: later where that was agreed."""
    late = booking.late.get("until")
    return {
        "reference": booking.reference,
        "arrival": day(draft, booking.stay.arrives),
        "departure": day(draft, booking.stay.leaves),
        "check_out": clock(draft, datetime.fromisoformat(late)) if late else settings.of(draft).check_out,
    }


def card(draft: Draft, booking: Own) -> None:
    """The booking in a bubble: what, when, who, how much, and how it stands."""
    draft.say("booking_card", **shown(draft, booking), state=state_of(draft, booking))


def state_of(draft: Draft, booking: Own) -> str:
    """How it stands, in plain words."""
    if booking.state == "booked" and booking.upper <= draft.now:
        return draft.words("state_over")
    if booking.state == "booked" and booking.late:
        return draft.words("state_late", hour=clock(draft, datetime.fromisoformat(booking.late["until"])))
    if booking.state == "booked" and booking.lower <= draft.now:
        return draft.words("state_inside")
    return draft.words(f"state_{booking.state}")


def clock(draft: Draft, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(draft.before.desk.timezone)):%H:%M}"


def day(draft: Draft, on: date) -> str:
    return saying.day(draft.language, on, draft.local_now.date())
