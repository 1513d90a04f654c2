"""An event is accepted with its own person and number, finished once, and put back alone."""

from __future__ import annotations

from core.messages import Event
from core.store.path import inbox
from core.wire import whatsapp
from tests.integration.crew import Rooms, post, text
from tests.integration.neighbours import NAMES, PLACES, changed, move_in, standing


def id_of(rooms: Rooms, external_id: str) -> int:
    return int(rooms.ask("select id from inbox where external_id = %(it)s", it=external_id)[0].id)


def test_events_are_numbered_as_they_came_and_inserted_by_their_ids(rooms: Rooms) -> None:
    """The number is the order of their effect; the insertion's order keeps two groups from waiting for each other."""
    senders = [f"521555000000{n}" for n in range(4)]
    rooms.hear(*(text("hola", wamid=f"wamid.a{n}", sender=sender) for n, sender in enumerate(senders)))
    rooms.ask("delete from inbox")
    came = ["wamid.z", "wamid.c", "wamid.x", "wamid.b"]
    rooms.hear(
        *(text("hola", wamid=wamid, sender=sender) for wamid, sender in zip(came, reversed(senders), strict=True))
    )
    assert [row.external_id for row in rooms.ask("select external_id from inbox order by id")] == came
    assert [row.external_id for row in rooms.ask("select external_id from inbox order by ctid")] == sorted(came)


def test_the_order_in_which_events_came_holds_whatever_the_plan(rooms: Rooms) -> None:
    senders = [f"521555000000{n}" for n in range(6)]
    rooms.hear(*(text("hola", wamid=f"wamid.a{n}", sender=sender) for n, sender in enumerate(senders)))
    rooms.ask("delete from inbox")
    rooms.ask("alter database {} set enable_hashjoin = off".format(rooms.ask("select current_database() as it")[0].it))
    rooms.ask("alter database {} set enable_nestloop = off".format(rooms.ask("select current_database() as it")[0].it))
    rooms.db.close()  # the next connections plan like this
    came = [f"wamid.b{n}" for n in range(6)]
    rooms.hear(
        *(text("hola", wamid=wamid, sender=sender) for wamid, sender in zip(came, reversed(senders), strict=True))
    )
    assert [row.external_id for row in rooms.ask("select external_id from inbox order by id")] == came


def test_each_event_finds_its_number_by_kind_and_address_and_its_person_by_the_whole_name(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask("insert into channels (kind, address) select 'other', address from channels")
    rooms.ask(  # the same words name somebody else, by another kind of name and in another portfolio
        "insert into aliases (scope, kind, value, contact_id) select scope, 'email', value, 1 from aliases"
        " union all select 'elsewhere', kind, value, 1 from aliases"
    )
    rooms.ask("insert into conversations (channel_id, contact_id) select id, 1 from channels on conflict do nothing")
    move_in(rooms, says="menú")
    rows = rooms.ask(
        "select c.name, ch.kind, ch.address from inbox i join channels ch on ch.id = i.channel_id"
        " join conversations v on v.id = i.conversation_id and v.channel_id = ch.id join contacts c on c.id = v.contact_id"
        " where i.text = 'menú' order by i.id"
    )
    assert [(row.name, row.address) for row in rows] == [(n, p[1]) for n, p in zip(NAMES, PLACES, strict=True)]
    assert {row.kind for row in rows} == {"whatsapp"}


def of_a_known_and_of_a_stranger(rooms: Rooms) -> list[Event]:
    """A second event of somebody who has written, and the first of somebody who has not."""
    rooms.hear(text("hola", wamid="wamid.1", sender="5215550000001"))
    lines = [text("otra", wamid=f"wamid.{n}", sender=f"521555000000{n - 1}") for n in (2, 3)]
    return list(whatsapp.parse(post(lines)).events)


def test_one_stranger_leaves_out_all_where_all_must_be_known(rooms: Rooms) -> None:
    events = of_a_known_and_of_a_stranger(rooms)
    assert inbox.accept_known(rooms.db, events) == []
    assert [row.external_id for row in rooms.ask("select external_id from inbox")] == ["wamid.1"]
    assert [one.external_id for one in inbox.accept_known(rooms.db, events[:1])] == ["wamid.2"]


def test_nothing_is_accepted_of_a_stranger_who_is_not_met(rooms: Rooms) -> None:
    """Whoever calls may be wrong about who is known."""
    events = of_a_known_and_of_a_stranger(rooms)
    with rooms.db.transaction() as tx:
        assert len(inbox.accept(tx, events, strangers=[])) == 2
    rows = rooms.ask("select conversation_id from inbox order by id")
    assert len({row.conversation_id for row in rows} - {None}) == 2
    assert all(row.conversation_id for row in rows)


def test_an_event_that_is_not_waiting_is_neither_finished_nor_noted(rooms: Rooms) -> None:
    rooms.hear(*(text("hola", wamid=f"wamid.{n}", sender=f"521555000000{n}") for n in range(3)))
    waiting, done, buried = (id_of(rooms, f"wamid.{n}") for n in range(3))
    rooms.ask("update inbox set state = 'done' where id = %(id)s", id=done)
    rooms.ask("update inbox set state = 'buried' where id = %(id)s", id=buried)
    before = standing(rooms, "inbox")
    with rooms.db.transaction() as tx:
        inbox.note_failure(tx, [(id, 7, "again") for id in (done, buried)])
        assert inbox.finish(tx, [(id, 7, None) for id in (done, buried)]) == 0
    assert standing(rooms, "inbox") == before
    with rooms.db.transaction() as tx:
        assert inbox.finish(tx, [(waiting, 1, None)]) == 1
    assert changed(before, standing(rooms, "inbox")) == {waiting}


def test_a_failure_is_noted_of_its_own_event(rooms: Rooms) -> None:
    move_in(rooms)
    before, failed = standing(rooms, "inbox"), id_of(rooms, "wamid.Beto.hola")
    with rooms.db.transaction() as tx:
        inbox.note_failure(tx, [(failed, 1, "a bug")])
    assert changed(before, standing(rooms, "inbox")) == {failed}


def test_one_dead_letter_goes_back_to_the_line_where_somebody_answers(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask("update inbox set state = 'buried'")
    replayed, nowhere, unanswered = (id_of(rooms, f"wamid.{name}.hola") for name in ("Ana", "Beto", "Carla"))
    rooms.ask("update inbox set conversation_id = null where id = %(id)s", id=nowhere)
    rooms.ask("update channels set desk_id = null where address = '202'")
    before = standing(rooms, "inbox")
    with rooms.db.transaction() as tx:
        assert [inbox.replay(tx, id) for id in (nowhere, unanswered)] == [False, False]
        assert inbox.replay(tx, replayed)
    assert changed(before, standing(rooms, "inbox")) == {replayed}


def test_dead_letters_are_counted_and_listed_until_somebody_puts_them_aside(rooms: Rooms) -> None:
    move_in(rooms)
    rooms.ask("update inbox set state = 'done' where id <= 2; update inbox set state = 'buried' where id > 4")
    rooms.ask("update inbox set discarded_at = now() where id = 8; update inbox set text = text where id = 5")
    with rooms.db.transaction() as tx:
        figures, listed = inbox.figures(tx), inbox.buried(tx)
    assert (figures.waiting, figures.buried) == (2, 3)
    assert [row.id for row in listed] == [7, 6, 5]


def test_an_event_of_our_own_goes_to_its_conversation(rooms: Rooms) -> None:
    move_in(rooms)
    [eva] = rooms.ask("select conversation_id as id from inbox where external_id = 'wamid.Eva.hola'")
    with rooms.db.transaction() as tx:
        assert inbox.add_own(tx, eva.id, "agent:1", "agent", {"action": "release"})
    rows = rooms.ask("select conversation_id from inbox where kind = 'agent'")
    assert [row.conversation_id for row in rows] == [eva.id]
