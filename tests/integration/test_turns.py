"""An event takes effect exactly once, in order, whatever happens to the workers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bot.engine import step as engine
from bot.workers import conversation
from bot.workers.conversation import ConversationWorker
from core.messages import Outbound
from core.reading import Expectation, Reading
from core.session import Session
from core.store.db import Database
from core.store.path import commit, inbox
from core.turn import TicketOpened, TimerSet, Turn
from tests.integration.crew import Rooms, text


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def ready_turns(worker: ConversationWorker) -> list[Turn]:
    """The turns a worker has claimed and decided, and not yet committed."""
    return worker.step(worker.read(worker.load(worker.claim())))


def lapse(rooms: Rooms) -> None:
    rooms.ask("update sessions set leased_until = now() - interval '1 second'")


def versions(rooms: Rooms) -> list[int]:
    return [row.version for row in rooms.ask("select version from steps order by conversation_id, version")]


def states(rooms: Rooms) -> list[str]:
    return [row.state for row in rooms.ask("select state from inbox order by id")]


def break_steps(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Stepping an event that says one of these words fails, as a bug in a flow would."""
    whole = engine.step

    def step(session: Session, event: Any, *rest: Any) -> Turn:
        if event.text in words:
            raise KeyError("a bug")
        return whole(session, event, *rest)

    monkeypatch.setattr(engine, "step", step)


def test_all_that_a_turn_decided_is_written_with_it(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    [turn] = ready_turns(rooms.worker)
    decided = replace(
        turn,
        records=(TicketOpened("TKT-1A2B3C4D", "help", "it is broken", {"given": {}, "at": ""}),),
        timers=(TimerSet("inactivity_warn", datetime.now(UTC) + timedelta(minutes=5), None, {}),),
        replies=(Outbound("text", "one"), Outbound("text", "two")),
    )
    with rooms.db.transaction() as tx:
        assert commit.turns(tx, [decided], token=rooms.worker.token) == [decided]
    assert versions(rooms) == [1]
    assert [row.number for row in rooms.ask("select number from tickets")] == ["TKT-1A2B3C4D"]
    assert [row.name for row in rooms.ask("select name from timers")] == ["inactivity_warn"]
    assert [row.text for row in rooms.ask("select text from outbox order by id")] == ["one", "two"]


def test_a_late_writer_whose_lease_lapsed_writes_nothing(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    late = ready_turns(rooms.worker)
    lapse(rooms)
    other = rooms.new_worker()
    assert other.run_once() > 0
    before = rooms.ask("select id, text, state from outbox")
    with rooms.db.transaction() as tx:
        assert commit.turns(tx, late, token=rooms.worker.token) == []
    assert rooms.ask("select id, text, state from outbox") == before
    assert versions(rooms) == [1]


def test_a_late_writer_is_refused_even_when_nobody_has_written_yet(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    late = ready_turns(rooms.worker)
    lapse(rooms)
    other = rooms.new_worker()
    held = other.claim()
    rooms.worker.commit(late)
    assert versions(rooms) == []
    other.commit(other.step(other.read(other.load(held))))
    assert versions(rooms) == [1]
    assert states(rooms) == ["done"]


def test_a_stale_version_is_taken_again_after_50_100_and_200_ms(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "jittered", lambda wait_s: wait_s)
    rooms.hear(text("hola", wamid="wamid.1"))
    stale = ready_turns(rooms.worker)
    waits: list[float] = []

    def somebody_writes(wait_s: float) -> None:
        """Whenever the worker waits, the session moves under it, until the third time."""
        waits.append(wait_s)

    rooms.ask("update sessions set version = version + 10")
    load = rooms.worker.load

    def load_and_lose(conversation_ids: Any) -> Any:
        loaded = load(conversation_ids)
        if len(waits) < 3:
            rooms.ask("update sessions set version = version + 10")
        return loaded

    monkeypatch.setattr(rooms.ear, "pause", somebody_writes)
    monkeypatch.setattr(rooms.worker, "load", load_and_lose)
    rooms.worker.commit(stale)
    assert waits == [0.05, 0.1, 0.2]
    assert versions(rooms) == [31]
    assert states(rooms) == ["done"]


def test_a_turn_that_stays_stale_goes_back_to_the_line(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    stale = ready_turns(rooms.worker)
    load = rooms.worker.load

    def load_and_lose(conversation_ids: Any) -> Any:
        loaded = load(conversation_ids)
        rooms.ask("update sessions set version = version + 10")
        return loaded

    rooms.ask("update sessions set version = version + 10")
    monkeypatch.setattr(rooms.ear, "pause", lambda _: None)
    monkeypatch.setattr(rooms.worker, "load", load_and_lose)
    rooms.worker.commit(stale)
    assert states(rooms) == ["waiting"]
    assert rooms.ask("select lease_token from sessions")[0].lease_token is None
    monkeypatch.undo()
    lapse(rooms)
    rooms.work()
    assert states(rooms) == ["done"]


def test_a_stale_turn_falls_out_of_its_group_alone(rooms: Rooms) -> None:
    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=f"52155500000{n:02}") for n in range(10, 15)))
    group = ready_turns(rooms.worker)
    rooms.ask("update sessions set version = 7 where conversation_id = %(id)s", id=group[2].conversation_id)
    with rooms.db.transaction() as tx:
        won = commit.turns(tx, group, token=rooms.worker.token)
    assert [turn.conversation_id for turn in won] == [t.conversation_id for t in group if t is not group[2]]
    assert sorted(states(rooms)) == ["done"] * 4 + ["waiting"]


def test_a_turn_that_cannot_be_written_does_not_take_its_group_with_it(rooms: Rooms) -> None:
    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=f"52155500000{n:02}") for n in range(10, 15)))
    group = ready_turns(rooms.worker)
    third = group[2].conversation_id
    rooms.ask(f"alter table steps add constraint no_third check (conversation_id <> {third})")
    rooms.worker.commit(group)
    assert sorted(states(rooms)) == ["done"] * 4 + ["waiting"]
    rooms.ask("alter table steps drop constraint no_third")
    lapse(rooms)
    rooms.work()
    assert states(rooms) == ["done"] * 5


def test_an_event_that_always_fails_is_buried_and_the_customer_is_told_once(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_steps(monkeypatch, "refrigerador")
    for number, word in enumerate(("hola", "refrigerador", "menú")):
        rooms.hear(text(word, wamid=f"wamid.{number}"))
    rooms.work()
    assert states(rooms) == ["done", "buried", "done"]
    [dead] = rooms.ask("select attempts, error from inbox where state = 'buried'")
    assert dead.attempts == rooms.settings.event_attempts
    assert "KeyError" in dead.error
    assert sum("no pude atender" in said for said in rooms.said()) == 1
    assert versions(rooms) == [1, 2, 3]


def test_a_buried_event_that_is_replayed_takes_its_effect(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    break_steps(monkeypatch, "refrigerador")
    rooms.hear(text("hola", wamid="wamid.0"), text("refrigerador", wamid="wamid.1"))
    rooms.work()
    monkeypatch.undo()
    [dead] = rooms.ask("select id from inbox where state = 'buried'")
    with rooms.db.transaction() as tx:
        assert inbox.replay(tx, dead.id)
    rooms.work()
    assert states(rooms) == ["done", "done"]
    assert versions(rooms) == [1, 2, 3]
    assert rooms.ask("select flow from sessions")[0].flow == "refrigerator"
    with rooms.db.transaction() as tx:
        assert not inbox.replay(tx, dead.id), "what is done is done"


def test_an_event_that_kills_its_workers_is_buried_too(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.0"), text("menú", wamid="wamid.1"))
    for _ in range(1 + rooms.settings.event_attempts):  # the first might have died of any that it held
        victim = rooms.new_worker()
        assert ready_turns(victim)  # and then it dies
        lapse(rooms)
    rooms.work()
    assert states(rooms) == ["buried", "done"]
    assert "its worker died" in rooms.ask("select error from inbox where state = 'buried'")[0].error


def test_leases_that_found_nothing_do_not_count_against_the_next_event(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.0"))
    rooms.work()
    [conversation_id] = [row.conversation_id for row in rooms.ask("select conversation_id from sessions")]
    for _ in range(20):
        token = rooms.worker.token
        rooms.ask(
            "update sessions set lease_token = %(t)s, leased_until = now() + interval '9 s', claims = claims + 1",
            t=token,
        )
        assert rooms.worker.load([conversation_id]) == []
    rooms.hear(text("menú", wamid="wamid.1"))
    rooms.work()
    assert states(rooms) == ["done", "done"]


class BrokenLater:
    """A reader whose answers come later, and are exceptions."""

    def __init__(self, word: str, whole: Any):
        self._word, self._whole = word, whole

    def read(self, event: Any, expectation: Expectation, session: Session) -> Any:
        from concurrent.futures import Future

        if event.text != self._word:
            return self._whole.read(event, expectation, session)
        later: Future[Reading] = Future()
        later.set_exception(RuntimeError("the AI's answer broke us"))
        return later


def test_a_slow_reading_that_breaks_harms_its_own_event_only(rooms: Rooms) -> None:
    rooms.worker._reader = BrokenLater("rompe", rooms.worker._reader)
    rooms.hear(text("rompe", wamid="wamid.0"), text("hola", wamid="wamid.1", sender="5215550000099"))
    rooms.work()
    assert sorted(states(rooms)) == ["buried", "done"]


def test_a_long_backlog_gets_one_honest_reply(rooms: Rooms) -> None:
    long_ago = rooms.clock.now() - timedelta(hours=5)
    rooms.hear(*(text(f"mensaje {n}", wamid=f"wamid.{n}", at=long_ago + timedelta(minutes=n)) for n in range(50)))
    rooms.work()
    assert states(rooms) == ["done"] * 50
    assert len(rooms.said()) == 1
    assert "muy tarde" in rooms.said()[0]


def test_due_timers_fire_once_with_two_janitors(rooms: Rooms, db_url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from bot.workers.janitor import Janitor

    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=f"52155500001{n:02}") for n in range(30)))
    rooms.work()
    rooms.ask("update timers set due_at = now(), rest_s = null")
    together = Barrier(2)

    def fire() -> None:
        janitor = Janitor(rooms.db, rooms.bell, rooms.ear, rooms.settings)
        together.wait(10)
        janitor.run_once()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(fire) for _ in range(2)]:
            done.result(20)
    assert rooms.ask("select count(*) from inbox where kind = 'timer'")[0].count == 30
    rooms.work()
    warnings = [said for said in rooms.said() if "ahí" in said.lower()]
    assert len(warnings) == 30


def test_two_histories_of_one_conversation_have_no_room(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.0"))
    rooms.work()
    with pytest.raises(psycopg.errors.UniqueViolation), rooms.db.transaction() as tx:
        tx._cursor.execute("insert into steps select * from steps")


class Counting:
    """A reader that remembers what it was given."""

    def __init__(self, whole: Any):
        self._whole = whole
        self.given: list[str] = []

    def read(self, event: Any, expectation: Expectation, session: Session) -> Any:
        self.given.append(event.text)
        return self._whole.read(event, expectation, session)


def test_a_flooding_conversation_is_not_read(rooms: Rooms) -> None:
    reader = Counting(rooms.worker._reader)
    rooms.worker._reader = reader
    now = rooms.clock.now()
    flood = [text(f"mensaje {n}", wamid=f"wamid.{n}", at=now + timedelta(seconds=n // 10)) for n in range(40)]
    rooms.hear(*flood, text("hola", wamid="wamid.other", sender="5215550000099", at=now))
    rooms.work()
    assert len(reader.given) == 10 + 1 and "hola" in reader.given
    assert states(rooms) == ["done"] * 41
    whys = [row.why for row in rooms.ask("select reading->>'why' as why from steps order by conversation_id, version")]
    assert whys.count("flood") == 30
