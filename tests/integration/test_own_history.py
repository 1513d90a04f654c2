"""Statuses, timers, steps and tickets: each statement touches its own rows only, and reads them in order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.messages import Delivery
from core.store.path import deliveries, records, steps, timers
from core.store.path.steps import Place
from core.turn import SaidAgain, TicketChanged, TimerCancelled, Turn
from tests.integration.crew import Rooms
from tests.integration.neighbours import NAMES, changed, move_in, say, standing
from tests.integration.test_own_sends import replies

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def apply(rooms: Rooms, *statuses: Delivery) -> list[int]:
    with rooms.db.transaction() as tx:
        return sorted(row.id for row in deliveries.apply(tx, statuses))


def sent(rooms: Rooms) -> list[int]:
    """A reply to each of the eight is with the platform as wamid.<id>."""
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'sent', external_id = 'wamid.' || id")
    return ids


def test_a_status_moves_the_send_that_it_names(rooms: Rooms) -> None:
    ids = sent(rooms)
    before = standing(rooms, "outbox")
    moved = apply(rooms, Delivery(f"wamid.{ids[3]}", "delivered"), Delivery("theirs", "read", str(ids[5])))
    assert moved == [ids[3], ids[5]]
    assert changed(before, standing(rooms, "outbox")) == {ids[3], ids[5]}
    rows = rooms.ask("select state from outbox where id = any(%(ids)s) order by id", ids=moved)
    assert [row.state for row in rows] == ["delivered", "read"]


def test_our_own_id_comes_before_the_platforms(rooms: Rooms) -> None:
    ids = sent(rooms)
    assert apply(rooms, Delivery(f"wamid.{ids[0]}", "delivered", str(ids[6]))) == [ids[6]]


def test_of_two_sends_of_one_id_the_first_is_meant(rooms: Rooms) -> None:
    ids = sent(rooms)
    rooms.ask("update outbox set external_id = 'twice' where id = any(%(ids)s)", ids=ids[2:5])
    rooms.ask("update outbox set text = 'y' where id = %(id)s", id=ids[2])
    with rooms.db.transaction() as tx:
        for kind in ("indexscan", "bitmapscan"):
            tx._cursor.execute(f"set local enable_{kind} = off")
        assert [row.id for row in deliveries.apply(tx, [Delivery("twice", "delivered")])] == [ids[2]]


def test_each_time_and_error_is_of_its_own_status(rooms: Rooms) -> None:
    ids = sent(rooms)
    apply(
        rooms,
        Delivery("wamid.a", "delivered", str(ids[0]), at=LATE),
        Delivery("wamid.a", "sent", str(ids[0]), at=EARLY, error_code=9, error="a warning"),
        Delivery("wamid.a", "read", str(ids[0]), at=LATE),
        Delivery("wamid.b", "failed", str(ids[1]), error_code=1, error="no"),
        Delivery("wamid.b", "sent", str(ids[1]), error_code=9, error="warned"),
        Delivery("wamid.c", "delivered", str(ids[2]), at=EARLY),
        Delivery("wamid.d", "played", str(ids[3]), at=LATE),
        Delivery("wamid.d", "delivered", str(ids[3]), at=EARLY),
    )
    rows = rooms.ask(
        "select state, delivered_at, read_at, error_code, error from outbox where id = any(%(ids)s) order by id",
        ids=ids[:4],
    )
    assert [tuple(row) for row in rows] == [
        ("read", LATE, LATE, None, None),
        ("failed", None, None, 1, "no"),
        ("delivered", EARLY, None, None, None),
        ("read", EARLY, LATE, None, None),
    ]


def test_a_status_of_a_refused_question_does_not_fail_the_text_that_went_instead(rooms: Rooms) -> None:
    ids = sent(rooms)
    rooms.ask(
        """update outbox set content = '{"instead_of": {"external_id": "refused", "refused": 131009}}' where id = %(id)s""",
        id=ids[0],
    )
    before = standing(rooms, "outbox")
    assert apply(rooms, Delivery("refused", "failed", str(ids[0]), error_code=131009)) == []
    assert standing(rooms, "outbox") == before


def test_what_speaks_of_nothing_known_is_parked_until_it_is(rooms: Rooms) -> None:
    ids = sent(rooms)
    assert apply(rooms, Delivery("later", "delivered"), Delivery("never", "read")) == []
    before = standing(rooms, "outbox")
    with rooms.db.transaction() as tx:
        assert deliveries.apply_parked(tx) == 0
    rooms.ask("update outbox set external_id = 'later' where id = %(id)s", id=ids[4])
    with rooms.db.transaction() as tx:
        assert deliveries.apply_parked(tx) == 1
        assert deliveries.apply_parked(tx) == 0
    assert changed(before, standing(rooms, "outbox")) == {ids[4]}


def timed(rooms: Rooms) -> None:
    """Each of the eight has two timers, of which neither is due."""
    move_in(rooms)
    rooms.work()
    rooms.ask("delete from timers")
    rooms.ask(
        "insert into timers (conversation_id, name, due_at, set_at_version)"
        " select id, name, now() + interval '1 hour', 1 from conversations, unnest(array['a', 'b']) name"
    )


def left(rooms: Rooms) -> set[tuple[int, str]]:
    return {(row.conversation_id, row.name) for row in rooms.ask("select conversation_id, name from timers")}


def turn(conversation_id: int, **changes: Any) -> Turn:
    """As much of a turn as the statements need."""
    from core.messages import Event
    from core.session import Desk, Session

    session = Session(conversation_id, Desk("north", "North", "es", "UTC", "menu"))
    event = Event(channel_kind="whatsapp", address="201", external_id="wamid.t", kind="text", id=1)
    return Turn(event, session, session, "told", **changes)


def test_a_timer_is_cancelled_alone(rooms: Rooms) -> None:
    timed(rooms)
    before = left(rooms)
    with rooms.db.transaction() as tx:
        timers.set(tx, [turn(3, timers=(TimerCancelled("a"),))])
    assert before - left(rooms) == {(3, "a")}


def test_due_timers_become_events_of_their_own_conversations(rooms: Rooms) -> None:
    timed(rooms)
    before = left(rooms)
    rooms.ask("update timers set due_at = now() where (conversation_id, name) in ((3, 'a'), (5, 'b'))")
    with rooms.db.transaction() as tx:
        assert timers.fire(tx) == 2
    assert before - left(rooms) == {(3, "a"), (5, "b")}
    rows = rooms.ask(
        "select conversation_id, content ->> 'name' as name from inbox where kind = 'timer' order by conversation_id"
    )
    assert [tuple(row) for row in rows] == [(3, "a"), (5, "b")]


def test_the_timer_that_is_due_for_longest_fires_first(rooms: Rooms) -> None:
    timed(rooms)
    rooms.ask("update timers set due_at = now() - conversation_id * interval '1 minute' where name = 'b'")
    with rooms.db.transaction() as tx:
        for kind in ("indexscan", "bitmapscan"):
            tx._cursor.execute(f"set local enable_{kind} = off")
        timers.fire(tx, size=1)
    assert [row.conversation_id for row in rooms.ask("select conversation_id from inbox where kind = 'timer'")] == [8]


def test_two_janitors_pass_over_each_others_timers(rooms: Rooms) -> None:
    timed(rooms)
    rooms.ask("update timers set due_at = now() where name = 'a'")
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select 1 from timers where conversation_id = 2 and name = 'a' for update")
        with rooms.db.transaction() as other:
            assert timers.fire(other) == 7


def test_only_a_due_timer_of_silence_is_put_off_by_its_own_customer(rooms: Rooms) -> None:
    timed(rooms)
    rooms.ask(
        "update sessions set heard_at = case when conversation_id = 1 then now() else now() - interval '1 day' end"
    )
    rooms.ask("update timers set rest_s = 600 where conversation_id in (1, 2)")
    rooms.ask("update timers set due_at = now() - interval '1 s' where name = 'a'")
    before = {(row.conversation_id, row.name): row.due_at for row in rooms.ask("select * from timers")}
    with rooms.db.transaction() as tx:
        tx.run("timers.postpone")
    after = {(row.conversation_id, row.name): row.due_at for row in rooms.ask("select * from timers")}
    assert {key for key in before if before[key] != after[key]} == {(1, "a")}


def test_the_history_tells_each_step_with_its_own_event_and_answers(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.work()
    for place, name in enumerate(NAMES[:2]):
        say(rooms, place, "menú", number="201", name=name)
    rooms.work()
    rooms.ask("update outbox set text = conversation_id || '/' || event_id")
    rooms.ask("update steps set at = now() - interval '1 day' where conversation_id = 8")
    rooms.ask("update steps set note = '' where conversation_id = 1 and version = 1")
    with rooms.db.transaction() as tx:
        told = steps.flow(tx, conversation_id=None, since_s=3600, after=Place(), size=100)
        ours = steps.flow(tx, conversation_id=2, since_s=3600, after=Place(), size=100)
        rest = steps.flow(tx, conversation_id=None, since_s=3600, after=Place(2, 1), size=100)
        recorded = steps.recorded(tx, since_s=3600)
    walk = [(1, 1), (1, 2), (2, 1), (2, 2), *((n, 1) for n in range(3, 8))]
    assert [(row.conversation_id, row.version) for row in told] == walk
    assert [(row.conversation_id, row.version) for row in ours] == [(2, 1), (2, 2)]
    assert [(row.conversation_id, row.version) for row in rest] == walk[3:]
    assert [(row.conversation_id, row.version) for row in recorded] == walk
    assert [row.said for row in told] == ["hola", "menú", "hola", "menú", *["hola"] * 5]
    events = {(row.conversation_id, row.version): row.event_id for row in recorded}
    for row in told:
        assert set(row.answered.split()) == {f"{row.conversation_id}/{events[row.conversation_id, row.version]}"}
    assert [row.contact_name for row in recorded if row.version == 1] == list(NAMES[:7])
    assert [row.desk_id for row in recorded if row.version == 1] == ["north"] * 4 + ["south"] * 3
    assert [row.text for row in recorded] == [row.said for row in told]


def test_answers_are_told_in_their_order(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.work()
    [step] = rooms.ask("select * from steps where conversation_id = 1")
    rooms.ask("delete from outbox")
    for number, text in ((102, "b"), (103, "c"), (101, "a")):
        rooms.ask(
            "insert into outbox (id, channel_id, conversation_id, event_id, correlation_id, kind, text)"
            " overriding system value select %(n)s, channel_id, id, %(event)s, 'c', 'text', %(text)s"
            " from conversations where id = 1", n=number, text=text, event=step.event_id,
        )  # fmt: skip
    with rooms.db.transaction() as tx:
        [told] = steps.flow(tx, conversation_id=1, since_s=3600, after=Place(), size=9)
        recorded = steps.recorded(tx, since_s=3600)
    assert told.answered == "a b c"
    assert [one["text"] for one in recorded[0].said] == ["a", "b", "c"]


def ticketed(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask(
        "insert into tickets (number, desk_id, conversation_id, event_id, kind, summary)"
        " select 'TKT-' || conv.id, ch.desk_id, conv.id, conv.id, 'refrigerator', 'x'"
        " from conversations conv join channels ch on ch.id = conv.channel_id"
    )


def test_a_ticket_is_changed_by_its_own_conversation_and_alone(rooms: Rooms) -> None:
    ticketed(rooms)
    before = standing(rooms, "tickets", "number")
    ours = TicketChanged("TKT-3", "status", "pending", "resolved", "ana")
    theirs = TicketChanged("TKT-4", "status", "pending", "resolved", "ana")
    with rooms.db.transaction() as tx:
        records.insert(tx, [turn(3, records=(ours, theirs))])
    assert changed(before, standing(rooms, "tickets", "number")) == {"TKT-3"}
    assert [row.ticket for row in rooms.ask("select ticket from ticket_changes")] == ["TKT-3"]


@pytest.mark.parametrize(
    ("state", "settle_at", "given_up"),
    [("parked", "null", True), ("unknown", "null", True), ("unknown", "now()", False), ("sent", "null", False)],
)
def test_only_a_send_that_nobody_waits_for_is_given_up_and_it_alone(
    rooms: Rooms, state: str, settle_at: str, given_up: bool
) -> None:
    ids = replies(rooms)
    rooms.ask(f"update outbox set state = '{state}', settle_at = {settle_at}")
    before = standing(rooms, "outbox")
    with rooms.db.transaction() as tx:
        records.insert(tx, [turn(1, records=(SaidAgain(ids[2]),))])
    assert changed(before, standing(rooms, "outbox")) == ({ids[2]} if given_up else set())
