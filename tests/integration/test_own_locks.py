"""Rows are locked and inserted in one order by everybody, and no row is locked in vain: two groups never wait for each
other in a ring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.messages import Delivery, Outbound
from core.store.path import deliveries, outbox, records, sessions
from core.store.path.outbox import Result
from core.turn import OptOutSet
from tests.integration.crew import Rooms, text
from tests.integration.neighbours import move_in
from tests.integration.sending import claim
from tests.integration.test_own_history import turn
from tests.integration.test_own_sends import question, replies
from tests.waiting import until

Work = Callable[[Rooms, Any, list[int]], object]

APPLY: Work = lambda rooms, tx, ids: deliveries.apply(tx, [Delivery(f"w{id}", "sent", str(id)) for id in reversed(ids)])  # noqa: E731
MARK: Work = lambda rooms, tx, ids: outbox.mark(tx, [Result(id, "sent") for id in reversed(ids)])  # noqa: E731
PLAIN: Work = lambda rooms, tx, ids: outbox.say_plainly(tx, list(reversed(ids)))  # noqa: E731


def planned_without(rooms: Rooms, *kinds: str) -> None:
    """From now on every connection plans without these."""
    [database] = rooms.ask("select current_database() as name")
    for kind in kinds:
        rooms.ask(f"alter database {database.name} set enable_{kind} = off")
    rooms.db.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def meanwhile(
    rooms: Rooms, pool: ThreadPoolExecutor, work: Work, table: str, held: int, free: list[int], ids: list[int]
) -> None:
    """While one row is held the work waits for it, and has taken none of those that come after it."""

    def do() -> None:
        with rooms.db.transaction() as tx:
            work(rooms, tx, ids)

    with rooms.db.transaction() as tx:
        tx._cursor.execute(f"select 1 from {table} where id = %s for update", [held])
        done = pool.submit(do)
        until(
            lambda: rooms.ask(
                "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
        )
        tx._cursor.execute(f"select 1 from {table} where id = any(%s) for update nowait", [free])
    done.result(60)


@pytest.mark.parametrize("work", [APPLY, MARK, PLAIN])
def test_sends_are_locked_in_the_order_of_their_ids(rooms: Rooms, pool: ThreadPoolExecutor, work: Work) -> None:
    ids = question(rooms)
    rooms.ask("update outbox set error = 'y' where id = %(id)s", id=ids[0])  # it lies behind the others now
    planned_without(rooms, "indexscan", "bitmapscan", "nestloop", "mergejoin")
    meanwhile(rooms, pool, work, "outbox", ids[0], ids[1:], ids)


def test_numbers_are_locked_in_the_order_of_their_ids(rooms: Rooms, pool: ThreadPoolExecutor) -> None:
    ids = replies(rooms)
    numbers = [
        row.id for row in rooms.ask("select id from channels where address <> '1' and desk_id in ('north', 'south')")
    ]
    rooms.ask("update channels set paused_why = 'y' where id = %(id)s", id=min(numbers))
    planned_without(rooms, "indexscan", "bitmapscan", "nestloop", "mergejoin")
    work: Work = lambda rooms, tx, ids: claim(tx, rooms.settings)  # noqa: E731
    meanwhile(rooms, pool, work, "channels", min(numbers), [id for id in numbers if id > min(numbers)], ids)


def test_people_are_locked_in_the_order_of_their_ids(rooms: Rooms, pool: ThreadPoolExecutor) -> None:
    move_in(rooms)
    people = [row.contact_id for row in rooms.ask("select contact_id from conversations order by contact_id")]
    rooms.ask("update contacts set name = name where id = %(id)s", id=people[0])
    planned_without(rooms, "indexscan", "bitmapscan", "nestloop", "mergejoin")
    turns = [turn(id, records=(OptOutSet(out=True),)) for id in range(8, 0, -1)]
    work: Work = lambda rooms, tx, ids: records.insert(tx, turns)  # noqa: E731
    meanwhile(rooms, pool, work, "contacts", people[0], people[1:], people)


def test_replies_go_before_bulk_on_every_number_whatever_the_plan(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set initiative = true where id = any(%(ids)s)", ids=ids[::2])
    rooms.ask("update outbox set error = 'y' where not initiative")  # they lie behind the bulk now
    planned_without(rooms, "indexscan", "bitmapscan", "indexonlyscan")
    with rooms.db.transaction() as tx:
        assert [each.id for each in claim(tx, rooms.settings, size=4)] == ids[1::2]


def test_claimed_sends_come_in_the_order_of_their_ids(rooms: Rooms) -> None:
    older = replies(rooms)
    rooms.ask(
        "insert into outbox (channel_id, conversation_id, correlation_id, kind, text)"
        " select channel_id, conversation_id, 'c', 'text', 'x' from outbox order by id desc"
    )
    rooms.ask("delete from outbox where id = any(%(older)s)", older=older)  # the last number has the oldest now
    with rooms.db.transaction() as tx:
        went = [each.id for each in claim(tx, rooms.settings)]
    assert len(went) == 8
    assert went == sorted(went)


@pytest.mark.parametrize("work", [APPLY, MARK, PLAIN])
def test_a_send_of_others_is_not_waited_for(rooms: Rooms, work: Work) -> None:
    ids = question(rooms)
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select 1 from outbox where id = %s for update", [ids[7]])
        with rooms.db.transaction() as other:
            work(rooms, other, ids[:3])


def test_statuses_are_kept_in_the_order_of_their_names(rooms: Rooms) -> None:
    names = ["w.d", "w.a", "w.c", "w.b"]
    with rooms.db.transaction() as tx:
        deliveries.apply(tx, [Delivery(name, "sent") for name in names])
    kept = rooms.ask("select external_id from deliveries order by ctid")
    assert [row.external_id for row in kept] == sorted(names)


def test_numbers_that_no_row_knows_are_added_in_their_order(rooms: Rooms) -> None:
    numbers = [f"9{n}" for n in range(12)]
    events = [text("hola", wamid=f"wamid.{number}") for number in numbers]
    with rooms.db.transaction() as tx:
        for kind in ("sort", "hashagg"):
            tx._cursor.execute(f"set local enable_{kind} = {'off' if kind == 'sort' else 'on'}")
        tx.run("inbox.add_channels", kind=["whatsapp"] * len(events), address=list(reversed(numbers)))
    added = rooms.ask("select address from channels where desk_id is null order by ctid")
    assert [row.address for row in added] == sorted(numbers)


def test_replies_are_said_in_the_order_of_their_turns_whatever_the_plan(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask("delete from outbox")
    planned_without(rooms, "hashjoin", "nestloop")
    turns = [turn(id, replies=(Outbound("text", f"{id}a"), Outbound("text", f"{id}b"))) for id in (5, 2, 8, 1)]
    with rooms.db.transaction() as tx:
        outbox.put(tx, turns)
    said = [row.text for row in rooms.ask("select text from outbox order by id")]
    assert said == ["5a", "5b", "2a", "2b", "8a", "8b", "1a", "1b"]


def test_sessions_are_loaded_in_their_order_whatever_the_plan(rooms: Rooms) -> None:
    move_in(rooms)
    planned_without(rooms, "indexscan", "bitmapscan", "nestloop", "mergejoin")
    with rooms.db.transaction() as tx:
        ours = sorted(sessions.claim(tx, token=1, size=8, lease_s=60))
    rooms.ask("update sessions set flow = flow where conversation_id = %(id)s", id=ours[0])
    with rooms.db.transaction() as tx:
        loaded = sessions.load(tx, ours, token=1)
    assert [each.session.conversation_id for each in loaded] == ours
