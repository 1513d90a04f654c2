"""Only the event that kills or stalls its worker becomes a dead letter: never its neighbours, and never for an outage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from bot.engine import step as engine
from bot.workers.conversation import ConversationWorker
from core.errors import Broken, Unreachable
from core.reading import Expectation, Reading
from core.session import Session
from core.settings import Settings
from core.store.db import Database
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.test_turns import lapse, ready_turns, states, versions
from tests.waiting import until

MESSAGES = 10
ROUNDS = 15
"""As many rounds as an outage of 75 s lasts with a lease of 2 s: three times the tries an event has."""


def settings_with(**changed: object) -> Settings:
    return SETTINGS.model_copy(update=changed)


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


@pytest.fixture
def hurried(db_url: str) -> Iterator[Database]:
    """A database whose statements wait a tenth of a second, as long as its lease does or a hundred times less."""
    made = Database(db_url, timeout_s=0.1)
    yield made
    made.close()


def many(word: str, first: int = 0, count: int = MESSAGES) -> list[dict[str, Any]]:
    return [text(word, wamid=f"wamid.{n}", sender=f"52155500{n:05}") for n in range(first, first + count)]


def fail(rooms: Rooms, error: type[Exception]) -> int:
    """Rounds and waits, as the loop has them, until so many rounds have failed. How many did."""
    failed = 0
    for _ in range(20 * ROUNDS):
        try:
            if not rooms.worker.run_once():
                rooms.worker.wait()
        except error:
            failed += 1
            if failed == ROUNDS:
                break
    return failed


@pytest.mark.parametrize("lease_s", [0.01, 30.0], ids=["lapsed", "held"])
def test_an_outage_is_no_attempt(hurried: Database, db: Database, db_url: str, lease_s: float) -> None:
    """Every commit fails for fifteen rounds. With a long lease the next round must not wait for it either."""
    rooms = Rooms(db, settings_with(lease_s=lease_s))
    rooms.hear(*many("hola"))
    rooms.worker._db = hurried
    with psycopg.connect(db_url) as other:
        other.execute("lock table steps in access exclusive mode")
        assert fail(rooms, Unreachable) == ROUNDS
    rooms.worker._db = db
    rooms.worker.wait()
    rooms.work()
    assert states(rooms) == ["done"] * MESSAGES
    assert len(rooms.said()) == MESSAGES
    assert not any("no pude atender" in said for said in rooms.said())
    assert {row.attempts for row in rooms.ask("select attempts from inbox")} == {1}, "nothing was counted"
    rooms.close()


def test_leases_that_could_not_be_given_back_are_given_back_by_the_next_round(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is gone altogether when the round breaks, and back before the lease lapses."""
    rooms.hear(*many("hola"))
    transaction = rooms.db.transaction

    def gone() -> Any:
        raise Unreachable("no connection to the database")

    def claim_and_lose(*args: Any) -> list[int]:
        leased = claim(*args)
        monkeypatch.setattr(rooms.db, "transaction", gone)
        return leased

    claim = rooms.worker.claim
    monkeypatch.setattr(rooms.worker, "claim", claim_and_lose)
    for _ in range(2):
        with pytest.raises(Unreachable):
            rooms.worker.run_once()
    monkeypatch.setattr(rooms.worker, "claim", claim)
    monkeypatch.setattr(rooms.db, "transaction", transaction)
    rooms.work()
    assert states(rooms) == ["done"] * MESSAGES
    assert {row.attempts for row in rooms.ask("select attempts from inbox")} == {1}


def test_a_round_that_breaks_for_no_event_of_its_own_counts_against_none(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug that is met before any event is looked at, by a whole group, again and again."""
    rooms.hear(*many("hola"))
    load = rooms.worker.load

    def broken(leased: Any) -> Any:
        if leased:
            raise RuntimeError("nobody's fault")
        return []

    def all_done() -> bool:
        rooms.work()
        return states(rooms) == ["done"] * MESSAGES

    monkeypatch.setattr(rooms.worker, "load", broken)
    assert fail(rooms, RuntimeError) == ROUNDS
    monkeypatch.setattr(rooms.worker, "load", load)
    until(all_done)
    assert len(rooms.said()) == MESSAGES


class Stalling:
    """A reader that takes longer for one word than any lease lasts: all leases lapse, and other workers go on."""

    MOST = 40

    def __init__(self, rooms: Rooms, word: str):
        self._rooms, self._word, self._whole = rooms, word, rooms.worker._reader
        self.stalls = 0

    def read(self, event: Any, expectation: Expectation, session: Session) -> Any:
        if event.text == self._word:
            self.stalls += 1
            assert self.stalls < self.MOST, "it is never given up"
            lapse(self._rooms)
            self.others_go_on()
        return self._whole.read(event, expectation, session)

    def others_go_on(self) -> None:
        while self._worker().run_once():
            pass

    def _worker(self) -> ConversationWorker:
        worker = self._rooms.new_worker()
        worker._reader = self
        return worker


def test_who_waits_beside_slow_lines_is_answered(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four chat lines stall whoever reads them; three customers write beside them."""
    monkeypatch.setattr(rooms.ear, "pause", lambda _: None)
    rooms.hear(*many("@@@@", 0, 4), *many("hola", 4, 3))
    reader = Stalling(rooms, "@@@@")
    reader.others_go_on()
    assert states(rooms) == ["buried"] * 4 + ["done"] * 3
    assert reader.stalls == 4 * (1 + rooms.settings.event_attempts)
    assert {row.attempts for row in rooms.ask("select attempts from inbox where state = 'done'")} == {1}


def test_only_the_one_that_kills_is_blamed(rooms: Rooms) -> None:
    """Whoever steps the third of ten dies, with everything it holds."""
    rooms.hear(*many("hola"))
    [poison] = [row.conversation_id for row in rooms.ask("select conversation_id from inbox where id = 3")]
    deaths = 0
    while "waiting" in states(rooms):
        worker = rooms.new_worker()
        held = worker.load(worker.claim())
        if any(claimed.session.conversation_id == poison for claimed in held):
            deaths += 1
            assert deaths < ROUNDS
            lapse(rooms)
        else:
            worker.commit(worker.step(worker.read(held)))
    assert states(rooms) == ["done"] * 2 + ["buried"] + ["done"] * 7
    assert deaths == 1 + rooms.settings.event_attempts
    assert versions(rooms) == [1] * MESSAGES


def test_a_lapsed_lease_is_claimed_alone_and_in_turns_with_the_others(rooms: Rooms) -> None:
    rooms.hear(*many("hola", 0, 3))
    victim = rooms.new_worker()
    assert len(ready_turns(victim)) == 3
    lapse(rooms)
    rooms.hear(*many("hola", 3, 3))
    worker = rooms.new_worker()
    sizes = []
    while claimed := worker.claim():
        sizes.append(len(claimed))
    assert sorted(sizes) == [1, 1, 1, 3]
    assert 3 in sizes[:2], "nobody waits for all who are suspected"


def test_workers_that_share_a_process_do_not_blame_each_other_s_events(rooms: Rooms) -> None:
    """They die together, so only one of them may hold what is suspected."""
    rooms.hear(*many("hola"))
    ready_turns(rooms.new_worker())
    lapse(rooms)
    second = rooms.new_worker(suspects=False)
    assert second.claim() == []
    assert len(rooms.new_worker().claim()) == 1


def test_a_worker_that_is_told_to_stop_gives_back_what_it_counted(rooms: Rooms) -> None:
    from concurrent.futures import Future

    class Never:
        def read(self, *_: Any) -> Future[Reading]:
            return Future()

    rooms.hear(text("hola", wamid="wamid.0"))
    for _ in range(2 * rooms.settings.event_attempts):
        worker = rooms.new_worker()
        worker._reader = Never()
        assert worker.run_once() == 1
        worker.drain()
    rooms.work()
    assert states(rooms) == ["done"]


def test_a_broken_query_of_one_event_is_that_event_s_own(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """It breaks every group that it is in; alone it is put off, and buried in the end."""
    whole = engine.step

    def step(session: Session, event: Any, *rest: Any) -> Any:
        if event.text == "rompe":
            from core.reading import Missing

            raise Missing("no such kind", "")
        return whole(session, event, *rest)

    monkeypatch.setattr(engine, "step", step)
    rooms.hear(*many("hola", 0, 4), *many("rompe", 4, 1), *many("hola", 5, 4))
    for _ in range(200):
        try:
            rooms.worker.run_once()
        except Broken:
            rooms.worker.wait()
    assert sorted(states(rooms)) == ["buried"] + ["done"] * 8
