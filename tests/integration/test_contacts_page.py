"""A person's data in the window: for admins who see all of that person's desks."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from core.store.db import Database
from core.store.files.photos import Folder
from tests.integration.crew import Rooms
from tests.integration.person_told import NAME, PHONE, SECRET, WORDS, tell, traces
from tests.integration.staff import Visitor, signed_in


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


@pytest.fixture
def her(rooms: Rooms, tmp_path: Path) -> int:
    return tell(rooms, Folder(tmp_path / "photos"))


def staff(rooms: Rooms, tmp_path: Path, role: str = "admin", **how: Any) -> Visitor:
    settings: dict[str, Any] = {"erasure_secret": SECRET, **how}
    return signed_in(
        rooms.db, role, photos_folder=str(tmp_path / "photos"), tombstones_file=str(tmp_path / "stones"), **settings
    )


def audited(rooms: Rooms) -> list[Any]:
    return rooms.ask("select did, subject, why from audit where did like '%%person%%' order by id")


def test_somebody_is_found_by_the_end_of_a_phone_which_stands_in_no_address(
    rooms: Rooms, her: int, tmp_path: Path
) -> None:
    page = staff(rooms, tmp_path).post("/admin/contacts", on="/admin/contacts", name="004711")
    assert f"/admin/contacts/{her}" in page.text and NAME in page.text and PHONE not in page.text
    assert "004711" not in page.request.url
    assert audited(rooms) == [("looked for a person", "1 found", "")]


def test_the_page_tells_how_much_there_is(rooms: Rooms, her: int, tmp_path: Path) -> None:
    page = staff(rooms, tmp_path).get(f"/admin/contacts/{her}").text
    assert "<dt>Photos</dt><dd>1</dd>" in page and "1 open" in page and PHONE not in page


def test_an_admin_exports_with_a_reason(rooms: Rooms, her: int, tmp_path: Path) -> None:
    visitor, page = staff(rooms, tmp_path), f"/admin/contacts/{her}"
    assert visitor.post(f"{page}/export", on=page, why=" ").status_code == 400
    answer = visitor.post(f"{page}/export", on=page, why="she asked")
    with ZipFile(BytesIO(answer.data)) as zipped:
        assert WORDS[1] in zipped.read("transcript.txt").decode()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="person-{her}.zip"'
    assert audited(rooms) == [("exported a person", f"contact:{her}", "she asked")]


def test_an_admin_erases_when_sure_and_for_a_reason(rooms: Rooms, her: int, tmp_path: Path) -> None:
    visitor, page = staff(rooms, tmp_path), f"/admin/contacts/{her}"
    assert visitor.post(f"{page}/erase", on=page, why="she asked", sure="yes").status_code == 400
    assert visitor.post(f"{page}/erase", on=page, why="", sure=f"erase {her}").status_code == 400
    assert traces(rooms.db.url, PHONE) != []
    done = visitor.post(f"{page}/erase", on=page, why="she asked", sure=f"erase {her}")
    assert f"Person {her} is erased" in done.text
    assert traces(rooms.db.url, PHONE, NAME, *WORDS) == []
    assert list((tmp_path / "photos").rglob("*.jpg")) == []
    assert (tmp_path / "stones").exists()
    assert visitor.get(page).status_code == 404
    assert audited(rooms) == [("erased a person", f"contact:{her}", "she asked")]


def test_without_a_secret_the_page_says_so_and_erases_nobody(rooms: Rooms, her: int, tmp_path: Path) -> None:
    visitor, page = staff(rooms, tmp_path, erasure_secret=""), f"/admin/contacts/{her}"
    assert "ERASURE_SECRET" in visitor.get(page).text
    assert visitor.post(f"{page}/erase", on=page, why="x", sure=f"erase {her}").status_code == 409
    assert traces(rooms.db.url, PHONE) != []


def test_nobody_else_sees_any_of_it(rooms: Rooms, her: int, tmp_path: Path) -> None:
    analyst = staff(rooms, tmp_path, "analyst")
    other = staff(rooms, tmp_path, desks=["hotel"])
    page = f"/admin/contacts/{her}"
    for visitor in (analyst, other):
        assert visitor.get(page).status_code == 403
        for deed in ("export", "erase"):
            answer = visitor.post(f"{page}/{deed}", on="/admin/account", why="x", sure=f"erase {her}")
            assert answer.status_code == 403
    assert "Nobody is called that" in other.post("/admin/contacts", on="/admin/contacts", name="004711").text
    assert traces(rooms.db.url, PHONE) != []
