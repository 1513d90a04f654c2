"""The panels of a desk: a board of its own that shows the businesses of this desk and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.panels.folder import DeskPanels
from core.store import desks
from core.store.db import Database
from dashboard import Tools
from tests.integration.staff import Visitor, signed_in

BOARD, PANEL = "/admin/boards/desk-bakery", "/admin/panels/desk-bakery/businesses"
SQL = "-- title: Businesses\n-- help: All of them.\nselect name as business from report.desks order by name"


def business(id: str, menu: str) -> dict[str, object]:
    return {"id": id, "name": f"The {id}", "language": "es", "timezone": "UTC", "menu": menu}


@pytest.fixture
def folder(db: Database, tmp_path: Path) -> Path:
    """The panels of a bakery that two businesses are served by, beside one that is none."""
    (tmp_path / "10-businesses.sql").write_text(SQL, encoding="utf-8")
    with db.transaction() as tx:
        for one in (business("oven", "bakery"), business("mill", "bakery"), business("inn", "hotel")):
            desks.put(tx, one)
    return tmp_path


def visitor(db: Database, folder: Path, role: str = "viewer", *mine: str) -> Visitor:
    tools = Tools(panels=lambda: [DeskPanels("bakery", "Bread and cakes", "bakery", folder)])
    return signed_in(db, role, desks=mine or None, tools=tools)


def test_a_desks_panels_are_a_board_in_the_navigation(db: Database, folder: Path) -> None:
    page = visitor(db, folder).get(BOARD).text
    assert "Bread and cakes" in page and f'href="{BOARD}"' in page
    assert 'value="oven"' in page and 'value="inn"' not in page, "its filter offers its own businesses"


def test_they_show_the_businesses_of_their_desk_and_no_other(db: Database, folder: Path) -> None:
    mine = visitor(db, folder)
    for told in (mine.get(PANEL).text, mine.get(f"{PANEL}/piece").text, mine.get(f"{PANEL}.csv").text):
        assert "The oven" in told and "The mill" in told and "The inn" not in told
    assert "The inn" not in mine.get(f"{PANEL}.csv?desk=inn").text
    assert "The mill" not in mine.get(f"{PANEL}.csv?desk=oven").text


def test_who_may_see_one_of_them_sees_that_one(db: Database, folder: Path) -> None:
    baker = visitor(db, folder, "viewer", "oven", "inn")
    told = baker.get(f"{PANEL}.csv").text
    assert "The oven" in told and "The mill" not in told and "The inn" not in told


def test_who_may_see_none_of_them_is_not_led_there(db: Database, folder: Path) -> None:
    keeper = visitor(db, folder, "viewer", "inn")
    assert f'href="{BOARD}"' not in keeper.get("/admin/boards/now").text
    assert "The" not in keeper.get(f"{PANEL}.csv").text


def test_an_edited_panel_is_there_at_the_next_request(db: Database, folder: Path) -> None:
    mine = visitor(db, folder)
    mine.get(BOARD)
    (folder / "20-more.sql").write_text("-- title: More\nselect 7 as big", encoding="utf-8")
    assert "More" in mine.get(BOARD).text
