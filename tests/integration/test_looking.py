"""What staff look things up by: the lists, one conversation, search, and what became of a ticket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store.db import Database
from core.store.staff import conversations, search, tickets
from core.store.staff.conversations import Below, Wanted
from tests.integration.crew import Rooms, press, text

WINDOW_S = 86_400.0
EVERYBODY = ("5215550000001", "5215550000002", "5215550000003")


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """Three customers, one after the other; the last one asks for a person."""
    made = Rooms(db)
    for n, (sender, says) in enumerate(zip(EVERYBODY, ("hola", "refrigerador", "buenas"), strict=True)):
        made.hear(text(says, wamid=f"wamid.{n}", sender=sender))
        made.work()
    made.hear(text("quiero hablar con una persona", wamid="wamid.person", sender=EVERYBODY[2]))
    made.work()
    yield made
    made.close()


def listed(rooms: Rooms, wanted: Wanted = Wanted(), *, desks: list[str] | None = None, **how: int) -> list[int]:
    """Every page of the list, one after the other."""
    found, below = [], None
    while True:
        with rooms.db.transaction() as tx:
            page = conversations.page(tx, wanted, desks=desks, below=below, windows={"whatsapp": WINDOW_S}, **how)
        found += [row.id for row in page.rows]
        below = page.next
        if below is None:
            return found


@pytest.mark.parametrize("how", [{}, {"most": 1}, {"most": 2}, {"walk": 1}, {"walk": 2, "most": 1}])
def test_every_conversation_is_listed_once_the_latest_first_however_small_the_pages(
    rooms: Rooms, how: dict[str, int]
) -> None:
    assert listed(rooms, **how) == [3, 2, 1]


def test_pages_hold_together_over_many_steps_of_ten_minutes(rooms: Rooms) -> None:
    rooms.ask("update sessions set updated_at = now() - conversation_id * interval '7 minutes'")
    rooms.ask("update sessions set active_at = date_bin('10 minutes', updated_at, '1970-01-01 00:00:00+00')")
    assert listed(rooms, most=1) == listed(rooms, walk=1) == [1, 2, 3]


def test_a_turn_keeps_the_step_of_its_time(rooms: Rooms) -> None:
    rooms.ask("update sessions set active_at = '-infinity'")
    rooms.hear(text("hola", wamid="wamid.9", sender=EVERYBODY[0]))
    rooms.work()
    rows = rooms.ask(
        "select active_at = date_bin('10 minutes', updated_at, '1970-01-01 00:00:00+00') as kept from sessions"
        " order by conversation_id"
    )
    assert [row.kept for row in rows] == [True, False, False]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(desk="field-service"), [3, 2, 1]),
        (Wanted(desk="another"), []),
        (Wanted(flow="refrigerator"), [2]),
        (Wanted(state="waiting"), [1]),
        (Wanted(state="rested"), [3]),
        (Wanted(held=True), []),
        (Wanted(held=False, flow="menu"), [3, 1]),
        (Wanted(person_wanted=True), [3]),
        (Wanted(closing_s=3600.0), []),
        (Wanted(waiting_s=0.0), []),
    ],
)
def test_the_list_is_filtered(rooms: Rooms, wanted: Wanted, found: list[int]) -> None:
    assert listed(rooms, wanted) == found


def test_who_was_heard_long_ago_is_among_those_whose_window_closes(rooms: Rooms) -> None:
    rooms.ask("update sessions set heard_at = now() - interval '23 hours' where conversation_id = 2")
    rooms.ask("update sessions set heard_at = now() - interval '25 hours' where conversation_id = 1")
    assert listed(rooms, Wanted(closing_s=7200.0)) == [2]


def test_who_spoke_last_and_got_no_answer_waits(rooms: Rooms) -> None:
    rooms.hear(text("¿sigues ahí?", wamid="wamid.9", sender=EVERYBODY[0]))
    assert listed(rooms, Wanted(waiting_s=0.0)) == [1]
    assert listed(rooms, Wanted(waiting_s=60.0)) == []


def test_nobody_sees_what_is_none_of_their_desk(rooms: Rooms) -> None:
    with rooms.db.transaction() as tx:
        assert conversations.find(tx, 1, desks=["field-service"]) is not None
        assert conversations.find(tx, 1, desks=["another"]) is None
        assert search.by_phone(tx, "0001", desks=["another"]) == []
        assert search.by_name(tx, "rosa", desks=["another"]) == []
        assert search.received(tx, "hola", desks=["another"], below=None).rows == []
    assert listed(rooms, desks=["another"]) == []
    assert listed(rooms, desks=[]) == []


def test_a_transcript_is_read_back_from_anywhere_with_the_event_in_it(rooms: Rooms) -> None:
    for n in range(8):
        rooms.hear(text(f"frase {n}", wamid=f"wamid.1{n}", sender=EVERYBODY[0]))
        rooms.work()
    [event] = rooms.ask("select id from inbox where external_id = 'wamid.13'")
    with rooms.db.transaction() as tx:
        below = conversations.around(tx, 1, event.id, after=3)
        heard = conversations.received(tx, 1, below=below.heard, most=4)
        steps = conversations.steps(tx, 1, below=below.step, most=4)
        said = conversations.said(tx, 1, below=below.said, most=4)
        last = conversations.around(tx, 1, event.id, after=30)
    assert event.id in [row.id for row in heard]
    assert event.id in [row.event_id for row in steps]
    assert event.id in [row.event_id for row in said]
    assert last == Below(), "there is nothing after it"


@pytest.mark.parametrize("digits", ["0002", "00002", "5215550000002"])
def test_a_customer_is_found_by_the_last_digits(rooms: Rooms, digits: str) -> None:
    with rooms.db.transaction() as tx:
        assert [row.id for row in search.by_phone(tx, digits, desks=None)] == [2]
        assert search.by_phone(tx, "002", desks=None) == [], "too few digits find too many"


@pytest.mark.parametrize("wanted", ["jose", "JOSÉ", "garcía jo", "Garcia"])
def test_a_customer_is_found_by_the_beginnings_of_the_name_without_accents(rooms: Rooms, wanted: str) -> None:
    rooms.ask("update contacts set name = 'José García <b>' where id = 2")
    with rooms.db.transaction() as tx:
        assert [row.id for row in search.by_name(tx, wanted, desks=None)] == [2]


@pytest.mark.parametrize("wanted", ["", "&", "' | !", "a:* & ("])
def test_no_sign_of_the_query_language_breaks_a_search_by_name(rooms: Rooms, wanted: str) -> None:
    with rooms.db.transaction() as tx:
        assert search.by_name(tx, wanted, desks=None) == []


def test_what_was_said_is_found_piece_by_piece_down_to_the_first(rooms: Rooms) -> None:
    rooms.hear(text("El AVERÍADO 100% de _siempre_", wamid="wamid.9", sender=EVERYBODY[1]))
    rooms.work()
    with rooms.db.transaction() as tx:
        [found] = search.received(tx, "averiado 100%", desks=None, below=None).rows
        first = search.received(tx, "HOLA", desks=None, below=None, piece=2)
        second = search.received(tx, "HOLA", desks=None, below=first.next, piece=2)
        third = search.received(tx, "HOLA", desks=None, below=second.next, piece=2)
        ours = search.sent(tx, "¿qué", desks=None, below=None)
    assert found.conversation_id == 2
    assert [[row.conversation_id for row in piece.rows] for piece in (first, second, third)] == [[], [], [1]]
    assert third.next is None
    assert ours.rows


@pytest.fixture
def ticket(rooms: Rooms) -> str:
    """A report of the second customer."""
    for n, says in enumerate(
        (
            text("4045101", wamid="w1", sender=EVERYBODY[1]),
            None,
            text("no enfría nada", wamid="w3", sender=EVERYBODY[1]),
        )
    ):
        rooms.hear(says or press(_yes(rooms), wamid=f"w{n + 1}", sender=EVERYBODY[1]))
        rooms.work()
    return str(rooms.ask("select number from tickets")[0].number)


def _yes(rooms: Rooms) -> str:
    [row] = rooms.ask("select content from outbox where kind = 'buttons' order by id desc limit 1")
    return str(row.content["options"][0]["id"])


def test_a_ticket_is_found_by_how_its_number_begins(rooms: Rooms, ticket: str) -> None:
    with rooms.db.transaction() as tx:
        for wanted in (ticket, ticket.lower(), ticket[:8], ticket.removeprefix("TKT-")):
            assert [row.number for row in search.by_number(tx, wanted, desks=None)] == [ticket]
        assert search.by_number(tx, ticket, desks=["another"]) == []
        assert search.by_number(tx, "%' --", desks=None) == []


def test_a_change_of_a_ticket_is_refused_when_somebody_was_faster(rooms: Rooms, ticket: str) -> None:
    with rooms.db.transaction() as tx:
        found = tickets.find(tx, ticket)
        assert found is not None
        tickets.ask_status(tx, found, "in_progress", by="ana", expected="pending")
        tickets.ask_status(tx, found, "cancelled", by="luis", expected="pending")
        tickets.ask_assignee(tx, found, "ana", by="ana", expected="")
        tickets.ask_assignee(tx, found, "luis", by="luis", expected="")
        asked = [(one.by, one.after, one.is_status, one.state) for one in tickets.asked(tx, found)]
    assert asked == [
        ("ana", "in_progress", True, "waiting"),
        ("luis", "cancelled", True, "waiting"),
        ("ana", "ana", False, "waiting"),
        ("luis", "luis", False, "waiting"),
    ]
    rooms.work()
    with rooms.db.transaction() as tx:
        found, history = tickets.find(tx, ticket), tickets.history(tx, ticket)
        assert found is not None
        assert tickets.asked(tx, found) == []
    assert (found.status, found.assignee) == ("in_progress", "ana")
    assert [(h.by, h.what, h.before, h.after) for h in history] == [
        ("ana", "status", "pending", "in_progress"),
        ("ana", "assignee", "", "ana"),
    ]


def test_tickets_are_listed_page_by_page(rooms: Rooms, ticket: str) -> None:
    rooms.ask(
        "insert into tickets (number, desk_id, event_id, kind, summary, created_at) select 'TKT-' || n, 'field-service',"
        " -n, 'vehicle', 'avería', now() - n * interval '1 day' from generate_series(1, 5) n"
    )
    found, below = [], None
    for _ in range(3):
        with rooms.db.transaction() as tx:
            page = tickets.page(tx, tickets.Wanted(), desks=None, below=below, most=2)
        found += [row.number for row in page.rows]
        below = page.next
    assert found == [ticket, "TKT-1", "TKT-2", "TKT-3", "TKT-4", "TKT-5"]
    assert below is None
    with rooms.db.transaction() as tx:
        few = tickets.page(tx, tickets.Wanted(words="%averia%", since_s=3 * 86400 - 60), desks=None, below=None)
    assert [row.number for row in few.rows] == ["TKT-1", "TKT-2"]
