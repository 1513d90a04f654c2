"""A record of a turn changes what is its own: its person, its ticket, its errand; and several keep their order."""

from __future__ import annotations

from dataclasses import replace

from core.store.path import records
from core.turn import ErrandWanted, OptOutSet, TicketAdded, TicketChanged, Turn
from tests.integration.crew import Rooms
from tests.integration.neighbours import changed, move_in, standing
from tests.integration.test_own_history import ticketed, turn


def opting_out(conversation_id: int, event_id: int, *, out: bool) -> Turn:
    told = turn(conversation_id, records=(OptOutSet(out),))
    return replace(told, event=replace(told.event, id=event_id))


def insert(rooms: Rooms, *turns: Turn) -> None:
    with rooms.db.transaction() as tx:
        records.insert(tx, list(turns))


def test_an_opt_out_is_of_its_own_person_and_the_later_event_counts(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask("update conversations set contact_id = (select contact_id from conversations where id = 1) where id = 3")
    rooms.ask(
        "update contacts set opted_out_at = 'yesterday' where id = (select contact_id from conversations where id = 7)"
    )
    before = standing(rooms, "contacts")
    insert(rooms, opting_out(1, 5, out=True), opting_out(3, 9, out=False), opting_out(5, 7, out=True))
    [theirs] = rooms.ask("select contact_id from conversations where id = 5")
    assert changed(before, standing(rooms, "contacts")) == {theirs.contact_id}


def test_a_ticket_is_changed_and_no_other_of_the_same_conversation(rooms: Rooms) -> None:
    ticketed(rooms)
    rooms.ask("update tickets set conversation_id = 3 where number = 'TKT-4'")
    before = standing(rooms, "tickets", "number")
    insert(rooms, turn(3, records=(TicketChanged("TKT-3", "status", "pending", "resolved", "ana"),)))
    assert changed(before, standing(rooms, "tickets", "number")) == {"TKT-3"}


def test_what_is_added_goes_to_its_own_ticket_in_the_order_of_the_turns(rooms: Rooms) -> None:
    ticketed(rooms)
    rooms.ask("update tickets set conversation_id = 3 where number = 'TKT-4'")
    before = standing(rooms, "tickets", "number")
    lines = [(3, "TKT-3"), (5, "TKT-5"), (3, "TKT-6")] * 15  # the last one is not of this conversation
    turns = [turn(id, records=(TicketAdded(number, f"{n:02}"),)) for n, (id, number) in enumerate(lines)]
    with rooms.db.transaction() as tx:
        tx._cursor.execute("set local enable_hashagg = off")
        records.insert(tx, turns)
    assert changed(before, standing(rooms, "tickets", "number")) == {"TKT-3", "TKT-5"}
    [ours] = rooms.ask("select summary, content -> 'added' as added from tickets where number = 'TKT-3'")
    told = [f"{n:02}" for n in range(0, 45, 3)]
    assert ours.summary.split(" · ")[1:] == told
    assert [each["text"] for each in ours.added] == told


def test_an_errand_that_waits_is_wanted_once(rooms: Rooms) -> None:
    move_in(rooms)
    wanted = turn(1, records=(ErrandWanted("map", "route", "k", {}, 60.0),))
    insert(rooms, wanted)
    before = standing(rooms, "errands")
    insert(rooms, wanted)
    assert changed(before, standing(rooms, "errands")) == set()
    rooms.ask("update errands set state = 'failed'")
    insert(rooms, wanted)
    assert [(row.state, row.wanted) for row in rooms.ask("select state, wanted from errands")] == [("waiting", 2)]
