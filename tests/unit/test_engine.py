"""The mind: pure, total, quick; and what it does with sessions that are old or broken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import channels
from bot.desks import FLOWS
from bot.engine import step as engine
from core.messages import Event
from core.reading import Guess, Missing, Reading
from core.session import Session, Slot
from core.settings import Settings
from core.turn import TicketOpened, TimerCancelled, TimerSet
from core.wire.whatsapp_identity import identity
from core.wire.whatsapp_limits import LIMITS
from tests.unit.talk import BEGAN, DESK, DESKS, IT_DESK, SETTINGS, Talk

KINDS = (
    "text choice location image audio video document sticker contacts reaction order flow_reply system unsupported "
    "unreadable group edit revoke notice echo media_result errand timer agent"
).split()
INTENTS = (
    "greeting yes no cancel farewell thanks help menu back restart person report_fault report_refrigerator "
    "report_vehicle correct consult_tickets stop start english spanish rating"
).split() + [""]
values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["4045101", "9999999", "TKT-1A2B3C4D", "no enfría", "refrigerator", "vehicle", "x" * 900]),
    st.just({"latitude": 25.6514, "longitude": -100.2895}),
    st.lists(st.text(max_size=5), max_size=2),
)
readings = st.builds(
    Reading,
    st.sampled_from(INTENTS),
    guesses=st.dictionaries(
        st.sampled_from(
            [
                "equipment_kind",
                "sap_code",
                "employee_number",
                "problem",
                "address",
                "location",
                "ticket_number",
                "rating",
                "comment",
                "choice",
                "corrects",
                "invalid_code",
            ]
        ),
        st.builds(Guess, values, st.integers(-10, 200), st.sampled_from(["rules", "asked", "ai"])),
        max_size=4,
    ),
)
contents = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(
            [
                "inactivity_warn",
                "inactivity_close",
                "survey:T",
                "survey_expiry",
                "survey_reminder",
                "takeover_lease",
                "?",
            ]
        ),
        "set_at_version": st.integers(0, 12),
        "number": values,
        "status": st.one_of(values, st.sampled_from(["pending", "in_progress", "resolved", "cancelled"])),
        "assignee": values,
        "expected": values,
        "ticket": values,
        "id": values,
        "media_id": values,
        "action": st.sampled_from(["take_over", "answer", "release", "reset", "close", "?"]),
        "agent": values,
        "text": st.text(max_size=9000),
        "state": st.sampled_from(["menu.waiting", "survey.question_3", "vehicle.filling", "?"]),
        "lease_s": values,
        "for": st.sampled_from(["image", "audio"]),
        "outcome": values,
        "codes": values,
        "purpose": st.sampled_from(["code", "evidence", "fault", "problem", "?"]),
        "fault": st.one_of(
            values,
            st.fixed_dictionaries({"kind": st.sampled_from(["vehicle", "refrigerator", "?"]), "confidence": values}),
            st.fixed_dictionaries({"problem": values, "confidence": st.floats(0, 1)}),
        ),
        "latitude": values,
        "longitude": values,
    },
)


@st.composite
def events(draw: st.DrawFn) -> tuple[str, dict[str, Any], Reading, int, bool]:
    return (
        draw(st.sampled_from(KINDS)),
        draw(contents),
        draw(readings),
        draw(st.integers(0, 9000)),
        draw(st.booleans()),
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(events(), max_size=14), st.sampled_from(sorted(channels.CHANNELS)), st.sampled_from(sorted(DESKS)))
def test_whatever_happens_a_step_is_taken_and_says_what_may_be_said(
    happened: list[Any], channel: str, desk: str
) -> None:
    talk, limits = Talk(DESKS[desk].language, desk=DESKS[desk]), channels.of(channel).limits
    talk.facts = {kind: dict(found) for kind, found in talk.facts.items()}
    for number, (kind, content, reading, wait_s, armed) in enumerate(happened):
        talk.now += timedelta(seconds=wait_s)
        if armed and content.get("name") in talk.session.timers:
            content = {**content, "set_at_version": talk.session.timers[content["name"]]}
        if armed and kind == "choice" and talk.asked:
            content = {**content, "id": talk.asked[-1].options[0].id}
        before = talk.session
        turn = talk.step(Event(f"h{number}", kind, channel, content=content, sent_at=talk.now), reading)
        assert turn.before is before and turn.after.version == before.version + 1
        assert len(turn.replies) <= 3
        assert not [why for reply in turn.replies for why in limits.problems(reply)]
        assert turn.after.state in FLOWS[turn.after.flow].states if turn.after.flow else True
        engine.expects(turn.after)


@settings(max_examples=100, deadline=None)
@given(readings, st.sampled_from(KINDS), contents)
def test_the_same_step_taken_twice_is_the_same(reading: Reading, kind: str, content: dict[str, Any]) -> None:
    event = Event("e", kind, content=content, sent_at=BEGAN)

    def step() -> object:
        try:
            return repr(engine.step(Session(1, DESK), event, reading, BEGAN, SETTINGS))
        except Missing as missing:
            return (missing.kind, missing.key)

    assert step() == step()


def test_the_number_of_a_ticket_comes_from_the_event_and_its_attempts() -> None:
    def number(attempts: int) -> str:
        talk = Talk()
        talk.say("mi refrigerador 4045101 no enfría")
        event = Event("wamid.1", "text", text="sí", sent_at=talk.now, attempts=attempts)
        record = talk.step(event, talk.read(event)).records[0]
        assert isinstance(record, TicketOpened)
        return record.number

    assert number(0) == number(0) != number(1)


def test_what_is_expected_tells_the_day_at_the_desk_on_which_the_customer_wrote() -> None:
    late = Event(
        "e", "text", sent_at=datetime(2026, 3, 3, 1, tzinfo=UTC), received_at=datetime(2026, 3, 3, 9, tzinfo=UTC)
    )
    session = Talk(desk=IT_DESK).session
    assert engine.expects(session, late).today == date(2026, 3, 2), "it is ten in the evening in Buenos Aires"
    assert engine.expects(session, replace(late, sent_at=None)).today == date(2026, 3, 3)
    assert engine.expects(session).today is None


def test_a_session_that_cannot_be_read_is_made_fresh_and_the_step_says_so() -> None:
    broken = replace(Talk().session, version=7, slots={"problem": "no slot"}, notes=[])  # type: ignore[arg-type,dict-item]
    turn = engine.step(broken, Event("e", "text", sent_at=BEGAN), Reading("greeting"), BEGAN, SETTINGS)
    assert turn.note == "session could not be read" and turn.after.version == 8 and turn.after.state == "waiting"
    assert engine.expects(broken).state == "waiting"


def test_a_state_that_vanished_leads_to_the_menu_with_what_was_given_kept() -> None:
    slots = {"problem": Slot("no enfría", 90)}
    old = replace(Talk().session, flow="refrigerator", flow_version=0, state="gone", slots=slots, version=3)
    turn = engine.step(old, Event("e", "text", sent_at=BEGAN), Reading(), BEGAN, SETTINGS)
    assert turn.note == "state no longer exists" and turn.after.slots == slots
    assert (turn.after.flow, turn.after.state) == ("menu", "waiting") and "Hicimos cambios" in turn.replies[0].text


def test_a_renamed_state_goes_on_where_it_was(monkeypatch: Any) -> None:
    newer = replace(FLOWS["refrigerator"], version=2, renamed={"waiting_sap": "filling"})
    monkeypatch.setitem(FLOWS, "refrigerator", newer)
    old = replace(Talk().session, flow="refrigerator", flow_version=1, state="waiting_sap", version=3)
    turn = engine.step(old, Event("e", "text", sent_at=BEGAN), Reading("thanks"), BEGAN, SETTINGS)
    assert (turn.after.state, turn.after.flow_version, turn.note) == ("filling", 2, "")


def test_the_warning_is_armed_once_and_the_close_is_cancelled_when_the_customer_speaks() -> None:
    talk = Talk()
    first = talk.say("refrigerador")
    assert [(t.name, t.rest_s) for t in first.timers if isinstance(t, TimerSet)] == [("inactivity_warn", 1500.0)]
    assert talk.say("gracias").timers == ()
    warned = talk.timer("inactivity_warn")
    assert warned.replies[0].initiative and "inactivity_close" in talk.session.timers
    spoken = talk.say("4045101")
    assert TimerCancelled("inactivity_close") in spoken.timers and "inactivity_warn" in talk.session.timers


def test_no_timer_is_left_when_a_conversation_ends_or_staff_hold_it() -> None:
    for end in ("cancelar", "take over"):
        talk = Talk()
        talk.say("refrigerador")
        if end == "cancelar":
            turn = talk.say(end)
        else:
            turn = talk.event("agent", action="take_over", agent="ana", lease_s=60)
        assert TimerCancelled("inactivity_warn") in turn.timers
        assert not {"inactivity_warn", "inactivity_close"} & talk.session.timers.keys()


def test_a_survey_is_neither_warned_nor_closed() -> None:
    talk = Talk()
    talk.event("ticket", number="TKT-1A2B3C4D", status="resolved")
    talk.wait("28h")
    talk.timer("survey:TKT-1A2B3C4D", ticket="TKT-1A2B3C4D")
    talk.press("accept")
    assert not {"inactivity_warn", "inactivity_close"} & talk.session.timers.keys()


def test_who_speaks_is_remembered_with_the_time() -> None:
    talk = Talk()
    event = Event("e", "text", text="hola", sender=identity(wa_id="5218100000000", name="Lupe"), sent_at=BEGAN)
    talk.step(event, talk.read(event))
    assert (talk.session.contact_name, talk.session.heard_at) == ("Lupe", BEGAN)


def test_an_unknown_button_shows_the_menu() -> None:
    talk = Talk()
    turn = talk.event("choice", id="template-button", title="Hola")
    assert talk.where == "menu.waiting" and turn.note == "unknown button" and len(turn.replies[0].options) == 3


def test_a_button_shown_again_by_a_repeated_question_still_counts() -> None:
    talk = Talk()
    talk.say("hola")
    shown = talk.asked[-1]
    talk.say("xyzzy")
    talk.press("report_vehicle", of=shown)
    assert talk.where == "vehicle.filling"


def test_a_yes_to_the_equipment_before_does_not_confirm_the_one_that_replaced_it() -> None:
    talk = Talk()
    talk.say("refri con codigo 4045101")
    shown = talk.asked[-1]
    talk.say("no, es 4045102")
    talk.press("yes", of=shown)
    assert talk.where == "refrigerator.confirming_equipment" and talk.turns[-1].note == "old button"


def test_a_long_problem_is_still_said_within_the_limits() -> None:
    talk = Talk()
    talk.say("refrigerador")
    talk.say("4045101")
    talk.press("yes")
    talk.say("no enfría " + "😀" * 3000)
    assert talk.where == "refrigerator.reported"
    assert not [why for turn in talk.turns for reply in turn.replies for why in LIMITS.problems(reply)]


def cpu_s(act: Callable[[], object], rounds: int) -> float:
    began = time.process_time()
    for _ in range(rounds):
        act()
    return (time.process_time() - began) / rounds


def test_a_simple_answer_costs_less_than_building_a_machine_would() -> None:
    """Measured against the copy of a session, so that a slow machine is slow for both; building one costs 190."""
    talk = Talk()
    talk.say("carro")
    event = Event("e", "text", text="54321", sent_at=BEGAN)
    reading = Reading(guesses={"employee_number": Guess("54321", 95, "asked")})

    def copies() -> float:
        step = cpu_s(lambda: engine.step(talk.session, event, reading, talk.now, SETTINGS), 200)
        return step / cpu_s(lambda: replace(talk.session, version=7), 2000)

    assert min(copies() for _ in range(5)) < 150


def test_who_opted_out_is_closed_in_silence() -> None:
    talk = Talk()
    talk.say("refrigerador")
    talk.say("baja")
    talk.wait("25m")
    assert talk.timer("inactivity_warn").replies == ()
    talk.wait("5m")
    closed = talk.timer("inactivity_close")
    assert (closed.replies, talk.where) == ((), "menu.timed_out")


def test_a_voice_note_is_listened_to_when_somebody_can_write_it_down() -> None:
    talk = Talk(settings=Settings.model_validate({"openai_api_key": "k"}))
    talk.say("refrigerador")
    turn = talk.event("audio", media_id="m1")
    assert turn.wants_errands and "nota de voz" in turn.replies[0].text
    heard = talk.event("media_result", **{"for": "audio", "outcome": "ok", "text": "4045101"})
    assert heard.after.state == "confirming_equipment"
