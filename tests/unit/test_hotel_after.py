"""Before and after a stay: scheduled by the booking, looked at anew, segments, platforms, and who is left in peace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import desks
from bot.desks.hotel.after import booked, quoted, segments
from bot.desks.hotel.after.settings import AfterSettings
from bot.desks.hotel.house.port import Stay
from bot.engine.begin import draft_of
from bot.script.draft import Draft
from bot.script.notes import DANGER, PERSON_WANTED
from core.messages import Event
from core.reading import Reading
from core.session import Desk
from core.turn import OptOutSet, TicketOpened, TimerCancelled, TimerSet, Turn
from tests.unit.talk import SETTINGS, Talk, rehearsed

HOTEL, FACTS = rehearsed(desks.folders()["hotel"])
ZONE = ZoneInfo(HOTEL.timezone)
NUMBER = "HM-7KQ2"
COUPLE = [{"adults": 2, "ages": []}]
LINKS = {f"review_{name}": f"https://{name}.example/mirador" for name in segments.NAMES}


def settings_with(**own: Any) -> AfterSettings:
    return AfterSettings.model_validate(own)


def stay(arrives: str, leaves: str, parties: Any = COUPLE, state: str = "booked") -> dict[str, Any]:
    """A booking as the fact tells it."""
    content = {"arrives": arrives, "leaves": leaves, "parties": parties}
    return {"reference": NUMBER, "state": state, "resource": "double", "content": content}


def local(written: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=zone).astimezone(UTC)


def draft_at(now: str, desk: Desk = HOTEL) -> Draft:
    session = replace(Talk(desk=desk).session, language="es")
    return draft_of(session, Event("e", "errand"), Reading(), local(now, ZoneInfo(desk.timezone)), SETTINGS)


def set_by(draft: Draft, zone: ZoneInfo = ZONE) -> dict[str, str]:
    """The timers that were set, and when they ring where the hotel is."""
    timers = [timer for timer in draft.timers if isinstance(timer, TimerSet)]
    return {t.name.partition(":")[0]: f"{t.due_at.astimezone(zone):%Y-%m-%d %H:%M}" for t in timers}


def book(draft: Draft, arrives: str, leaves: str) -> None:
    booked.stay_booked(draft, NUMBER, Stay(date.fromisoformat(arrives), date.fromisoformat(leaves)))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-01T12:00", {"stay_week": "2026-06-23 10:00", "stay_tomorrow": "2026-06-29 10:00", "review": "2026-07-04 12:00"}),
        ("2026-06-23T09:00", {"stay_tomorrow": "2026-06-29 10:00", "review": "2026-07-04 12:00"}),
        ("2026-06-25T12:00", {"stay_tomorrow": "2026-06-29 10:00", "review": "2026-07-04 12:00"}),
        ("2026-06-29T21:00", {"review": "2026-07-04 12:00"}),
        ("2026-06-30T08:00", {"review": "2026-07-04 12:00"}),
    ],
)  # fmt: skip
def test_a_week_and_a_day_before_and_a_day_after_but_not_of_what_was_booked_later(now: str, expected: Any) -> None:
    draft = draft_at(now)
    book(draft, "2026-06-30", "2026-07-03")
    assert set_by(draft) == expected


def test_hours_are_those_of_the_house_when_its_clocks_change_between_the_booking_and_the_stay() -> None:
    madrid = replace(HOTEL, timezone="Europe/Madrid")
    draft = draft_at("2026-03-20T12:00", madrid)
    book(draft, "2026-03-30", "2026-03-31")
    assert set_by(draft, ZoneInfo("Europe/Madrid"))["stay_tomorrow"] == "2026-03-29 10:00"
    before, after = (local(day, ZoneInfo("Europe/Madrid")) for day in ("2026-03-23T10:00", "2026-03-29T10:00"))
    assert after - before == timedelta(days=6) - timedelta(hours=1)


def test_a_change_sets_all_of_it_anew_and_a_cancellation_takes_it_away() -> None:
    draft = draft_at("2026-06-01T12:00")
    book(draft, "2026-06-30", "2026-07-03")
    draft.timers.clear()
    book(draft, "2026-06-06", "2026-06-08")
    assert set_by(draft) == {"stay_tomorrow": "2026-06-05 10:00", "review": "2026-06-09 12:00"}
    assert TimerCancelled(f"stay_week:{NUMBER}") in draft.timers
    draft.timers.clear()
    booked.stay_cancelled(draft, NUMBER)
    assert draft.armed == {} and len(draft.timers) == 2


def talk_at(now: str, booking: Mapping[str, Any] | None, *, settings: Mapping[str, Any] = LINKS, **facts: Any) -> Talk:
    """A guest whose conversation rests, heard an hour ago, with everything scheduled."""
    talk = Talk(desk=replace(HOTEL, settings={**HOTEL.settings, **settings}))
    mine = [booking] if booking else []
    talk.facts = {"tickets": {"mine": []}, "bookings": {NUMBER: mine, "mine": mine}, **facts}
    talk.now = local(now)
    names = ("stay_week", "stay_tomorrow", "review")
    timers = {**{f"{name}:{NUMBER}": 0 for name in names}, f"quote:{quoted.THING}": 0}
    talk.session = replace(talk.session, timers=timers, heard_at=talk.now - timedelta(hours=2))
    return talk


def ring(talk: Talk, name: str) -> Turn:
    return talk.timer(f"{name}:{NUMBER}", reference=NUMBER)


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def test_a_reminder_tells_the_days_as_they_are_now() -> None:
    talk = talk_at("2026-06-29T10:00", stay("2026-06-30", "2026-07-03"))
    assert "Mañana te esperamos en *Hotel Mirador*" in said(ring(talk, "stay_tomorrow")) and NUMBER in said(
        talk.turns[-1]
    )


@pytest.mark.parametrize(
    ("booking", "note"),
    [
        (stay("2026-06-30", "2026-07-03", state="cancelled"), "not booked any more"),
        (None, "not booked any more"),
        (stay("2026-06-28", "2026-07-03"), "too late"),
        (stay("2026-07-10", "2026-07-12"), "moved"),
    ],
)
def test_nobody_is_reminded_of_a_stay_that_is_cancelled_or_not_tomorrow(booking: Any, note: str) -> None:
    turn = ring(talk_at("2026-06-29T10:00", booking), "stay_tomorrow")
    assert (turn.replies, turn.note) == ((), note)
    moved = [timer.due_at for timer in turn.timers if isinstance(timer, TimerSet)]
    assert (moved == [local("2026-07-09T10:00")]) == (note == "moved")


def test_tomorrow_is_never_said_on_the_day_itself() -> None:
    talk = talk_at("2026-06-29T19:30", stay("2026-06-30", "2026-07-03"))
    assert ring(talk, "stay_tomorrow").note == "too late"


@pytest.mark.parametrize(
    ("arrives", "leaves", "parties", "earlier", "kind"),
    [
        ("2026-06-01", "2026-06-03", [{"adults": 1, "ages": []}], 0, "business"),
        ("2026-06-05", "2026-06-07", [{"adults": 1, "ages": []}], 0, "solo"),
        ("2026-06-01", "2026-06-09", [{"adults": 1, "ages": []}], 0, "solo"),
        ("2026-06-01", "2026-06-03", COUPLE, 0, "couple"),
        ("2026-06-01", "2026-06-03", [{"adults": 1, "ages": [4]}], 0, "family"),
        ("2026-06-01", "2026-06-03", [{"adults": 2, "ages": []}, {"adults": 1, "ages": []}], 0, "group"),
        ("2026-06-01", "2026-06-03", [{"adults": 2, "ages": [3]}], 3, "vip"),
        ("2026-06-01", "2026-06-03", COUPLE, 2, "couple"),
    ],
)
def test_six_kinds_of_guests(arrives: str, leaves: str, parties: Any, earlier: int, kind: str) -> None:
    booking = {"arrives": arrives, "leaves": leaves, "parties": parties, "state": "booked"}
    before = [{**booking, "arrives": f"2025-0{n + 1}-01", "leaves": f"2025-0{n + 1}-02"} for n in range(earlier)]
    never = [{**booking, "state": "cancelled"}] * 5
    assert segments.of(booking, [*before, *never], settings_with(), date(2026, 5, 1)) == kind


def test_each_kind_gets_its_own_words_and_platforms_and_a_house_without_them_what_it_has() -> None:
    every, one = settings_with(**LINKS), settings_with(review_expedia="https://expedia.example/mirador")
    names = {kind: [line.partition(":")[0] for line in segments.links(kind, every)] for kind in segments.PLATFORMS}
    assert names["business"] == ["Google", "Tripadvisor"] and names["group"] == ["Tripadvisor", "Facebook"]
    assert names["family"] == ["Tripadvisor", "Booking.com"] and names["vip"] == [
        "Google",
        "Tripadvisor",
        "Booking.com",
    ]
    assert {*map(len, names.values())} == {2, 3}
    assert segments.links("family", one) == ["Expedia: https://expedia.example/mirador"]
    assert segments.links("family", settings_with()) == []


def reviewed(booking: Any = None, **facts: Any) -> Talk:
    return talk_at("2026-07-04T12:00", booking or stay("2026-06-30", "2026-07-03"), **facts)


def test_without_links_a_pleased_guest_is_thanked_and_sent_nowhere() -> None:
    talk = talk_at("2026-07-04T12:00", stay("2026-06-30", "2026-07-03"), settings={})
    ring(talk, "review")
    assert "http" not in said(talk.say("excelente")) and talk.where == "hotel_review.praised"


def test_three_requests_at_most_72_hours_apart_and_at_civil_hours() -> None:
    talk = reviewed()
    turns, times = [ring(talk, "review")], [talk.now]
    while due := [t.due_at for t in turns[-1].timers if isinstance(t, TimerSet) and t.name == "review_reminder"]:
        talk.now = due[0]
        talk.session = replace(talk.session, heard_at=talk.now - timedelta(hours=1))
        turns.append(talk.timer("review_reminder"))
        times.append(talk.now)
    assert len(turns) == 3 and all(turn.replies for turn in turns)
    assert all(later - before >= timedelta(hours=71, minutes=59) for before, later in pairwise(times))


@pytest.mark.parametrize("why", ["complained", "danger", "person", "declined", "off", "opted out", "cancelled"])
def test_who_complained_or_waits_or_declined_is_not_asked_for_praise(why: str) -> None:
    complaint = {"number": "TKT-1", "kind": "complaint", "status": "pending", "created_at": "2026-07-01T10:00:00+00:00"}
    talk = reviewed(**({"tickets": {"mine": [complaint]}} if why == "complained" else {}))
    notes: dict[str, dict[str, Any]] = {"danger": {DANGER: {}}, "person": {PERSON_WANTED: "2026-07-04T10:00:00+00:00"}}
    talk.session = replace(talk.session, notes=notes.get(why, {booked.NOT_ASKED: True} if why == "declined" else {}))
    if why == "off":
        own = replace(talk.session.desk, settings={**talk.session.desk.settings, "reviews": False})
        talk.session = replace(talk.session, desk=own)
    if why == "cancelled":
        talk.facts["bookings"] = {NUMBER: [stay("2026-06-30", "2026-07-03", state="cancelled")], "mine": []}
    talk.opted_out = why == "opted out"
    turn = ring(talk, "review")
    assert turn.replies == () and turn.note and not turn.timers


@pytest.mark.parametrize("word", ["no más", "basta", "no quiero", "déjame", "no molesten"])
def test_words_of_opting_out_end_it_for_good_and_change_nothing_else(word: str) -> None:
    talk = reviewed()
    ring(talk, "review")
    turn = talk.say(word)
    assert talk.where == "hotel_review.declined" and not [r for r in turn.records if isinstance(r, OptOutSet)]
    assert not {"review_reminder", "review_expiry"} & talk.session.timers.keys()
    talk.session = replace(talk.session, timers={f"review:{NUMBER}": 0})
    assert ring(talk, "review").replies == ()


def test_a_guest_who_wants_another_room_instead_is_served_and_not_asked_again() -> None:
    talk = reviewed()
    ring(talk, "review")
    talk.say("quiero reservar una habitación")
    assert talk.where.startswith("hotel_stay") and not {"review_reminder", "review_expiry"} & talk.session.timers.keys()


@pytest.mark.parametrize("then", ["quiero reservar una habitación", "gracias"])
def test_an_unhappy_guest_who_says_no_more_is_a_complaint_all_the_same(then: str) -> None:
    talk = reviewed()
    ring(talk, "review")
    talk.say("horrible")
    assert talk.where == "hotel_review.telling"
    tickets = [record for record in talk.say(then).records if isinstance(record, TicketOpened)]
    assert [(t.kind, t.content["booking"]) for t in tickets] == [("complaint", NUMBER)]


WISH = {"arrives": "2026-08-10", "leaves": "2026-08-12", "parties": COUPLE}


def ask_again(talk: Talk, quoted_at: str = "2026-06-29T12:00") -> Turn:
    return talk.timer(f"quote:{quoted.THING}", wish=WISH, quoted_at=local(quoted_at).isoformat())


def open_quote(**facts: Any) -> Talk:
    talk = talk_at("2026-06-29T15:00", None, **facts)
    talk.session = replace(talk.session, heard_at=local("2026-06-29T12:05"))
    return talk


def test_an_open_quote_is_asked_about_once_and_tells_no_price() -> None:
    talk = open_quote()
    turn = ask_again(talk)
    assert "lunes 10 al" in said(turn) and "$" not in said(turn)
    assert ask_again(talk).note == "stale timer"


@pytest.mark.parametrize(
    "since", ["went on", "booked", "checking", "complained", "danger", "person", "said no", "opted out", "past", "shut"]
)
def test_nobody_is_asked_who_went_on_booked_declined_or_needs_something_else(since: str) -> None:
    talk = open_quote()
    state = {"booked": "booked", "checking": "unknown"}.get(since)
    if state:
        talk.facts["bookings"] = {"mine": [stay("2026-08-10", "2026-08-12", state=state)]}
    if since == "complained":
        ticket = {"number": "TKT-1", "kind": "complaint", "status": "pending", "created_at": "2026-06-29T16:00:00Z"}
        talk.facts["tickets"] = {"mine": [ticket]}
    every: dict[str, dict[str, Any]] = {"danger": {DANGER: {}}, "person": {PERSON_WANTED: "x"}}
    notes = every.get(since, {})
    state_of = {"said no": ("hotel", "cancelled")}.get(since, ("", ""))
    heard = {"went on": "2026-06-29T14:30", "shut": "2026-06-28T12:00"}.get(since, "2026-06-29T12:05")
    talk.session = replace(talk.session, notes=notes, flow=state_of[0], state=state_of[1], heard_at=local(heard))
    talk.opted_out = since == "opted out"
    turn = (
        ask_again(talk)
        if since != "past"
        else talk.timer(
            "quote:rooms", wish={**WISH, "arrives": "2026-06-01"}, quoted_at=local("2026-06-29T12:00").isoformat()
        )
    )
    assert turn.replies == () and turn.note
