"""Switches that staff move while everything runs: the AI, a flow, and the sending of a number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from bot.__main__ import main
from bot.desks import DESKS
from bot.nlu.reader import Reader
from bot.workers.conversation import ConversationWorker
from bot.workers.switchboard import Switchboard
from core import bell
from core.settings import Settings
from core.store.db import Database
from core.store.staff import switches
from simulator.ai_double import AiDouble
from tests.integration.crew import NUMBER, Rooms, text
from tests.waiting import until

NEVER_S = 3600.0
UNKNOWN = "disculpe señorita el botellero amaneció bien raro y quién sabe qué tenga"


@pytest.fixture
def rooms(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    monkeypatch.setenv("DATABASE_URL", db.url)
    made = Rooms(db)
    yield made
    made.close()


def with_board(rooms: Rooms, reader: Reader, board: Switchboard, settings: Settings) -> None:
    rooms.worker = ConversationWorker(
        rooms.db, rooms.bell, rooms.ear, reader, rooms.clock, settings, lambda _: None, board.off
    )


def off(rooms: Rooms, kind: switches.Kind, subject: str = "", for_s: float | None = None) -> bool:
    with rooms.db.transaction() as tx:
        return switches.turn_off(tx, kind, subject, by="ana", for_s=for_s)


def on(rooms: Rooms, kind: switches.Kind, subject: str = "") -> bool:
    with rooms.db.transaction() as tx:
        return switches.turn_on(tx, kind, subject, by="ana")


def write(rooms: Rooms, body: str) -> list[str]:
    """Say it; what is answered."""
    before = len(rooms.said())
    rooms.hear(text(body, wamid=f"wamid.{before}.{body}"))
    rooms.work()
    return rooms.said()[before:]


def test_a_number_that_is_off_says_nothing_and_says_it_all_when_it_is_on_again(rooms: Rooms) -> None:
    assert off(rooms, "sending", NUMBER)
    write(rooms, "hola")
    write(rooms, "refrigerador")
    rooms.send()
    assert rooms.carrier.accepted == []
    assert on(rooms, "sending", NUMBER)
    rooms.send()
    assert [outbound.text for _, _, outbound in rooms.carrier.accepted] == rooms.said()
    assert len(rooms.said()) == 2


def test_what_is_off_for_a_while_is_on_again_by_itself(rooms: Rooms) -> None:
    off(rooms, "sending", NUMBER, for_s=3600)
    write(rooms, "hola")
    rooms.send()
    assert rooms.carrier.accepted == []
    rooms.ask("update switches set until = now() - interval '1 second'")
    assert [row.off for row in rooms.ask("select off from report.switches")] == [False]
    rooms.send()
    assert len(rooms.carrier.accepted) == 1


def test_a_number_that_nobody_has_cannot_be_turned_off(rooms: Rooms) -> None:
    assert not off(rooms, "sending", "999")
    assert rooms.ask("select * from switches") == []


def test_the_ai_is_left_alone_from_the_moment_it_is_off(rooms: Rooms) -> None:
    with AiDouble() as double:
        settings = Settings.model_validate({"openai_api_key": "key", "openai_base_url": double.url, "breath_s": 0})
        board = Switchboard(rooms.db, rooms.ear, every_s=1e-9)
        reader = Reader(settings, DESKS, switch=board.ai_on)
        with_board(rooms, reader, board, settings)
        off(rooms, "ai")
        write(rooms, UNKNOWN)
        assert double.state.calls == 0
        stored = rooms.ask("select reading from report.steps order by version desc limit 1")[0].reading
        assert (stored["source"], stored["why"]) == ("rules", "switched_off")
        on(rooms, "ai")
        rooms.hear(text(UNKNOWN, wamid="wamid.again"))
        until(lambda: rooms.work() is None or double.state.calls)
        reader.close()


def test_a_flow_that_is_off_lets_nobody_in_and_lets_everybody_go_on_afterwards(rooms: Rooms) -> None:
    board = Switchboard(rooms.db, rooms.ear, every_s=1e-9)
    with_board(rooms, Reader(rooms.settings, DESKS), board, rooms.settings)
    write(rooms, "refrigerador")
    off(rooms, "flow", "refrigerator")
    assert "mantenimiento" in write(rooms, "4045101")[0]
    on(rooms, "flow", "refrigerator")
    assert "¿Es correcto?" in write(rooms, "ya volvieron?")[0]


def test_many_events_are_no_reason_to_look_twice(rooms: Rooms) -> None:
    board = Switchboard(rooms.db, rooms.ear, every_s=NEVER_S)
    assert rooms.ear.wait(bell.SWITCHES, 10)  # it listens from now on
    assert board.off() == {}
    off(rooms, "ai")
    assert [dict(board.off()) for _ in range(100)] == [{}] * 100
    rooms.bell.ring(bell.SWITCHES)
    until(lambda: dict(board.off()) == {"ai": ""})


def test_while_the_database_is_away_the_switches_stand_as_they_were_known(rooms: Rooms) -> None:
    off(rooms, "ai")
    away = Database(rooms.db.url)
    board = Switchboard(away, rooms.ear, every_s=1e-9)
    assert not board.ai_on()
    away.close()
    board._db = Database("postgresql://nobody@127.0.0.1:1/nothing", timeout_s=0.2)
    assert not board.ai_on()


def test_staff_move_switches_from_the_command_line(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    move = ["flow", "vehicle", "--reason", "moving house", "--by", "ana"]
    assert main(["switches", "off", *move, "--for", "2h"]) == 0
    assert main(["switches", "off", "sending", NUMBER, "--by", "ana"]) == 0
    assert main(["switches", "off", "ai", "--by", "ana"]) == 0
    assert main(["switches", "on", "ai", "--by", "luis"]) == 0
    capsys.readouterr()
    assert main(["switches", "list"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].split() == ["on", "ai", "luis"]
    assert told[1].split()[:3] == ["off", "flow:vehicle", "ana:"] and "until" in told[1]
    assert told[2].split() == ["off", f"sending:{NUMBER}", "ana"]
    audited = "select who, did, subject, why, desk from audit order by id"
    assert rooms.ask(audited) == [
        ("cli:ana", "turned off", "flow:vehicle", "moving house", ""),
        ("cli:ana", "turned off", f"sending:{NUMBER}", "", "field-service"),
        ("cli:ana", "turned off", "ai", "", ""),
        ("cli:luis", "turned on", "ai", "", ""),
    ]


def test_what_the_audit_does_not_take_is_not_done(rooms: Rooms) -> None:
    rooms.ask("alter table audit add constraint nobody_writes check (false)")
    for words in (["switches", "off", "ai"], ["switches", "off", "sending", NUMBER], ["channels", "--resume", NUMBER]):
        rooms.ask("update channels set paused_until = '2999-01-01Z'")
        with pytest.raises(psycopg.errors.CheckViolation):
            main(words)
    assert rooms.ask("select * from switches") == []
    assert [row.paused_until for row in rooms.ask("select paused_until from channels")] == [
        datetime(2999, 1, 1, tzinfo=UTC)
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["off"],
        ["list", "ai"],
        ["off", "flow"],
        ["off", "ai", "refrigerator"],
        ["off", "flow", "toaster"],
        ["off", "sending", "999"],
        ["on", "ai", "--for", "2h"],
    ],
    ids=" ".join,
)
def test_a_switch_that_makes_no_sense_is_not_moved(rooms: Rooms, words: list[str]) -> None:
    assert main(["switches", *words]) == 2
    assert rooms.ask("select * from switches") == []
    assert rooms.ask("select * from audit") == []


def test_the_reports_show_what_is_off_to_who_may_see_the_desk(rooms: Rooms) -> None:
    off(rooms, "sending", NUMBER)
    off(rooms, "ai")
    assert [row.kind for row in rooms.ask("select kind from report.switches order by kind")] == ["ai", "sending"]
    seen = "select set_config('turno.desks', 'hotel', true); select kind from report.switches"
    with rooms.db.transaction() as tx:
        tx._cursor.execute(seen.split(";")[0])
        tx._cursor.execute(seen.split(";")[1])
        assert [row.kind for row in tx._cursor.fetchall()] == ["ai"]


def test_the_reports_show_who_waits_for_a_person(rooms: Rooms) -> None:
    write(rooms, "refrigerador")
    wanted = "select person_wanted_at from report.conversations"
    assert [row.person_wanted_at for row in rooms.ask(wanted)] == [None]
    write(rooms, "quiero hablar con una persona")
    assert [row.person_wanted_at for row in rooms.ask(wanted)] == [rooms.clock.now()]
    rooms.ask("update sessions set memory = jsonb_set(memory, '{notes,person_wanted_at}', '\"soon\"')")
    assert [row.person_wanted_at for row in rooms.ask(wanted)] == [None]
