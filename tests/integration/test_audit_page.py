"""The audit in the window: found, paged, taken along as a file, verified."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from core.store.db import Database
from core.store.staff import audit
from tests import businesses
from tests.integration.crew import DESK, Rooms, text
from tests.integration.staff import Visitor, signed_in
from tests.integration.test_sign_in import ask


def write(db: Database, count: int, **fields: str) -> None:
    with db.transaction() as tx:
        for n in range(count):
            audit.note(tx, **{"who": "eva@turno.example", "did": "looked", "subject": f"thing:{n}", **fields})


def shown(visitor: Visitor, query: str = "") -> list[int]:
    page = visitor.get(f"/admin/audit{query}")
    assert page.status_code == 200
    return [int(id) for id in re.findall(r'<td class="number faint">(\d+)</td>', page.text)]


def test_everything_can_be_reached_page_by_page_newest_first(db: Database) -> None:
    visitor = signed_in(db)
    write(db, 120)
    found = shown(visitor)
    while older := re.search(r'rel="next" href="([^"]+)"', visitor.last.text if visitor.last else ""):
        found += shown(visitor, older[1].removeprefix("/admin/audit").replace("&amp;", "&"))
    assert found == list(range(120, 0, -1))


def test_it_is_found_by_who_what_and_when(db: Database) -> None:
    visitor = signed_in(db)
    write(db, 3)
    write(db, 2, did="took", subject="conversation:77")
    today = datetime.now(UTC)
    tomorrow = today + timedelta(days=1)
    assert shown(visitor, "?who=EVA") == [5, 4, 3, 2, 1]
    assert shown(visitor, "?did=took&who=") == [5, 4]
    assert shown(visitor, "?subject=sation:77&did=looked") == []
    assert shown(visitor, f"?since={today:%Y-%m-%d}&until={today:%Y-%m-%d}&did=took") == [5, 4]
    assert shown(visitor, f"?since={tomorrow:%Y-%m-%d}") == []
    assert shown(visitor, "?who=%25") == [], "a percent sign is a percent sign"
    assert shown(visitor, f"?before={'9' * 30}") == [5, 4, 3, 2, 1], "a number that none has is no number"


@pytest.mark.parametrize("query", ["?since=yesterday", "?until=2026-13-01", "?until=9999-12-31"])
def test_a_day_that_is_none_is_said(db: Database, query: str) -> None:
    assert signed_in(db).get(f"/admin/audit{query}").status_code == 400


def test_the_filter_stays_in_the_links(db: Database) -> None:
    visitor = signed_in(db)
    write(db, 60, did='a "quoted" & <b>')
    page = visitor.get("/admin/audit?did=a+%22quoted%22+%26+%3Cb%3E").text
    assert "<b>" not in page.partition("<main")[2].replace("<b></b>", "")
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older and "did=a+%22quoted%22" in older[1]


def test_the_file_is_complete_and_no_cell_is_a_formula(db: Database) -> None:
    visitor = signed_in(db)
    write(db, 1100)
    write(db, 1, subject="=1+1", why='@SUM(A1) "q", ñ')
    answer = visitor.get("/admin/audit.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [int(line["id"]) for line in lines] == list(range(1102, 0, -1))
    assert (lines[0]["did"], lines[1]["subject"], lines[1]["why"]) == (
        "exported the audit",
        "'=1+1",
        '\'@SUM(A1) "q", ñ',
    )


def test_the_chain_is_verified_with_one_click_and_that_is_noted(db: Database) -> None:
    visitor = signed_in(db)
    write(db, 4)
    assert "All 4 rows are as they were written" in visitor.post("/admin/audit/verify", on="/admin/audit").text
    ask(db, "alter table audit disable trigger audit_kept")
    ask(db, "update audit set did = 'nothing' where id = 3")
    told = visitor.post("/admin/audit/verify", on="/admin/audit").text
    assert "breaks at row 3" in told and 'class="notice bad"' in told
    assert ask(db, "select count(*) from audit where did = 'verified the audit'") == [(2,)]


def test_an_admin_of_some_desks_sees_the_lines_of_these_alone_in_the_file_too(db: Database) -> None:
    visitor = signed_in(db, desks=["field-service"])
    write(db, 2, desk="field-service")
    write(db, 2, desk="hotel", subject="conversation:4")
    write(db, 2, subject="staff:1")
    assert shown(visitor) == [2, 1]
    assert shown(visitor, "?subject=conversation") == []
    assert shown(visitor, "?desks=hotel&desk=hotel") == [2, 1]
    lines = list(csv.DictReader(io.StringIO(visitor.get("/admin/audit.csv").data.decode("utf-8-sig"), newline="")))
    assert [line["id"] for line in lines] == ["2", "1"]


# --- what is seen is noted --------------------------------------------------------------------------------------------


@pytest.fixture
def conversation(db: Database) -> int:
    rooms = Rooms(db)
    rooms.hear(text("hola", wamid="wamid.1", sender="5215550000077"))
    rooms.close()
    [(id,)] = ask(db, "select id from conversations")
    return int(str(id))


def test_a_whole_phone_number_is_one_click_away_and_the_click_is_audited(db: Database, conversation: int) -> None:
    visitor = signed_in(db, "operator", desks=["field-service"])
    path = f"/admin/conversations/{conversation}/phone"
    assert "5215550000077" in visitor.post(path, on="/admin/").text
    csrf = re.search(r'csrf" value="(\w+)', visitor.get("/admin/").text)
    assert csrf
    piece = visitor.send(path, {"csrf": csrf[1]}, **{"HX-Request": "true"}).text
    assert "5215550000077</b>" in piece and "<html" not in piece
    assert (
        ask(db, "select who, subject, desk from audit where did = 'saw a phone number'")
        == [("operator@turno.example", f"conversation:{conversation}", "field-service")] * 2
    )


def test_a_phone_number_of_another_desk_is_not_there(db: Database, conversation: int) -> None:
    with db.transaction() as tx:
        businesses.put(tx, {"desks": [{**DESK["desks"][0], "id": "hotel", "whatsapp": []}]})
    visitor = signed_in(db, "operator", desks=["hotel"])
    assert visitor.post(f"/admin/conversations/{conversation}/phone", on="/admin/").status_code == 404
    assert ask(db, "select count(*) from audit where did = 'saw a phone number'") == [(0,)]
