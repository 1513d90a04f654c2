"""A fact that a service outside tells: believed when it comes in time, and never waited for by anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.commands import demo
from bot.desks import DESKS
from bot.nlu.reader import Reader
from bot.workers.conversation import ConversationWorker
from bot.workers.dry_run import try_out
from bot.workers.slow_facts import SlowFacts
from core import bell
from core.settings import Settings
from core.store.db import Database
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.roads import Roads
from tests.unit.talk import Talk
from tests.waiting import until

GUADALAJARA = {"latitude": 20.67, "longitude": -103.35}
OTHER = "5215550000002"
KEY = "20.670000,-103.350000 20.680000,-103.360000"
FIELD = DESKS["field"]


@pytest.fixture
def roads() -> Iterator[Roads]:
    made = Roads()
    yield made
    made.close()


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    with db.transaction() as tx:
        demo.put(tx)
    yield made
    made.close()


def told(roads: Roads, **more: object) -> Settings:
    return Settings.model_validate({**SETTINGS.model_dump(), "roads_url": roads.url, **more})


def give_roads(rooms: Rooms, settings: Settings) -> None:
    """A worker that asks this service."""
    reader, outside = Reader(settings, DESKS), SlowFacts(settings)
    rooms.worker = ConversationWorker(
        rooms.db, rooms.bell, rooms.ear, reader, rooms.clock, settings, lambda _: None, outside=outside
    )


def report_vehicle(rooms: Rooms) -> None:
    """Everything but the place is told; then the place."""
    for number, said in enumerate(("carro", "54321", "483765723", "no enciende el motor")):
        rooms.hear(text(said, wamid=f"wamid.{number}"))
        rooms.work()
    pin = text("", wamid="wamid.pin")
    rooms.hear({**pin, "type": "location", "location": GUADALAJARA})


def finish(rooms: Rooms) -> None:
    """Work until nobody is waited for."""
    while rooms.worker.run_once() or rooms.worker._slow:
        if rooms.worker._slow:
            rooms.ear.wait(bell.INBOX, 5)


def arrival(rooms: Rooms) -> dict[str, Any]:
    [row] = rooms.ask("select content -> 'arrival' as arrival from report.tickets")
    found: dict[str, Any] = row.arrival
    return found


def test_the_service_that_knows_the_roads_tells_the_way(rooms: Rooms, roads: Roads) -> None:
    give_roads(rooms, told(roads))
    report_vehicle(rooms)
    finish(rooms)
    kept = arrival(rooms)
    assert (kept["km"], kept["minutes"], kept["simple"]) == (6.5, 41 + 20, False)
    assert roads.asked == ["/route/v1/driving/-103.382500,20.676700;-103.350000,20.670000?overview=false"]


def test_a_service_that_hangs_delays_only_its_own_conversation(rooms: Rooms, roads: Roads) -> None:
    """It hangs until it is let go, and may. Meanwhile the other customer is answered, again and again."""
    give_roads(rooms, told(roads).model_copy(update={"fact_s": 60}))  # longer than a deployment may wait
    report_vehicle(rooms)
    roads.hangs_s = 60
    rooms.worker.run_once()  # the one who waits leaves the group
    for n in range(5):
        rooms.hear(text("hola", wamid=f"wamid.hanging{n}", sender=OTHER))
        before = rooms.said()
        until(lambda before=before: rooms.worker.run_once() and rooms.said() != before)  # type: ignore[misc]
        assert len(rooms.worker._slow) == 1, "the service hangs all the time"
    roads.let_go.set()
    finish(rooms)
    assert (arrival(rooms)["simple"], len(roads.asked)) == (False, 1)


def test_who_waits_for_a_service_that_hangs_hears_in_time_what_is_reckoned(rooms: Rooms, roads: Roads) -> None:
    """It would hang for a minute: that the conversation goes on meanwhile is its limit."""
    give_roads(rooms, told(roads, fact_s=0.3))
    report_vehicle(rooms)
    roads.hangs_s = 60
    finish(rooms)
    assert (arrival(rooms)["simple"], len(roads.asked), roads.answered) == (True, 1, 0)


def test_an_event_under_suspicion_waits_and_stays_alone(rooms: Rooms, roads: Roads) -> None:
    give_roads(rooms, told(roads))
    report_vehicle(rooms)
    rooms.ask("update sessions set alone = true")
    finish(rooms)
    assert arrival(rooms)["simple"] is False


def test_a_dry_run_asks_nobody_outside(rooms: Rooms, roads: Roads) -> None:
    give_roads(rooms, told(roads))
    report_vehicle(rooms)
    [row] = rooms.ask("select max(id) as id from inbox")
    trial = try_out(rooms.db, told(roads), row.id, rooms.clock.now())
    assert trial is not None and not trial.error, trial
    assert any("Tiempo estimado" in reply.text for reply in trial.said) and roads.asked == []


class Hour:
    """A clock that only goes when it is told to."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def way(facts: SlowFacts, key: str = KEY) -> dict[str, Any]:
    answer: dict[str, Any] = facts.ask(FIELD, "way", key).result(30)
    return answer


BY_ROAD, RECKONED = {"km": 6.5, "minutes": 41, "simple": False}, {"km": 1.5, "minutes": 4, "simple": True}


def test_an_answer_serves_again_while_fresh_and_when_stale_only_while_the_service_fails(roads: Roads) -> None:
    clock = Hour()
    facts = SlowFacts(told(roads, fact_fresh_s=60, fact_stale_s=3600), clock=clock)
    assert [way(facts), way(facts), len(roads.asked)] == [BY_ROAD, BY_ROAD, 1]
    clock.at, roads.status = 61, 500
    assert [way(facts), len(roads.asked)] == [BY_ROAD, 2]
    clock.at = 3601
    assert [way(facts), len(roads.asked)] == [RECKONED, 3]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""), (200, b"prose"), (200, b"[]"), (200, b'{"code": "Ok", "routes": []}'),
        (400, b'{"code": "NoRoute"}'), (302, b""), (200, b" " * 3_000_000),
    ],
)  # fmt: skip
def test_what_is_no_answer_costs_its_precision_only(roads: Roads, status: int, body: bytes) -> None:
    roads.status, roads.body = status, body
    assert way(SlowFacts(told(roads))) == RECKONED


def test_a_service_that_keeps_failing_is_left_alone(roads: Roads) -> None:
    changes: list[tuple[str, str]] = []
    roads.status = 503
    settings = told(roads, breaker_failures=2)
    facts = SlowFacts(settings, on_change=lambda name, old, new, why: changes.append((name, new)))
    assert [way(facts) for _ in range(5)] == [RECKONED] * 5
    assert (len(roads.asked), changes) == (2, [("fact:way", "open")])


def test_calls_that_hang_take_no_more_than_their_room(roads: Roads) -> None:
    """A hanging call keeps its place; who finds none is told at once what is reckoned."""
    roads.hangs_s = 30
    facts = SlowFacts(told(roads, fact_at_once=2, fact_s=0.2, breaker_failures=100))
    asked = []
    for n in range(6):
        future = facts.ask(FIELD, "way", f"20.670000,-103.350000 20.68000{n},-103.360000")
        asked.append((future, future.done()))
    assert [at_once for _, at_once in asked] == [False, False, True, True, True, True]
    assert {future.result(60)["simple"] for future, _ in asked} == {True}


def test_a_service_that_is_not_set_up_is_not_asked() -> None:
    assert way(SlowFacts(SETTINGS)) == RECKONED


def test_the_fact_is_stored_with_its_step_so_that_it_can_be_taken_again() -> None:
    talk = Talk()
    for said in ("carro", "54321", "483765723", "no enciende el motor"):
        talk.say(said)
    turn = talk.event("location", latitude=25.6514, longitude=-100.2895)
    assert turn.reading.facts["way"]
