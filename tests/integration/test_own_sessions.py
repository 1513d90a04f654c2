"""A lease is given once, until its end, in the order of the events; every statement touches its own sessions only."""

from __future__ import annotations

import pytest

from core.store.path import sessions
from tests.integration.crew import Rooms, text
from tests.integration.neighbours import NAMES, PLACES, changed, move_in, standing

OURS, THEIRS = 1, 2


def claim(rooms: Rooms, token: int, size: int = 8) -> list[int]:
    with rooms.db.transaction() as tx:
        return sorted(sessions.claim(tx, token=token, size=size, lease_s=60))


def tokens(rooms: Rooms) -> list[int | None]:
    return [row.lease_token for row in rooms.ask("select lease_token from sessions order by conversation_id")]


def test_a_lease_holds_until_its_end(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    assert len(claim(rooms, OURS)) == 1
    assert claim(rooms, THEIRS) == []
    rooms.ask("update sessions set leased_until = now()")
    assert len(claim(rooms, THEIRS)) == 1


def test_a_worker_passes_over_what_another_is_claiming(rooms: Rooms) -> None:
    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=f"521555000000{n}") for n in (1, 2)))
    with rooms.db.transaction() as tx:
        first = sessions.claim(tx, token=OURS, size=1, lease_s=60)
        others = claim(rooms, THEIRS)
    assert (len(first), len(others)) == (1, 1)
    assert first != others


@pytest.mark.parametrize("off", ["indexscan, bitmapscan", "seqscan, sort"])
def test_the_oldest_event_is_first_whatever_the_plan(rooms: Rooms, off: str) -> None:
    senders = [f"521555000000{n}" for n in range(5)]
    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=sender) for n, sender in enumerate(senders)))
    rooms.work()
    rooms.hear(*(text("menú", wamid=f"wamid.b{n}", sender=sender) for n, sender in enumerate(reversed(senders))))
    rooms.ask("update inbox set text = text where id = (select min(id) from inbox where state = 'waiting')")
    with rooms.db.transaction() as tx:
        for kind in off.split(", "):
            tx._cursor.execute(f"set local enable_{kind} = off")
        [first] = sessions.claim(tx, token=OURS, size=1, lease_s=60)
    [oldest] = rooms.ask("select conversation_id from inbox where state = 'waiting' order by id limit 1")
    assert first == oldest.conversation_id


def test_what_is_done_waits_for_nobody(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    assert claim(rooms, OURS) == []


def test_only_the_head_of_a_line_is_claimed_and_only_what_waits_is_in_it(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.0"))
    rooms.work()
    rooms.hear(*(text("menú", wamid=f"wamid.{n}") for n in range(1, 4)))
    rooms.hear(text("hola", wamid="wamid.9", sender="5215550000002"))
    with rooms.db.transaction() as tx:
        assert len(sessions.claim(tx, token=OURS, size=2, lease_s=60)) == 2


def test_each_event_comes_with_its_own_person_desk_and_number(rooms: Rooms) -> None:
    move_in(rooms)
    claimed = claim(rooms, OURS)
    with rooms.db.transaction() as tx:
        loaded = sessions.load(tx, claimed, token=OURS)
    told = [(each.session.contact_name, each.session.desk.id, each.event.address) for each in loaded if each.event]
    assert told == [(name, desk, number) for name, (desk, number) in zip(NAMES, PLACES, strict=True)]
    assert [each.event.external_id for each in loaded if each.event] == [f"wamid.{name}.hola" for name in NAMES]


def test_only_what_was_asked_for_and_is_ours_is_loaded(rooms: Rooms) -> None:
    move_in(rooms)
    first, second, third, *_ = claim(rooms, OURS)
    rooms.ask("update sessions set lease_token = %(token)s where conversation_id = %(id)s", token=THEIRS, id=second)
    with rooms.db.transaction() as tx:
        loaded = sessions.load(tx, [second, first], token=OURS)
    assert [each.session.conversation_id for each in loaded] == [first]
    assert third not in [each.session.conversation_id for each in loaded]


def test_the_oldest_waiting_event_is_loaded_and_no_other(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.0"))
    rooms.work()
    rooms.hear(*(text("menú", wamid=f"wamid.{n}") for n in range(1, 6)))
    rooms.ask("update inbox set text = text where external_id = 'wamid.1'")
    claimed = claim(rooms, OURS)
    with rooms.db.transaction() as tx:
        tx._cursor.execute("set local enable_indexscan = off")
        tx._cursor.execute("set local enable_bitmapscan = off")
        [loaded] = sessions.load(tx, claimed, token=OURS)
    assert loaded.event and loaded.event.external_id == "wamid.1"


def test_a_borrowed_event_comes_with_its_own_session(rooms: Rooms) -> None:
    move_in(rooms)
    before = standing(rooms, "sessions", "conversation_id")
    [event] = rooms.ask("select id, conversation_id from inbox where external_id = 'wamid.Dora.hola'")
    with rooms.db.transaction() as tx:
        borrowed = sessions.borrow(tx, event.id, token=OURS)
    assert borrowed and borrowed.event
    assert (borrowed.session.contact_name, borrowed.session.desk.id, borrowed.event.address) == ("Dora", "north", "202")
    assert borrowed.event.external_id == "wamid.Dora.hola"
    assert changed(before, standing(rooms, "sessions", "conversation_id")) == {event.conversation_id}


@pytest.mark.parametrize("verb", ["release", "give_back", "forgive"])
def test_a_lease_is_let_go_by_its_holder_and_alone(rooms: Rooms, verb: str) -> None:
    move_in(rooms)
    first, second, *_ = claim(rooms, OURS)
    rooms.ask("update sessions set lease_token = %(token)s where conversation_id = %(id)s", token=THEIRS, id=second)
    before = standing(rooms, "sessions", "conversation_id")
    with rooms.db.transaction() as tx:
        if verb == "release":
            sessions.release(tx, {first: 0.0, second: 0.0}, token=OURS)
        elif verb == "give_back":
            sessions.give_back(tx, [first, second], wait_s=0.0, token=OURS)
        else:
            sessions.forgive(tx, [first, second], token=OURS)
    assert changed(before, standing(rooms, "sessions", "conversation_id")) == {first}


def test_flows_that_nobody_began_are_not_listed(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.0"), text("hola", wamid="wamid.1", sender="5215550000002"))
    with rooms.db.transaction() as tx:
        assert sessions.pinned(tx) == []
    rooms.work()
    rooms.ask("update sessions set flow = 'a' where conversation_id = (select max(conversation_id) from sessions)")
    with rooms.db.transaction() as tx:
        listed = sessions.pinned(tx)
    assert [row[0] for row in listed] == ["a", "menu"]


def test_only_who_holds_a_conversation_lets_its_customer_write_on(rooms: Rooms) -> None:
    move_in(rooms)
    ours, theirs = claim(rooms, OURS, size=4), claim(rooms, THEIRS)
    before = standing(rooms, "sessions", "conversation_id")
    with rooms.db.transaction() as tx:
        sessions.breathe(tx, [sessions.Breath(ours[0], 60.0, 1), sessions.Breath(theirs[0], 60.0, 1)], token=OURS)
    assert changed(before, standing(rooms, "sessions", "conversation_id")) == {ours[0]}


def test_a_breath_ends_when_its_own_customer_has_written_on(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask(
        "update sessions s set leased_until = now() + interval '1 minute',"
        " breath_after = (select max(id) from inbox i where i.conversation_id = s.conversation_id)"
    )
    assert claim(rooms, OURS) == []  # not by what it waited with, nor by what others wrote
    move_in(rooms, says="menú")
    rooms.ask("update inbox set state = 'done' where text = 'menú' and conversation_id <> 3")
    assert claim(rooms, OURS) == [3]


def test_a_suspect_is_left_to_another_worker(rooms: Rooms) -> None:
    """Also when nothing else waits."""
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.ask("update sessions set lease_token = 9, leased_until = now() - interval '1 second'")
    with rooms.db.transaction() as tx:
        assert list(sessions.claim(tx, token=OURS, size=8, lease_s=60, suspects=False)) == []
        assert len(sessions.claim(tx, token=OURS, size=8, lease_s=60)) == 1
