"""Tickets through the window: found, assigned, changed, refused when somebody was faster, and taken along as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from core.store.db import Database
from core.store.staff import tickets
from tests.integration.crew import Rooms, text
from tests.integration.staff import Visitor, signed_in

NUMBER = "TKT-1A2B3C4D"
PAGE = f"/admin/tickets/{NUMBER}"
CONTENT = (
    '{"equipment": {"model": "VR-16"}, "given": {"problem": {"value": "no enfría", "confidence": 90, "source": "typed"},'
    ' "location": {"value": {"latitude": 25.6514, "longitude": -100.2895}, "confidence": 95, "source": "pin"}}}'
)


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """A customer with one ticket."""
    made = Rooms(db)
    made.hear(text("hola", wamid="wamid.1"))
    made.work()
    put(made, NUMBER, summary="no enfría")
    yield made
    made.close()


def put(rooms: Rooms, number: str, *, summary: str, content: str = CONTENT, desk: str = "field-service") -> None:
    rooms.ask(
        "insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content)"
        " values (%(number)s, %(desk)s, 1, (select 1 + count(*) from tickets), 'refrigerator', %(summary)s,"
        " %(content)s::jsonb)",
        number=number, summary=summary, content=content, desk=desk,
    )  # fmt: skip


@pytest.fixture
def ana(rooms: Rooms) -> Visitor:
    return signed_in(rooms.db, "operator", email="ana@turno.example")


def lines(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def ticket(rooms: Rooms) -> tuple[str, str | None]:
    with rooms.db.transaction() as tx:
        found = tickets.find(tx, NUMBER)
    assert found is not None
    return found.status, found.assignee


def test_the_page_tells_what_the_ticket_is_about_and_where(ana: Visitor) -> None:
    page = ana.get(PAGE)
    for part in (NUMBER, "pending", "no enfría", "VR-16", "••••••0001", "25.65140, -100.28950"):
        assert part in lines(page)
    assert 'href="geo:25.6514,-100.2895"' in page.text
    assert 'href="https://www.openstreetmap.org/?mlat=25.6514&amp;mlon=-100.2895' in page.text


def test_a_resolved_ticket_is_told_to_its_customer_and_will_be_asked_about(rooms: Rooms, ana: Visitor) -> None:
    asked = ana.post(f"{PAGE}/status", on=PAGE, status="resolved", expected="pending", note="Cambiamos el motor")
    assert "Waiting for the worker…" in lines(asked) and "wants it resolved waiting" in lines(asked)
    here = re.search(r'hx-get="([^"]+)"', asked.text)
    assert here and "HX-Refresh" not in ana.get(here[1]).headers
    assert ticket(rooms)[0] == "pending"
    rooms.work()
    assert ana.get(here[1]).headers["HX-Refresh"] == "true"
    told = lines(ana.get(asked.request.full_path))
    assert f"{NUMBER} is resolved now. The customer is told." in told and "Waiting for" not in told
    assert any("Cambiamos el motor" in said and NUMBER in said for said in rooms.said())
    assert [row.name for row in rooms.ask("select name from timers where name like 'survey%%'")] == [f"survey:{NUMBER}"]
    assert "pending → resolved" in lines(ana.get(PAGE))
    [noted] = rooms.ask("select subject from audit where did = 'made a ticket resolved'")
    assert noted.subject.startswith(f"ticket:{NUMBER} event:")


def test_a_form_that_shows_an_old_status_is_refused_and_says_so(rooms: Rooms, ana: Visitor) -> None:
    luis = signed_in(rooms.db, "operator", email="luis@turno.example")
    for who in (ana, luis):
        who.get(PAGE)
    ana.post(f"{PAGE}/status", status="in_progress", expected="pending")
    late = luis.post(f"{PAGE}/status", status="cancelled", expected="pending")
    rooms.work()
    told = lines(luis.get(late.request.full_path))
    assert "Refused: somebody was faster, and it is no longer what your page showed. Nothing was changed." in told
    assert ticket(rooms)[0] == "in_progress"
    assert len([said for said in rooms.said() if NUMBER in said]) == 1


def test_a_form_that_is_sent_twice_changes_it_once(rooms: Rooms, ana: Visitor) -> None:
    for _ in range(2):
        asked = ana.post(f"{PAGE}/status", on=PAGE, once="a" * 32, status="resolved", expected="pending")
        rooms.work()
    assert f"{NUMBER} is resolved now." in lines(ana.get(asked.request.full_path))
    assert rooms.ask("select count(*) from inbox where kind = 'ticket'")[0].count == 1


def test_what_could_not_be_done_with_a_ticket_stays_in_sight(rooms: Rooms, ana: Visitor) -> None:
    ana.post(f"{PAGE}/status", on=PAGE, status="resolved", expected="pending")
    [row] = rooms.ask("update inbox set state = 'buried', error = 'Broken: …' where kind = 'ticket' returning id")
    page = ana.get(f"{PAGE}?event={row.id}")
    assert "It failed, and is a dead letter now" in lines(page)
    assert "wants it resolved failed: a dead letter" in lines(page)
    assert f'href="/admin/letters/{row.id}"' in page.text
    assert ana.get(f"{PAGE}/outcome?event={row.id}").headers["HX-Refresh"] == "true"
    assert ana.get(f"{PAGE}/outcome?event=1").status_code == 404
    rooms.ask("update inbox set discarded_at = now() where id = %(id)s", id=row.id)
    assert "dead letter" not in lines(ana.get(PAGE))


def test_a_ticket_whose_customer_was_erased_is_only_looked_at(rooms: Rooms, ana: Visitor) -> None:
    ana.get(PAGE)
    rooms.ask("update tickets set conversation_id = null")
    told = lines(ana.post(f"{PAGE}/status", status="resolved", expected="pending"))
    assert "The customer was erased: the ticket stays as it is." in told
    assert "New status" not in lines(ana.get(PAGE))
    assert ticket(rooms)[0] == "pending"


def test_a_ticket_is_given_to_somebody_and_not_taken_from_them_by_an_old_form(rooms: Rooms, ana: Visitor) -> None:
    signed_in(rooms.db, "viewer", email="vera@turno.example")
    given = ana.post(f"{PAGE}/assignee", on=PAGE, assignee="ana@turno.example", expected="")
    late = ana.post(f"{PAGE}/assignee", on=PAGE, assignee="", expected="luis@turno.example")
    rooms.work()
    assert f"Operator looks after {NUMBER} now." in lines(ana.get(given.request.full_path))
    assert "somebody was faster" in lines(ana.get(late.request.full_path))
    assert "not here" in lines(ana.post(f"{PAGE}/assignee", on=PAGE, assignee="vera@turno.example", expected=""))
    assert ticket(rooms)[1] == "ana@turno.example"
    assert NUMBER in ana.get("/admin/tickets?assignee=me").text
    assert NUMBER not in ana.get("/admin/tickets?assignee=nobody").text


@pytest.mark.parametrize("what", ["status", "assignee"])
def test_who_only_looks_on_changes_nothing_and_reads_no_words(rooms: Rooms, what: str) -> None:
    viewer = signed_in(rooms.db, "viewer")
    page = viewer.get(PAGE)
    assert page.status_code == 200
    assert "no enfría" not in page.text
    assert "25.65" not in page.text
    assert viewer.get("/admin/tickets.csv").status_code == 403
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert csrf
    sent = viewer.send(
        f"{PAGE}/{what}", {"csrf": csrf[1], "once": "a" * 32, "status": "resolved", "expected": "pending"}
    )
    assert sent.status_code == 403
    assert ticket(rooms) == ("pending", None)


def test_a_ticket_of_another_desk_is_not_there(rooms: Rooms) -> None:
    other = signed_in(rooms.db, "operator", desks=["another"])
    assert other.get(PAGE).status_code == 404
    for path in ("/admin/tickets", "/admin/tickets.csv", f"/admin/search?q={NUMBER}"):
        assert "no enfría" not in other.get(path).text
    csrf = re.search(r'name="csrf" value="(\w+)"', other.get("/admin/tickets").text)
    assert csrf
    assert other.send(f"{PAGE}/status", {"csrf": csrf[1], "once": "a" * 32, "status": "resolved"}).status_code == 404


def test_who_is_for_some_desks_meets_only_the_colleagues_there(rooms: Rooms, ana: Visitor) -> None:
    signed_in(rooms.db, "operator", email="other@turno.example", desks=["another"])
    here = signed_in(rooms.db, "operator", email="here@turno.example", desks=["field-service"])
    colleagues = here.get("/admin/tickets").text
    assert "ana@turno.example" in colleagues and "other@turno.example" not in colleagues
    assert "other@turno.example" in ana.get("/admin/tickets").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?q=1a2b", True),
        ("?q=ENFRIA", True),
        ("?q=100%25", False),
        ("?q=_", False),
        ("?q=%5C", False),
        ("?status=resolved", False),
        ("?kind=refrigerator&desk=field-service&days=1", True),
        ("?kind=vehicle", False),
        ("?days=99999999999999", True),
        ("?assignee=nobody", True),
        ("?at=2020-01-01T00:00:00%2B00:00&number=TKT", False),
    ],
)
def test_the_list_is_searched_and_filtered(ana: Visitor, query: str, found: bool) -> None:
    page = ana.get(f"/admin/tickets{query}")
    assert page.status_code == 200
    assert (f'href="{PAGE}"' in page.text) is found


def test_the_file_holds_every_ticket_and_no_formula(rooms: Rooms, ana: Visitor) -> None:
    rooms.ask(
        "insert into tickets (number, desk_id, event_id, kind, summary, created_at) select 'TKT-' || n, 'field-service',"
        " -n, 'vehicle', '=HYPERLINK(\"http://evil\")', now() - n * interval '1 minute' from generate_series(1, 2500) n"
    )
    answer = ana.get("/admin/tickets.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=tickets.csv"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len({row["number"] for row in rows}) == len(rows) == 2501
    assert rows[0]["number"] == NUMBER
    assert (rows[0]["latitude"], rows[0]["longitude"]) == ("25.6514", "-100.2895")
    assert rows[1]["summary"] == '\'=HYPERLINK("http://evil")'
    assert [row.did for row in rooms.ask("select did from audit where did like 'exported%%'")] == ["exported tickets"]


def listed(who: Visitor, query: str = "") -> list[str]:
    return re.findall(r'href="/admin/tickets/(TKT-[^"]+)"', who.get(f"/admin/tickets{query}").text)


def test_what_is_urgent_and_open_comes_first_with_a_badge(rooms: Rooms, ana: Visitor) -> None:
    for n, (priority, status) in enumerate((("urgent", "pending"), ("urgent", "resolved"), ("normal", "pending"))):
        put(rooms, f"TKT-{n}", summary="olor a gas")
        rooms.ask(
            "update tickets set priority = %(priority)s, status = %(status)s, created_at = now() - %(n)s * interval '1 day'"
            " where number = %(number)s returning 1", priority=priority, status=status, n=90 - n, number=f"TKT-{n}",
        )  # fmt: skip
    assert listed(ana) == ["TKT-0", NUMBER, "TKT-2", "TKT-1"]
    assert listed(ana, "?status=resolved") == ["TKT-1"], "filters hold for them, too"
    page = ana.get("/admin/tickets").text
    assert (page.count('class="pill urgent"'), page.count("⚠")) == (1, 2)
    assert 'class="pill urgent"' in ana.get("/admin/tickets/TKT-0").text
    assert "⚠" not in ana.get(PAGE).text


def test_a_ticket_shows_what_was_tried_in_vain(rooms: Rooms, ana: Visitor) -> None:
    assert "Tried in vain" not in ana.get(PAGE).text
    put(rooms, "TCK-TRIED", summary="no imprime", content='{"tried": ["¿Está prendida?", "Desenchufala un minuto."]}')
    page = ana.get("/admin/tickets/TCK-TRIED").text
    assert "Tried in vain" in page and page.index("¿Está prendida?") < page.index("Desenchufala un minuto.")


NASTY = [
    "{}", "[]", '"text"', "null", '{"given": []}', '{"given": {"location": {"value": {"latitude": "x"}}}}',
    '{"given": {"location": {"value": {"latitude": 1e300, "longitude": 0}}, "problem": "words", "code": {"value": {}}}}',
    '{"equipment": {"model": "<script>alert(1)</script>"}, "arrival": 7}',
    '{"tried": ["<script>alert(1)</script>", 7, null, {"a": []}]}', '{"tried": {"a": 1}}',
]  # fmt: skip


@pytest.mark.parametrize("content", NASTY)
def test_a_ticket_that_holds_something_strange_is_shown(rooms: Rooms, ana: Visitor, content: str) -> None:
    put(rooms, "TKT-\"><b>'&x", summary="<script>alert(1)</script>" * 500, content=content)
    page = ana.get("/admin/tickets/TKT-%22%3E%3Cb%3E%27%26x")
    assert page.status_code == 200
    assert "<script>alert" not in page.text + ana.get("/admin/tickets").text
    assert ana.get("/admin/tickets.csv").status_code == 200


@pytest.mark.parametrize("number", ["TKT-FFFFFFFF", "..%2f..", "%00", "x" * 5000])
def test_a_number_that_no_ticket_has_is_told_so(ana: Visitor, number: str) -> None:
    assert ana.get(f"/admin/tickets/{number}").status_code in (400, 404, 414)
