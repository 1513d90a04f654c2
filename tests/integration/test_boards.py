"""Boards, as somebody in front of the window meets them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from bot import desks
from core.store.db import Database
from dashboard import Tools
from dashboard.boards.shelf import BOARDS, Shelf
from dashboard.guard import QUIET
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.seeded import SENTENCES, seed
from tests.integration.staff import Visitor, signed_in

TOOLS = Tools(diagrams=desks.diagrams())
INSIDE = "/admin/panels/conversations/in-one-state"


@pytest.fixture(scope="module")
def seeded(postgres: str) -> Iterator[Database]:
    for url in fresh_database(postgres, TEMPLATE):
        db = Database(url, pool=8)
        seed(db)
        yield db
        db.close()


@pytest.fixture(scope="module")
def admin(seeded: Database) -> Visitor:
    return signed_in(seeded, tools=TOOLS)


@pytest.fixture(scope="module")
def viewer(seeded: Database) -> Visitor:
    return signed_in(seeded, "viewer", desks=["hotel"], tools=TOOLS)


def test_the_first_page_is_the_first_board(admin: Visitor) -> None:
    answer = admin.get("/admin/")
    assert answer.request.path == "/admin/boards/now"
    assert [title for title in BOARDS.values() if title not in answer.text] == []


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_loads_its_panels_one_by_one_and_quietly(admin: Visitor, board: str) -> None:
    page = admin.get(f"/admin/boards/{board}?since=7d&desk=hotel").text
    pieces = re.findall(r'hx-get="([^"]+)"', page)
    assert len(pieces) >= 7
    assert page.count(f'hx-headers=\'{{"{QUIET}": "1"}}\'') == len(pieces)
    for address in pieces:
        assert address.endswith("?desk=hotel&amp;since=7d")
        piece = admin.get(address.replace("&amp;", "&"))
        assert piece.status_code == 200
        assert 'class="problem"' not in piece.text
        assert "<html" not in piece.text


@pytest.mark.parametrize("board", BOARDS)
def test_without_scripts_a_board_leads_to_one_page_with_all_in_it(admin: Visitor, board: str) -> None:
    page = admin.get(f"/admin/boards/{board}").text
    (address,) = re.findall(r'<noscript><meta http-equiv="refresh" content="0; url=([^"]+)"></noscript>', page)
    whole = admin.get(address.replace("&amp;", "&")).text
    assert "Loading" not in whole
    assert "hx-get" not in whole
    assert 'class="problem"' not in whole
    assert "<svg" in whole


@pytest.mark.parametrize("address", ["/admin/boards/now?whole=1", "/admin/boards/conversations?whole=1", INSIDE])
def test_nothing_stands_inline(admin: Visitor, address: str) -> None:
    page = admin.get(address).text
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page)
    assert re.findall(r"<script[^>]*>([^<]+)</script>", page) == []


def test_a_panels_page_has_its_sql_its_form_and_its_files(admin: Visitor) -> None:
    page = admin.get(f"{INSIDE}?flow=refrigerator&state=filling").text
    assert "from report.conversations" in page
    assert 'name="flow" type="text" value="refrigerator"' in page
    for kind in ("csv", "tsv", "json"):
        (address,) = re.findall(rf'href="([^"]+\.{kind}\?[^"]+)"', page)
        assert "flow=refrigerator" in address
        assert admin.get(address.replace("&amp;", "&")).status_code == 200


def test_the_map_of_a_flow_leads_to_the_conversations_in_a_state(admin: Visitor) -> None:
    piece = admin.get("/admin/panels/conversations/flow-maps/piece").text
    addresses = re.findall(r'<a href="(/admin/panels/conversations/in-one-state[^"]+)"', piece)
    assert addresses
    page = admin.get(addresses[0].replace("&amp;", "&"))
    assert re.search(r'href="/admin/conversations/\d+"', page.text)


def test_what_is_typed_wrongly_is_told_kindly(admin: Visitor) -> None:
    answer = admin.get("/admin/panels/conversations/funnel?since=the+other+day")
    assert answer.status_code == 400
    assert "since: a time is wanted" in answer.text
    assert "the database" not in answer.text.lower().split("<details")[0]
    piece = admin.get("/admin/panels/conversations/funnel/piece?since=the+other+day")
    assert (piece.status_code, "since: a time is wanted" in piece.text) == (200, True)
    assert admin.get("/admin/panels/conversations/funnel.csv?since=the+other+day").status_code == 400


@pytest.mark.parametrize("since", ["0001-01-01", "0002-01-01", "9998-12-31T23:59-12:00", "9999-12-31T23:59"])
def test_any_year_is_looked_at_or_refused(admin: Visitor, since: str) -> None:
    for path in ("/admin/panels/now/turns-per-minute", "/admin/panels/now/reply-latency"):
        for until in ("now", "9998-12-31", "9999-12-31T23:59"):
            answer = admin.client.get(path, query_string={"since": since, "until": until})
            assert answer.status_code == (400 if "0001" in since or "9999" in since + until else 200)


@pytest.mark.parametrize(
    "evil",
    [
        "'; drop table inbox; --", "' or '1'='1", "%(flow)s", ":flow", "\\'; select 1", "$$;$$", "' union select version() --",
        "<script>alert(1)</script>", "{flow}", "/* */", "%s %d %%", "１", "\u202e", "=cmd|' /C calc'!A0", "x" * 499,
    ],
)  # fmt: skip
def test_whatever_is_typed_is_a_value(admin: Visitor, evil: str) -> None:
    for path in (INSIDE, f"{INSIDE}/piece", f"{INSIDE}.json"):
        answer = admin.client.get(path, query_string={"flow": evil, "state": evil})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert answer.json == []


@pytest.mark.parametrize(
    "query", ["board=x&slug=y", "_external=1&_anchor=a", "self=1", "since=", "desk=", "since=7d&since=8d"]
)
def test_odd_words_in_an_address_do_no_harm(admin: Visitor, query: str) -> None:
    for path in ("/admin/boards/now", INSIDE, "/admin/panels/now/processes/piece"):
        assert admin.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/admin/boards/none", "/admin/panels/now/none", "/admin/panels/none/none.csv"])
def test_what_is_not_there_is_told(admin: Visitor, path: str) -> None:
    assert admin.get(path).status_code == 404


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_panel_for_others_is_on_no_board_and_behind_no_address(viewer: Visitor) -> None:
    assert "Not understood" not in viewer.get("/admin/boards/understanding").text
    for ending in ("", "/piece", ".csv", ".json"):
        answer = viewer.get(f"/admin/panels/understanding/not-understood{ending}")
        assert answer.status_code == 403
        assert "asdf" not in answer.text


def test_a_person_of_one_desk_sees_nothing_of_another_whatever_they_ask(viewer: Visitor) -> None:
    for path in (INSIDE, f"{INSIDE}.csv", f"{INSIDE}.json", "/admin/boards/conversations"):
        query = "flow=refrigerator&state=filling"
        mine = viewer.get(f"{path}?{query}")
        assert "field-service" not in mine.text
        assert viewer.get(f"{path}?{query}&desk=field-service").status_code == 403
    assert "hotel" in viewer.get(f"{INSIDE}.csv?flow=refrigerator&state=filling").text


def test_answers_are_not_shared_between_people_of_different_desks(admin: Visitor, viewer: Visitor) -> None:
    path = f"{INSIDE}.json?flow=refrigerator&state=filling"
    piece = f"{INSIDE}/piece?flow=refrigerator&state=filling"
    assert "field-service" in admin.get(piece).text
    assert "field-service" not in viewer.get(piece).text
    assert {row["desk"] for row in admin.get(path).json or []} == {"field-service", "hotel"}
    assert {row["desk"] for row in admin.get(f"{path}&desk=hotel").json or []} == {"hotel"}


def test_who_is_not_signed_in_sees_no_panel(seeded: Database, admin: Visitor) -> None:
    stranger = Visitor(admin.client.application)
    for path in ("/admin/boards/now", "/admin/panels/now/processes", "/admin/panels/now/processes.csv"):
        assert stranger.client.get(path).status_code == 303


def test_a_panel_is_only_ever_looked_at(admin: Visitor) -> None:
    for path in ("/admin/boards/now", INSIDE, f"{INSIDE}/piece", f"{INSIDE}.csv"):
        assert admin.client.post(path, data={"sql": "delete from inbox"}).status_code in (403, 405)


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_has_every_row_where_the_page_says_that_there_are_more(seeded: Database) -> None:
    visitor = signed_in(seeded, email="few@turno.example", tools=TOOLS, panel_rows=3)
    page = visitor.get("/admin/panels/delivery/failed-sends?since=3000d").text
    assert "Only the first 3 rows" in page
    answer = visitor.get("/admin/panels/delivery/failed-sends.csv?since=3000d")
    assert re.match(
        r'attachment; filename="delivery-failed-sends-\d{8}-\d{4}\.csv"', answer.headers["Content-Disposition"]
    )
    table = list(csv.reader(io.StringIO(answer.text)))
    with seeded.transaction() as tx:
        tx._cursor.execute("select count(*) as n from outbox where state in ('failed', 'parked')")
        assert len(table) - 1 == tx._cursor.fetchone().n > 3


def test_files_are_masked_like_the_page(admin: Visitor) -> None:
    text = admin.get(f"{INSIDE}.csv?flow=refrigerator&state=filling").text
    assert re.search(r"••••••\d{4}", text)
    assert "52155" not in text


def test_who_only_looks_on_reads_what_customers_wrote_in_no_panel_and_no_file(
    seeded: Database, admin: Visitor, viewer: Visitor
) -> None:
    with seeded.transaction() as tx:
        tx._cursor.execute("update tickets set summary = 'gotea en la cocina ' || number")
    for panel in (panel for board in Shelf().boards().values() for panel in board.panels):
        for ending in ("", "/piece", ".csv", ".tsv", ".json"):
            told = viewer.get(f"/admin/panels/{panel.path}{ending}?since=30d").text
            assert [words for words in ("gotea", *SENTENCES[:4]) if words in told] == [], panel.path
    oldest = "/admin/panels/reports/oldest-open"
    assert "••• (" in viewer.get(f"{oldest}.csv").text and "••• (" in viewer.get(oldest).text
    assert "gotea en la cocina" in admin.get(f"{oldest}.csv").text, "who works with them reads it"


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_one_slow_panel_is_told_and_the_others_live(seeded: Database) -> None:
    visitor = signed_in(seeded, email="slow@turno.example", tools=TOOLS, panel_timeout_s=0.5, panel_keep_s=0)
    with seeded.transaction() as tx:
        tx._cursor.execute("lock table happenings in access exclusive mode")
        stuck = visitor.get("/admin/panels/concurrency/breaker-changes")
        assert stuck.status_code == 503
        assert "longer than 0.5 s" in stuck.text
        assert visitor.get("/admin/panels/now/processes").status_code == 200
