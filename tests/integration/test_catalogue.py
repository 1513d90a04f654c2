"""Catalogues, from a file into the database and out again, by the command staff use."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from bot.__main__ import main
from bot.commands import demo
from core.store import catalogue
from core.store.db import Database, Row
from core.store.staff import audit
from core.store.staff.audit import Filter

HEADER = "code,model,brand,serial,client,place\n"


@pytest.fixture
def desk(db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The demo desks, on the database that commands of this test use."""
    monkeypatch.setenv("DATABASE_URL", db.url)
    assert main(["demo"]) == 0
    return db


def sheet(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def equipment(db: Database) -> dict[str, str]:
    with db.transaction() as tx:
        return {row["code"]: row["model"] for row in catalogue.all_of(tx, "equipment", "field-service")}


def audited(db: Database) -> list[Row]:
    with db.transaction() as tx:
        return [
            (row.who, row.did, row.subject, row.why, row.desk) for row in audit.page(tx, Filter(), before=None, most=9)
        ]


NEW = HEADER + "4045101,VR-99,Frigus,SN-910000,Abarrotes La Esquina,Aquí\n7777777,Nuevo,Frigus,,Rosa,Allá\n"


def test_a_dry_run_tells_what_would_change_and_changes_nothing(
    desk: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = equipment(desk)
    assert main(["catalogue", "import", "equipment", sheet(tmp_path, NEW), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "+ 7777777" in told
    assert "~ 4045101" in told and "model: 'VR-16' → 'VR-99'" in told and "client" not in told
    assert f"1 would be added, 1 would be changed, 0 the same, {len(before) - 1} kept" in told
    assert equipment(desk) == before and audited(desk) == []


def test_an_import_puts_every_line_in_place_and_keeps_the_rest(
    desk: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = equipment(desk)
    file = sheet(tmp_path, NEW)
    assert main(["catalogue", "import", "equipment", file, "--by", "ana", "--why", "the spring list"]) == 0
    assert "1 added, 1 changed, 0 the same" in capsys.readouterr().out
    assert equipment(desk) == {**before, "4045101": "VR-99", "7777777": "Nuevo"}
    assert main(["catalogue", "import", "equipment", file]) == 0
    assert "0 added, 0 changed, 2 the same" in capsys.readouterr().out
    noted = ("cli:ana", "imported a catalogue", "catalogue:equipment", "1 added, 1 changed: the spring list")
    assert audited(desk) == [(*noted, "field-service")], "what changed nothing was nothing done"


def test_one_bad_line_leaves_everything_as_it_was(
    desk: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = equipment(desk)
    assert main(["catalogue", "import", "equipment", sheet(tmp_path, NEW + "x,,,,,\n")]) == 2
    told = capsys.readouterr().err
    assert "line 4, code: must be 5 to 10 digits" in told and "line 4, model: is empty" in told
    assert "5 problems; nothing was changed" in told
    assert equipment(desk) == before


def test_a_desk_that_is_not_there_and_a_file_that_is_not_there_are_told(desk: Database, tmp_path: Path) -> None:
    assert main(["catalogue", "import", "equipment", sheet(tmp_path, NEW), "--desk", "nobody"]) == 2
    assert main(["catalogue", "import", "equipment", str(tmp_path / "none.csv")]) == 2
    assert main(["catalogue", "export", "equipment", "--desk", "nobody"]) == 2


@pytest.mark.parametrize("kind", ["customers", "equipment", "vehicles", "centres", "survey_questions"])
def test_what_is_exported_imports_again_as_the_same(
    desk: Database, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], kind: str
) -> None:
    with desk.transaction() as tx:
        catalogue.put(tx, "vehicles", "field-service", {"code": ["4837657"], "model": ["Torton"], "plate": ["NL-1"]})
        there = catalogue.size(tx, kind, "field-service")
        rows = catalogue.all_of(tx, kind, "field-service")
    from bot.desks.catalogues import sheet as sheets

    file = sheet(tmp_path, "".join(sheets.write(kind, rows)))
    capfdbinary.readouterr()
    assert main(["catalogue", "import", kind, file]) == 0
    assert f"0 added, 0 changed, {there} the same, 0 kept".encode() in capfdbinary.readouterr().out
    assert there > 0


def test_the_demo_may_be_loaded_again(desk: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    assert "8 customers" in capsys.readouterr().out
    assert demo.FILE.exists()


def test_two_hundred_thousand_lines_take_seconds(desk: Database, tmp_path: Path) -> None:
    lines = "".join(f"{1_000_000 + i},VR-16,Frigus,S{i},Tienda {i},Calle {i}\n" for i in range(200_000))
    file = sheet(tmp_path, HEADER + lines)
    began = perf_counter()
    assert main(["catalogue", "import", "equipment", file]) == 0
    assert perf_counter() - began < 60
    assert len(equipment(desk)) > 200_000
