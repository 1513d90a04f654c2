"""What staff do at the command line, on a database with one conversation in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.__main__ import main
from bot.commands.work import Crew
from core.settings import Settings
from core.store.db import Database
from tests.integration.crew import NUMBER, SETTINGS, Rooms, text
from tests.waiting import until

REPORT = ("hola", "refrigerador", "4045101", "sí", "no enfría desde ayer")


@pytest.fixture
def rooms(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv("DATABASE_URL", db.url)
    made = Rooms(db)
    yield made
    made.close()


@pytest.fixture
def report(rooms: Rooms) -> str:
    """Somebody has reported a refrigerator; the report's number."""
    for turn, said in enumerate(REPORT):
        rooms.hear(text(said, wamid=f"wamid.{turn}"))
        rooms.work()
    [ticket] = rooms.ask("select number from report.tickets")
    return str(ticket.number)


def conversation(rooms: Rooms) -> str:
    return str(rooms.ask("select id from report.conversations")[0].id)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


# --- flows ---


def test_flows_are_checked_and_a_conversation_in_a_state_that_is_gone_is_named(
    rooms: Rooms, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms.hear(text("refrigerador", wamid="wamid.r"))
    rooms.work()
    assert main(["flows", "check"]) == 0
    assert "no live conversation would be stranded" in told(capsys)
    rooms.ask("update sessions set state = 'state_of_long_ago'")
    assert main(["flows", "check"]) == 1
    assert "state_of_long_ago" in told(capsys)


def test_flows_are_drawn_one_or_all_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flows", "draw", "vehicle"]) == 0
    one = told(capsys)
    assert "stateDiagram" in one and "reported" in one
    assert main(["flows", "draw"]) == 0
    assert one in told(capsys)
    assert main(["flows", "draw", "spaceship"]) == 2
    assert "no such flow: spaceship" in told(capsys)


# --- replay ---


def test_todays_code_would_say_the_same_again(rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = rooms.ask("select count(*) as rows from inbox")
    assert main(["replay", "--since", "1d"]) == 0
    assert f"1 conversations, {len(REPORT)} steps, 0 would differ" in told(capsys)
    assert rooms.ask("select count(*) as rows from inbox") == before


def test_what_would_be_said_otherwise_is_shown(rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]) -> None:
    rooms.ask("update outbox set text = 'Buenos días' where id = (select min(id) from outbox)")
    assert main(["replay"]) == 1
    said = told(capsys)
    assert "Buenos días" in said and "1 would differ" in said


def test_a_time_is_a_number_and_a_unit(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["replay", "--since", "a while"])
    assert "30m, 12h, 7d" in capsys.readouterr().err


# --- events ---


def test_a_dead_letter_is_listed_and_put_back_in_line(
    rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [dead] = rooms.ask(
        "update inbox set state = 'buried', error = 'Broken: on purpose'"
        " where id = (select max(id) from inbox) returning id"
    )
    assert main(["events"]) == 0
    assert f"{dead.id} text" in told(capsys).strip()
    assert main(["events", "--replay", str(dead.id)]) == 0
    assert "on purpose" not in told(capsys)
    assert [row.state for row in rooms.ask("select state from inbox where id = %(id)s", id=dead.id)] == ["waiting"]
    assert main(["events", "--replay", str(dead.id)]) == 2
    assert "is not a dead letter" in told(capsys)


def test_a_dead_letter_is_put_aside_with_a_reason_and_found_in_the_audit(
    rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [dead] = rooms.ask(
        "update inbox set state = 'buried', error = 'Broken: on purpose'"
        " where id = (select max(id) from inbox) returning id"
    )
    assert main(["events", "--discard", str(dead.id)]) == 2
    assert "say why" in told(capsys)
    assert main(["events", "--discard", str(dead.id), "--why", "a test of ours", "--by", "ana"]) == 0
    assert "on purpose" not in told(capsys)
    [row] = rooms.ask("select state, discarded_by, discarded_why from inbox where id = %(id)s", id=dead.id)
    assert row == ("buried", "cli:ana", "a test of ours")
    assert main(["events", "--discard", str(dead.id), "--why", "again", "--by", "ana"]) == 2
    assert "was put aside before" in told(capsys)
    assert rooms.ask("select who, did, why from audit") == [("cli:ana", "put a dead letter aside", "a test of ours")]


# --- channels ---


def test_a_paused_number_is_shown_with_its_reason_and_resumed(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    rooms.ask("update channels set paused_until = now() + interval '1 hour', paused_why = 'restricted'")
    assert main(["channels"]) == 0
    shown = told(capsys)
    assert NUMBER in shown and "field-service" in shown and "restricted" in shown
    assert main(["channels", "--resume", NUMBER, "--by", "ana", "--why", "renewed at Meta"]) == 0
    assert "paused" not in told(capsys)
    assert main(["channels", "--resume", "999"]) == 2
    assert "no such number" in told(capsys)
    [id] = [row.id for row in rooms.ask("select id from channels where address = %(number)s", number=NUMBER)]
    noted = ("cli:ana", "resumed a number", f"number:{id}", "renewed at Meta", "field-service")
    assert rooms.ask("select who, did, subject, why, desk from audit") == [noted]


# --- people and tickets ---


def test_taking_over_twice_with_one_id_counts_once(
    rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["people", "take_over", conversation(rooms), "--agent", "ana", "--id", "pressed"]) == 0
    rooms.work()
    assert len(rooms.ask("select 1 from inbox where kind = 'agent'")) == 1
    assert [row.agent for row in rooms.ask("select agent from report.conversations")] == ["ana"]
    assert main(["people", "answer", conversation(rooms), "--agent", "ana", "--text", "Voy para allá"]) == 0
    rooms.work()
    assert rooms.said()[-1] == "Voy para allá"
    [last, *_] = rooms.ask("select who, did, subject from audit order by id desc")
    assert (last.who, last.did) == ("cli:ana", "answered")


def test_a_conversation_is_released_where_staff_want_it(rooms: Rooms, report: str) -> None:
    people = ["people", "{}", conversation(rooms), "--agent", "ana"]
    assert main([people[0], "take_over", *people[2:]]) == 0
    assert main([people[0], "release", *people[2:], "--state", "vehicle.filling"]) == 0
    rooms.work()
    assert rooms.ask("select flow, state, agent from report.conversations") == [("vehicle", "filling", None)]


def test_a_message_nobody_knows_of_is_said_again_once(
    rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [lost] = rooms.ask(
        "update outbox set state = 'failed', error = 'Rejected: on purpose'"
        " where id = (select max(id) from outbox) returning id, text"
    )
    for _ in range(2):
        assert main(["people", "say_again", conversation(rooms), "--agent", "ana", "--outbound", str(lost.id)]) == 0
    rooms.work()
    assert [row.text for row in rooms.ask("select text from outbox where text = %(text)s", text=lost.text)] == 2 * [
        lost.text
    ]
    assert main(["people", "say_again", conversation(rooms), "--agent", "ana", "--outbound", "987654"]) == 2
    assert "987654 is no message" in told(capsys)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["say_again", "1", "--agent", "ana"], "say_again needs --outbound"),
        (["close", "1", "--agent", "ana", "--state", "menu.waiting"], "only release and reset take a --state"),
        (["release", "1", "--agent", "ana", "--state", "menu.nowhere"], "no such state: menu.nowhere"),
        (["answer", "1", "--agent", "ana"], "an answer needs --text"),
        (["release", "1", "--agent", "ana", "--text", "hola"], "nothing else does"),
        (["release", "987654", "--agent", "ana"], "there is no conversation 987654"),
    ],
)
def test_what_makes_no_sense_is_not_done(
    rooms: Rooms, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", *words]) == 2
    assert why in told(capsys)
    assert rooms.ask("select 1 from inbox") == []


def test_a_ticket_is_listed_changed_once_and_its_customer_told(
    rooms: Rooms, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tickets"]) == 0
    assert report in told(capsys)
    assert main(["tickets", report, "in_progress", "--by", "ana"]) == 0
    assert f"{report}: pending → in_progress, by event " in told(capsys)
    [noted] = rooms.ask("select who, did, subject from audit")
    assert (noted.who, noted.did) == ("cli:ana", "made a ticket in progress")
    assert noted.subject.startswith(f"ticket:{report} event:")
    rooms.work()
    assert report in rooms.said()[-1]
    assert main(["tickets", report, "in_progress"]) == 2
    assert "is in_progress already" in told(capsys)
    assert main(["tickets", "TKT-00000000", "resolved"]) == 2
    assert main(["tickets", "TKT-00000000"]) == 2
    assert told(capsys).count("there is no ticket TKT-00000000") == 2


# --- work ---


@pytest.mark.parametrize("kinds", ["cooks", "", "conversation,cooks"])
def test_only_workers_that_there_are_may_be_asked_for(kinds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["work", "--only", kinds]) == 2
    assert "unknown kind of worker" in told(capsys)


def test_a_crew_takes_what_waits_and_is_dismissed_when_it_has_finished(rooms: Rooms, db_url: str) -> None:
    settings = Settings.model_validate({**SETTINGS.model_dump(), "graph_api_url": "http://127.0.0.1:1/graph"})
    crew = Crew.hire(Database(db_url, pool=8), settings, ["conversation", "sender", "media", "janitor"], 2)
    crew.start()
    rooms.hear(text("hola", wamid="wamid.crew"))
    until(lambda: rooms.ask("select 1 from outbox where attempts > 0"))
    assert crew.dismiss() == 0
    assert [row.state for row in rooms.ask("select state from inbox")] == ["done"]
