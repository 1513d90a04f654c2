"""The door: what it accepts is in the inbox when it says so, whatever stands in it and whoever stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from psycopg import DataError

from core.errors import Unreachable
from core.messages import News
from core.store.db import Database
from core.store.path import inbox
from tests.integration.crew import NUMBER, Rooms, parse, text
from tests.waiting import until
from webhook.door import Door


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def kept(rooms: Rooms) -> dict[str, str]:
    return {row.external_id: row.state for row in rooms.ask("select external_id, state from inbox order by id")}


def refuse(rooms: Rooms, wamid: str) -> None:
    """The database will not store what has this id, as it would not a value it cannot hold."""
    rooms.ask(
        f"create function refuse() returns trigger language plpgsql as $$ begin "
        f"if new.external_id = '{wamid}' and new.text <> '' then raise data_exception; end if; return new; end $$"
    )
    rooms.ask("create trigger refuse before insert on inbox for each row execute function refuse()")


def test_one_item_that_cannot_be_stored_takes_no_neighbour_of_its_post_with_it(rooms: Rooms) -> None:
    refuse(rooms, "wamid.2")
    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=f"521555000000{n}") for n in range(5)))
    assert kept(rooms) == {f"wamid.{n}": "waiting" for n in (0, 1, 3, 4)} | {"wamid.2": "buried"}
    [broken] = rooms.ask("select kind, error, raw from inbox where state = 'buried'")
    assert broken.kind == "unreadable" and "could not be stored" in broken.error


def test_one_post_that_cannot_be_stored_takes_no_other_post_of_its_group_with_it(rooms: Rooms) -> None:
    refuse(rooms, "wamid.2")
    gate, entered = Event(), Event()
    door = Door(rooms.db, rooms.bell)
    commit = door._commit

    def gated(group: Any) -> None:
        entered.set()
        assert gate.wait(20)
        commit(group)

    door._commit = gated  # type: ignore[method-assign]
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(door.accept, parse([text("hola", wamid="wamid.first")]))
        assert entered.wait(20)
        others = [pool.submit(door.accept, parse([text("hola", wamid=f"wamid.{n}")])) for n in range(5)]
        until(lambda: len(door._group_commit._group.items) == 5)
        gate.set()
        for each in (first, *others):
            each.result(30)
    assert set(kept(rooms)) == {"wamid.first", *(f"wamid.{n}" for n in range(5))}
    assert [w for w, state in kept(rooms).items() if state == "buried"] == ["wamid.2"]


def test_a_database_that_is_away_is_said_and_nothing_is_taken() -> None:
    away = Door(Database("postgresql://nobody@127.0.0.1:1/none", timeout_s=1), Silent())  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        away.accept(parse([text("hola", wamid="wamid.1")]))


class Silent:
    def ring(self, _: str) -> None:
        raise AssertionError("nothing was accepted, and yet it rings")


def test_a_number_that_no_row_knows_is_kept_and_shown(rooms: Rooms) -> None:
    rooms.door.accept(parse([text("hola", wamid="wamid.1")], number="999"))
    rooms.work()
    [row] = rooms.ask("select state, error, desk from report.inbox")
    assert (row.state, row.error, row.desk) == ("buried", "no desk answers on this number", None)
    assert rooms.ask("select address from channels where desk_id is null")[0].address == "999"


def test_a_batch_with_a_broken_item_keeps_all_the_others(rooms: Rooms) -> None:
    broken: list[Any] = [{"id": "wamid.x", "type": "text"}, 7, None, [], {"type": {}, "id": 5}]
    rooms.door.accept(parse([text("hola", wamid="wamid.1"), *broken, text("adiós", wamid="wamid.2")], contacts=[]))
    rooms.work()
    found = kept(rooms)
    assert found["wamid.1"] == found["wamid.2"] == "done"
    assert len(found) == 7


def test_what_postgresql_cannot_hold_is_kept_faithfully(rooms: Rooms) -> None:
    rooms.hear(text("a\0b \ud83d c", wamid="wamid.1"))
    rooms.work()
    [row] = rooms.ask("select text, state, raw::text as raw from inbox")
    assert row.text == "a␀b \ufffd c"
    assert row.state == "done"
    assert "\\u0000" in row.raw and "\\ud83d" in row.raw, "as it came"


def test_a_text_of_60000_characters_is_kept_whole_and_answered(rooms: Rooms) -> None:
    rooms.hear(text("ñ" * 60_000, wamid="wamid.1"))
    rooms.work()
    rooms.send()
    [row] = rooms.ask("select length(text) as long, state from inbox")
    assert (row.long, row.state) == (60_000, "done")
    assert len(rooms.carrier.accepted) == 1


@pytest.mark.parametrize(
    "said",
    [
        "'; drop table inbox; --",
        "<script>alert(1)</script>",
        "مرحبا \u202e שלום",
        "👩‍👩‍👧‍👦🏽",
        "%s %(id)s {0}",
        "\\",
        " ",
        "\u0007",
    ],
)
def test_a_text_that_means_something_elsewhere_is_only_a_text_here(rooms: Rooms, said: str) -> None:
    rooms.hear(text(said, wamid="wamid.1"))
    rooms.work()
    [row] = rooms.ask("select text, state from inbox")
    assert (row.text, row.state) == (said, "done")


def test_copies_at_once_in_many_posts_are_one_event(rooms: Rooms) -> None:
    doors = [Door(rooms.db, rooms.bell) for _ in range(4)]
    news: list[News] = [parse([text("hola", wamid=f"wamid.{n}") for n in range(10)]) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        for done in [pool.submit(doors[n % 4].accept, each) for n, each in enumerate(news)]:
            done.result(30)
    rows = rooms.ask("select external_id, retries from inbox")
    assert len(rows) == 10
    assert {row.retries for row in rows} == {11}


def test_an_event_of_ours_is_accepted_once(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    [conversation] = rooms.ask("select id from conversations")
    with rooms.db.transaction() as tx:
        first = inbox.add_own(tx, conversation.id, "agent:1", "agent", {"action": "take_over", "agent": "ana"})
        again = inbox.add_own(tx, conversation.id, "agent:1", "agent", {"action": "take_over", "agent": "ana"})
        nowhere = inbox.add_own(tx, 999, "agent:2", "agent", {"action": "take_over", "agent": "ana"})
    assert first == again and nowhere is None
    rooms.work()
    assert rooms.ask("select agent from sessions")[0].agent == "ana"


def test_a_value_no_column_can_hold_is_a_data_error_of_the_database(rooms: Rooms) -> None:
    """What the tests above provoke on purpose is what the database itself would say."""
    with pytest.raises(DataError), rooms.db.transaction() as tx:
        tx._cursor.execute("insert into channels (kind, address) values ('whatsapp', %s)", ("a\0b",))
    assert NUMBER in {row.address for row in rooms.ask("select address from channels")}


def test_a_post_of_known_people_is_one_trip_to_the_database(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))

    def refuse(_: Database) -> None:
        raise AssertionError("a transaction was opened")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "transaction", refuse)
        rooms.hear(text("sigo aquí", wamid="wamid.2"), text("sigo aquí", wamid="wamid.2"))
    assert kept(rooms) == {"wamid.1": "waiting", "wamid.2": "waiting"}


def test_when_one_of_the_known_is_gone_all_are_accepted_in_their_order(rooms: Rooms) -> None:
    other = "5215550000002"
    rooms.hear(text("hola", wamid="wamid.1"), text("hola", wamid="wamid.2", sender=other))
    rooms.ask("delete from contacts where id = (select contact_id from aliases where value = %(other)s)", other=other)
    rooms.hear(text("a", wamid="wamid.3"), text("b", wamid="wamid.4", sender=other), text("c", wamid="wamid.5"))
    assert list(kept(rooms)) == ["wamid.1", "wamid.3", "wamid.4", "wamid.5"]
    assert [row.retries for row in rooms.ask("select retries from inbox")] == [0, 0, 0, 0]


def test_a_failed_trip_leaves_the_connection_fit_for_a_transaction(rooms: Rooms) -> None:
    with pytest.raises(DataError):
        rooms.db.at_once("inbox.note_failure", id=["nonsense"], attempts=[1], error=["x"])
    with pytest.raises(RuntimeError), rooms.db.transaction() as tx:
        inbox.figures(tx)
        raise RuntimeError
    rooms.hear(text("hola", wamid="wamid.1"))
    assert kept(rooms) == {"wamid.1": "waiting"}
