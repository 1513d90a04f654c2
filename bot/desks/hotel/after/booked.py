"""The follow-ups of a booked stay: a reminder a week and a day before it, and the question afterwards how it was.

Call `stay_booked` in the turn that books a stay or changes it, and `stay_cancelled` in the one that cancels it. When one is
due, the booking is looked at as it is then: moved along with its days, and not said about one that is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.desks.hotel import saying
from bot.desks.hotel.after import segments
from bot.desks.hotel.after.quoted import settle
from bot.desks.hotel.after.settings import AfterSettings, of
from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Stay
from bot.script.desk_settings import DeskSettings
from bot.script.draft import Draft
from bot.script.follow_ups import Content, FollowUp, Pace, cancel, schedule_at
from bot.script.notes import DANGER

Booking = Mapping[str, Any]
SOON: Final = timedelta(hours=12)
"""Nobody is reminded of what was booked a moment ago."""
SAME_DAY_H: Final = 9.0
"""“Tomorrow” is true for so long."""
NOT_ASKED: Final = "not_asked_again"
"""A note, kept as long as the session: the guest wants no more questions about stays."""
PHRASES: Final = "hotel_after"
COMPLAINT: Final = "complaint"
OPEN: Final = frozenset({"pending", "in_progress"})


def stay_booked(draft: Draft, reference: str, stay: Stay) -> None:
    """Schedule what follows a booking; of a changed one, by its new days."""
    settle(draft)
    for each, moment in MOMENTS.items():
        at = moment(draft, stay.arrives, stay.leaves)
        if at - draft.now < SOON:
            cancel(draft, each, reference)
        else:
            schedule_at(draft, each, reference, at, reference=reference)


def stay_cancelled(draft: Draft, reference: str) -> None:
    for each in MOMENTS:
        cancel(draft, each, reference)


# --- the booking as it is now ---


def booking_of(draft: Draft, content: Content) -> Booking | None:
    """The guest's own booking, with its days and people; None when it does not stand any more."""
    found = draft.fact("bookings", str(content["reference"]))
    return next((flattened(each) for each in found if each["state"] == "booked"), None)


def flattened(row: Mapping[str, Any]) -> Booking:
    return {**row["content"], "reference": row["reference"], "state": row["state"]}


def mine(draft: Draft) -> list[Booking]:
    return [flattened(row) for row in draft.fact("bookings", "mine") if "arrives" in row["content"]]


def segment_of(draft: Draft, booking: Booking) -> str:
    return segments.of(booking, mine(draft), of(draft), draft.local_now.date())


# --- moments ---


def _days_before(days: int) -> Any:
    def moment(draft: Draft, arrives: date, leaves: date) -> datetime:
        return _at(draft, arrives - timedelta(days=days), time(of(draft).reminder_h))

    return moment


def _afterwards(draft: Draft, arrives: date, leaves: date) -> datetime:
    own = of(draft)
    return _at(draft, leaves, time.fromisoformat(own.check_out)) + timedelta(hours=own.review_after_h)


def _at(draft: Draft, day: date, hour: time) -> datetime:
    """This hour of this day, where the hotel is."""
    return datetime.combine(day, hour, ZoneInfo(draft.before.desk.timezone)).astimezone(ZoneInfo("UTC"))


def _due_at(moment: Any) -> Any:
    def due_at(draft: Draft, content: Content) -> datetime:
        stay = written.stay(booking_of(draft, content) or {})
        return moment(draft, stay.arrives, stay.leaves)  # type: ignore[no-any-return]  # of MOMENTS

    return due_at


# --- whether it is still wanted, and what it says ---


def _not_reminded(draft: Draft, content: Content) -> str:
    if not of(draft).stay_reminders:
        return "no reminders here"
    return "" if booking_of(draft, content) else "not booked any more"


def _not_reviewed(draft: Draft, content: Content) -> str:
    """A guest who is in danger, waits for a person or has complained is not asked for praise."""
    if not of(draft).reviews or NOT_ASKED in draft.notes:
        return "reviews are not asked for"
    if DANGER in draft.notes or draft.person_wanted or _has_complained(draft):
        return "waits for an answer of ours"
    return "" if booking_of(draft, content) else "not booked any more"


def _has_complained(draft: Draft) -> bool:
    return any(each["kind"] == COMPLAINT and each["status"] in OPEN for each in draft.fact("tickets", "mine"))


def _values(draft: Draft, content: Content) -> Mapping[str, object]:
    booking = booking_of(draft, content) or {}
    arrives = written.stay(booking).arrives
    return {
        "house": draft.before.desk.name,
        "arrives": saying.day(draft.language, arrives, draft.local_now.date()),
        "check_in": of(draft).check_in,
        "reference": booking["reference"],
    }


def _house(draft: Draft, content: Content) -> Mapping[str, object]:
    return {"house": draft.before.desk.name}


def _reminding(settings: DeskSettings) -> Pace:
    own = _typed(settings)
    return Pace(own.write_from_h, own.write_to_h, good_for_h=SAME_DAY_H)


def _reviewing(settings: DeskSettings) -> Pace:
    own = _typed(settings)
    return Pace(
        own.write_from_h,
        own.write_to_h,
        reminders=own.review_most - 1,
        reminder_h=own.review_apart_h,
        expiry_h=own.review_apart_h * own.review_most,
        good_for_h=72.0,
    )


def _typed(settings: DeskSettings) -> AfterSettings:
    return settings if isinstance(settings, AfterSettings) else AfterSettings.model_validate({})


def _reminder(name: str, days: int) -> FollowUp:
    return FollowUp(
        name,
        _reminding,
        about=name,
        last_at=f"{name}_at",
        words=PHRASES,
        values=_values,
        unwanted=_not_reminded,
        due_at=_due_at(_days_before(days)),
    )


WEEK, TOMORROW = _reminder("stay_week", 7), _reminder("stay_tomorrow", 1)
REVIEW: Final = FollowUp(
    "review",
    _reviewing,
    about="review",
    last_at="review_at",
    flow="hotel_review",
    values=_house,
    unwanted=_not_reviewed,
    due_at=_due_at(_afterwards),
)
MOMENTS: Final = {WEEK: _days_before(7), TOMORROW: _days_before(1), REVIEW: _afterwards}
