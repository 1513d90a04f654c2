"""Several lines of one customer are answered by one reply, written by one transaction, and only the line in hand is blamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.engine import step as engine
from bot.workers import breaths
from core.session import Session
from core.store.db import Database
from core.store.path import commit, inbox, sessions
from core.turn import Turn
from tests.integration.crew import SETTINGS, Rooms, press, text

BREATH_S = 2.0
SIX = ("hola", "buenas", "oye", "el refri no prende", "es el 4045101", "me urge")


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db, SETTINGS.model_copy(update={"breath_s": BREATH_S}))
    yield made
    made.close()


def say(rooms: Rooms, *lines: str, first: int = 0) -> None:
    for n, line in enumerate(lines, start=first):
        rooms.hear(text(line, wamid=f"wamid.{n}"))


def breath_is_over(rooms: Rooms) -> None:
    rooms.ask("update sessions set leased_until = '-infinity', breath_after = null")
    rooms.clock.forward(60)


def states(rooms: Rooms) -> list[str]:
    return [row.state for row in rooms.ask("select state from inbox order by id")]


def session(rooms: Rooms) -> Any:
    return rooms.ask(
        "select lease_token, claims, version, state, breath_after, leased_until > now() as rests from sessions"
    )[0]


def test_six_lines_are_answered_once(rooms: Rooms) -> None:
    for n, line in enumerate(SIX):
        say(rooms, line, first=n)
        rooms.work()
    assert rooms.said() == []
    assert set(states(rooms)) == {"waiting"}
    breath_is_over(rooms)
    rooms.work()
    [said] = rooms.said()
    assert "4045101" in said and "no prende" in said
    assert set(states(rooms)) == {"done"}
    assert [row.version for row in rooms.ask("select version from steps order by version")] == [1, 2, 3, 4, 5, 6]
    assert session(rooms).version == 6
    notes = [row.note for row in rooms.ask("select note from steps order by version")]
    assert notes == ["answered with what was said next"] * 5 + [""]
    assert len({row.at for row in rooms.ask("select at from steps")}) == 1


def test_a_breath_is_no_attempt_and_holds_no_lease(rooms: Rooms) -> None:
    say(rooms, "hola")
    rooms.work()
    stands = session(rooms)
    assert (stands.lease_token, stands.claims, stands.version, stands.rests) == (None, 0, 0, True)
    assert 0.0 < rooms.worker._breaths.next_s() <= BREATH_S + 0.1
    assert rooms.ask("select attempts from inbox")[0].attempts == 0


def test_an_answer_to_what_was_asked_is_answered_at_once(rooms: Rooms) -> None:
    say(rooms, "hola")
    breath_is_over(rooms)
    rooms.work()
    say(rooms, "refrigerador", first=1)
    rooms.work()
    say(rooms, "4045101", first=2)
    rooms.work()
    assert len(rooms.said()) == 3
    assert set(states(rooms)) == {"done"}


@pytest.mark.parametrize("kind", ["button", "staff", "danger"])
def test_what_cannot_wait_ends_the_breath(rooms: Rooms, kind: str) -> None:
    say(rooms, "hola")
    rooms.work()
    assert rooms.said() == []
    if kind == "button":
        rooms.hear(press("person|menu|1|1", wamid="wamid.9"))
    elif kind == "danger":
        say(rooms, "se está quemando el refri, ayuda", first=9)
    else:
        with rooms.db.transaction() as tx:
            inbox.add_own(tx, 1, "agent:1", "agent", {"action": "take_over", "agent": "ana"})
    rooms.work()
    assert set(states(rooms)) == {"done"}
    assert len(rooms.said()) == (2 if kind == "staff" else 1)


def test_who_never_stops_is_answered_all_the_same(rooms: Rooms) -> None:
    for n in range(2 * breaths.MOST_BREATHS):
        say(rooms, "asdf", first=n)
        rooms.ask("update inbox set received_at = received_at - interval '3 seconds'")
        rooms.work()
        rooms.ask("update sessions set leased_until = '-infinity'")
    assert rooms.said() != []


def test_a_line_that_fails_lets_those_before_it_take_effect(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = engine.step

    def step(session: Session, event: Any, *rest: Any) -> Turn:
        if event.text == "boom":
            raise KeyError("a bug")
        return whole(session, event, *rest)

    monkeypatch.setattr(engine, "step", step)
    say(rooms, "refrigerador", "4045101", "boom", "sí")
    rooms.ask("update inbox set received_at = received_at - interval '1 minute'")
    rooms.worker.run_once()
    assert states(rooms) == ["done", "done", "waiting", "waiting"]
    assert session(rooms).claims == 0
    for _ in range(2 + rooms.settings.event_attempts):
        rooms.ask("update sessions set leased_until = '-infinity'")
        rooms.work()
    assert states(rooms) == ["done", "done", "buried", "done"]
    assert "no enfr" not in "".join(rooms.said())
    assert session(rooms).state == "filling", "“sí” was heard after it"


def test_a_burst_that_cannot_be_written_is_written_line_by_line(rooms: Rooms) -> None:
    rooms.ask("alter table steps add constraint no_third check (version <> 3) not valid")
    say(rooms, "hola", "refrigerador", "4045101")
    rooms.ask("update inbox set received_at = received_at - interval '1 minute'")
    rooms.work()
    assert states(rooms) == ["done", "done", "buried"], "only the third, which cannot be written, is given up"
    assert len(rooms.said()) == 2


def test_a_worker_that_dies_between_claim_and_commit_loses_and_doubles_nothing(rooms: Rooms) -> None:
    say(rooms, *SIX)
    rooms.ask("update inbox set received_at = received_at - interval '1 minute'")
    victim = rooms.new_worker()
    turns = victim.step(victim.read(victim.load(victim.claim())))
    assert len(turns) == 6
    rooms.ask("update sessions set leased_until = '-infinity'")
    rooms.work()
    said = rooms.said()
    with rooms.db.transaction() as tx:
        assert commit.turns(tx, turns, token=victim.token) == []
    assert rooms.said() == said
    assert set(states(rooms)) == {"done"}


def test_under_suspicion_one_line_is_taken_at_a_time(rooms: Rooms) -> None:
    say(rooms, *SIX)
    rooms.ask("update sessions set lease_token = 1, leased_until = '-infinity'")
    rooms.worker.run_once()
    assert states(rooms) == ["done", *["waiting"] * 5]


def test_a_worker_whose_clock_is_slow_waits_one_breath_and_no_more(rooms: Rooms) -> None:
    rooms.clock.forward(-300)
    say(rooms, "hola")
    rooms.work()
    assert rooms.said() == []
    rooms.ask("update sessions set leased_until = '-infinity'")
    rooms.work()
    assert len(rooms.said()) == 1


def test_what_opens_a_ticket_ends_the_turn(rooms: Rooms) -> None:
    """What comes after it may ask about the ticket, which must be there to be found."""
    say(rooms, "mi refri 4045101 no enfría", "sí", "mis reportes")
    rooms.ask("update inbox set received_at = received_at - interval '1 minute'")
    rooms.worker.run_once()
    assert states(rooms) == ["done", "done", "waiting"]
    rooms.work()
    assert "TKT-" in rooms.said()[-1]


def test_who_breathes_is_claimed_before_the_end_only_when_something_came(rooms: Rooms) -> None:
    say(rooms, "hola")
    rooms.work()
    with rooms.db.transaction() as tx:
        assert sessions.claim(tx, token=7, size=8, lease_s=60) == []
    say(rooms, "buenas", first=1)
    with rooms.db.transaction() as tx:
        assert sessions.claim(tx, token=7, size=8, lease_s=60) == [1]
    assert session(rooms).breath_after is None


def test_a_visitor_of_the_page_waits_no_longer_than_a_second() -> None:
    settings = SETTINGS.model_copy(update={"breath_s": BREATH_S})
    assert (breaths.longest_s("whatsapp", settings), breaths.longest_s("web", settings)) == (BREATH_S, 1.0)
    assert breaths.longest_s("web", settings.model_copy(update={"breath_s": 0.0})) == 0.0
