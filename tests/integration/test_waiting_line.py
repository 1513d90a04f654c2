"""The line of those who wait for a person, as staff meet it: on every page, in the list, on the board."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from core.store.db import Database
from core.store.staff import waiting
from tests.integration.crew import Rooms, text
from tests.integration.staff import Visitor, signed_in

FIRST, SECOND, THIRD = "5215550000001", "5215550000002", "5215550000003"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """Three customers; the second and then the first ask for a person."""
    made = Rooms(db)
    for n, sender in enumerate((FIRST, SECOND, THIRD)):
        made.hear(text("refrigerador", wamid=f"wamid.{n}", sender=sender))
        made.work()
    for n, sender in enumerate((SECOND, FIRST)):
        made.clock.forward(60)
        made.hear(text("quiero hablar con una persona", wamid=f"wamid.p{n}", sender=sender))
        made.work()
    yield made
    made.close()


@pytest.fixture
def ana(rooms: Rooms) -> Visitor:
    return signed_in(rooms.db, "operator", email="ana@turno.example")


def act(rooms: Rooms, who: Visitor, action: str, conversation: int, **fields: str) -> None:
    page = f"/admin/conversations/{conversation}"
    who.post(f"{page}/{action}", on=page, **fields)
    rooms.work()


def line(who: Visitor) -> list[int]:
    ids: list[int] = who.get("/admin/waiting").json["ids"]  # type: ignore[index]
    return ids


@pytest.mark.parametrize(
    "path", ["/conversations", "/search", "/tickets", "/boards/now", "/account", "/conversations/3"]
)
def test_every_page_counts_who_waits_in_its_title_and_in_the_navigation(ana: Visitor, path: str) -> None:
    page = ana.get(f"/admin{path}").text
    assert re.search(r"<title>\(2\) ", page)
    assert 'data-waiting="2,1"' in page
    assert re.search(r'Conversations <span class="waits" data-waits><b>2</b>', page)


def test_the_longest_wait_stands_on_top_of_the_list_and_nobody_stands_there_twice(ana: Visitor) -> None:
    page = ana.get("/admin/conversations").text
    assert re.findall(r'href="/admin/conversations/(\d+)"', page) == ["2", "1", "3"]
    assert "Wait for a person" in page
    found = ana.get("/admin/conversations?need=person").text
    assert re.findall(r'href="/admin/conversations/(\d+)"', found) == ["2", "1"]
    assert "Wait for a person" not in ana.get("/admin/conversations?flow=refrigerator").text


def test_a_takeover_leaves_the_line_and_comes_back_to_its_place_when_nobody_answered(
    rooms: Rooms, ana: Visitor
) -> None:
    act(rooms, ana, "take_over", 2)
    assert line(ana) == [1]
    act(rooms, ana, "release", 2, state="")
    assert line(ana) == [2, 1]
    act(rooms, ana, "take_over", 2)
    act(rooms, ana, "answer", 2, text="Hola")
    act(rooms, ana, "release", 2, state="")
    assert line(ana) == [1]
    act(rooms, ana, "close", 1)
    assert line(ana) == []
    page = ana.get("/admin/conversations").text
    assert "<title>Conversations" in page and "Wait for a person" not in page


def test_staff_of_other_desks_see_none_of_it(rooms: Rooms) -> None:
    other = signed_in(rooms.db, "operator", email="hotel@turno.example", desks=["hotel"])
    assert line(other) == []
    page = other.get("/admin/conversations").text
    assert "<title>Conversations" in page and "Wait for a person" not in page
    own = signed_in(rooms.db, "viewer", email="own@turno.example", desks=["field-service"])
    assert line(own) == [2, 1]


def test_who_is_signed_out_is_told_by_a_status_and_asking_keeps_no_session_alive(rooms: Rooms, ana: Visitor) -> None:
    quiet = {"X-Turno-Quiet": "1"}
    rooms.ask("update staff_sessions set seen_at = now() - interval '10 minutes'")
    assert ana.client.get("/admin/waiting", headers=quiet).status_code == 200
    assert rooms.ask("select seen_at < now() - interval '9 minutes' as old from staff_sessions")[0].old
    rooms.ask("delete from staff_sessions")
    assert ana.client.get("/admin/waiting", headers=quiet).status_code == 286


def test_the_board_shows_who_waits_and_who_holds_them(rooms: Rooms, ana: Visitor) -> None:
    act(rooms, ana, "take_over", 2)
    piece = ana.get("/admin/panels/now/waits-for-a-person/piece").text
    assert re.findall(r'href="/admin/conversations/(\d+)"', piece) == ["2", "1"]
    assert "ana@turno.example" in piece
    assert SECOND not in piece and FIRST not in piece


def test_the_line_is_read_from_its_own_small_index(rooms: Rooms) -> None:
    rooms.ask("insert into channels (kind, address, desk_id) values ('web', 'many', 'field-service')")
    rooms.ask(
        "with people as (insert into contacts (name) select 'x' from generate_series(1, 3000) returning id),"
        " talks as (insert into conversations (channel_id, contact_id)"
        " select (select id from channels where address = 'many'), id from people returning id)"
        " insert into sessions (conversation_id) select id from talks"
    )
    rooms.ask("analyze sessions, conversations, channels")
    with rooms.db.transaction() as tx:
        plan = "\n".join(
            str(row)
            for row in tx._cursor.execute(
                "explain select conversation_id from sessions where person_wanted is not null and agent is null"
                " order by person_wanted, conversation_id limit 200"
            ).fetchall()
        )
    assert "sessions_person_wanted" in plan and "Seq Scan on sessions" not in plan, plan
    assert waiting.line(rooms.db, desks=None) == [2, 1]
