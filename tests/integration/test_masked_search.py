"""What is masked for somebody cannot be asked out of the window letter by letter, and a number that was found was seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store.db import Database
from tests.integration.crew import Rooms, text
from tests.integration.staff import Visitor, signed_in
from tests.integration.test_letters import bury
from tests.integration.test_sign_in import ask
from tests.integration.test_window_tickets import NUMBER, put

FOUND = "/admin/conversations/1"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    made.hear(text("hola", wamid="wamid.1"))
    made.work()
    put(made, NUMBER, summary="la notebook no enciende")
    yield made
    made.close()


def phone(db: Database) -> str:
    [(value,)] = ask(db, "select value from aliases where kind = 'wa_id'")
    return str(value)


def finds(visitor: Visitor, digits: str) -> bool:
    return FOUND in visitor.get(f"/admin/search?q={digits}").text


def seen(db: Database) -> list[tuple[object, ...]]:
    return ask(db, "select who, subject from audit where did = 'saw a phone number' order by id")


def test_who_only_looks_on_finds_the_four_digits_that_are_shown_and_no_longer_ends(rooms: Rooms) -> None:
    viewer, whole = signed_in(rooms.db, "viewer"), phone(rooms.db)
    assert finds(viewer, whole[-4:])
    longer = [finds(viewer, whole[-n:]) for n in range(5, len(whole))]
    assert longer == [False] * len(longer)
    assert seen(rooms.db) == []


def test_a_number_typed_in_full_is_found_and_audited_as_seen(rooms: Rooms) -> None:
    viewer, whole = signed_in(rooms.db, "viewer"), phone(rooms.db)
    assert not finds(viewer, f"1{whole}")
    assert finds(viewer, f"%2B{whole}")
    assert seen(rooms.db) == [("viewer@turno.example", "conversation:1")]


def test_who_works_with_customers_finds_any_end_and_the_audit_knows(rooms: Rooms) -> None:
    operator, whole = signed_in(rooms.db, "operator"), phone(rooms.db)
    assert finds(operator, whole[-4:]) and seen(rooms.db) == []
    assert finds(operator, whole[-7:])
    assert seen(rooms.db) == [("operator@turno.example", "conversation:1")]


@pytest.mark.parametrize(("role", "ends"), [("viewer", [True, False, False]), ("operator", [True, True, True])])
def test_dead_letters_are_not_searched_by_what_is_masked(rooms: Rooms, role: str, ends: list[bool]) -> None:
    visitor, id = signed_in(rooms.db, role), bury(rooms)
    [(whole,)] = ask(
        rooms.db, "select a.value from inbox i join conversations c on c.id = i.conversation_id"
        " join aliases a on a.contact_id = c.contact_id and a.kind = 'wa_id' where i.id = %s", id,
    )  # fmt: skip
    pages = [visitor.get(f"/admin/letters?phone={str(whole)[-n:]}").text for n in (4, 5, 8)]
    assert [f'href="/admin/letters/{id}"' in page for page in pages] == ends
    assert len(seen(rooms.db)) == ends[1:].count(True)


def test_who_reads_no_words_finds_tickets_by_number_alone(rooms: Rooms) -> None:
    viewer, operator = signed_in(rooms.db, "viewer"), signed_in(rooms.db, "operator")
    page = f'href="/admin/tickets/{NUMBER}"'
    assert page in operator.get("/admin/tickets?q=notebook").text
    assert page not in viewer.get("/admin/tickets?q=notebook").text
    assert page in viewer.get(f"/admin/tickets?q={NUMBER[:7].lower()}").text


def test_one_person_searches_so_often_and_no_more(rooms: Rooms) -> None:
    viewer, other = signed_in(rooms.db, "viewer", searches_per_hour=3), signed_in(rooms.db, "operator")
    paths = ("/admin/search?q=ana", "/admin/tickets?q=ana", "/admin/letters?says=ana", "/admin/search?q=eva")
    assert [viewer.get(path).status_code for path in paths] == [200, 200, 200, 429]
    assert viewer.get("/admin/search").status_code == viewer.get("/admin/tickets").status_code == 200
    assert other.get("/admin/search?q=ana").status_code == 200
