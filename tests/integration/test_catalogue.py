"""Catalogues, from a file into the database and out again, by the command staff use."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from bot.__main__ import main
from bot.desks import kinds_of
from bot.script.catalogue import sheet as sheets
from core.store import catalogue
from core.store.db import Database, Row
from core.store.staff import audit
from core.store.staff.audit import Filter
from tests.migrations import released

DESK = "field-service"
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
        return {row["code"]: row["model"] for row in catalogue.all_of(tx, "field-service", "equipment")}


def audited(db: Database) -> list[Row]:
    with db.transaction() as tx:
        return [
            (row.who, row.did, row.subject, row.why, row.desk)
            for row in audit.page(tx, Filter(), before=None, most=9)
            if row.did == "imported a catalogue"
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
        catalogue.put(tx, DESK, "vehicles", {"4837657": {"code": "4837657", "model": "Torton", "plate": "NL-1"}})
        there = catalogue.size(tx, DESK, kind)
        rows = catalogue.all_of(tx, DESK, kind)
    file = sheet(tmp_path, "".join(sheets.write(kinds_of("menu")[kind], rows)))
    capfdbinary.readouterr()
    assert main(["catalogue", "import", kind, file, "--desk", DESK]) == 0
    assert f"0 added, 0 changed, {there} the same, 0 kept".encode() in capfdbinary.readouterr().out
    assert there > 0


def test_the_demo_may_be_loaded_again(desk: Database, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["demo"]) == 0
    assert (
        capsys.readouterr().out
        == "field-service: nothing changes\nhotel-mirador: nothing changes\nit-desk: nothing changes\n"
    )


def test_the_business_must_be_said_only_when_several_have_the_kind(
    desk: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalogue", "export", "survey_questions"]) == 2
    assert main(["catalogue", "import", "equipment", sheet(tmp_path, NEW), "--desk", "it-desk"]) == 2
    assert main(["catalogue", "export", "castles"]) == 2
    assert main(["catalogue", "kinds", "--desk", "nobody"]) == 2
    told = capsys.readouterr().err
    assert "several desks have survey_questions: say --desk (field-service, hotel-mirador, it-desk)" in told
    assert "there is no kind equipment (there are survey_questions)" in told
    assert "there is no kind castles (there are " in told and "customers, equipment, " in told


def test_the_kinds_are_told_with_their_columns(desk: Database, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["catalogue", "kinds", "--desk", "field-service"]) == 0
    told = capsys.readouterr().out
    assert "field-service\n  survey_questions\n" in told
    assert "    code         the SAP code on its label, key\n" in told
    assert "    contact      who answers there, may be empty, personal\n" in told


def test_the_report_has_every_line_without_what_names_a_person(desk: Database) -> None:
    with desk.transaction() as tx:
        seen = tx._cursor.execute("select content from report.catalogue where key = 'C-1001'").fetchone()
    assert seen is not None and seen.content == {
        "code": "C-1001",
        "name": "Abarrotes La Esquina",
        "city": "Monterrey",
    }


def test_the_version_before_finds_the_lines_of_today_and_today_those_of_the_version_before(desk: Database) -> None:
    _, before = released.kept()
    mirrored = {"equipment", "vehicles", "centres", "customers", "survey_questions"}
    with desk.transaction() as tx:
        for kind in sorted(mirrored):
            then = tx._cursor.execute(before[f"catalogue.all_{kind}"], {"desk_id": DESK}).fetchall()
            assert [{**row._asdict(), kinds_of("menu")[kind].key: str(row[0])} for row in then] == catalogue.all_of(
                tx, DESK, kind
            )
        line = {"code": ["4045101", "7777777"], "model": ["VR-99", "N"], "brand": ["F", "F"], "serial": ["", ""]}
        place = {"client": ["Rosa", "Rosa"], "place": ["Aquí", "Allá"], "desk_id": DESK, "examples": 9}
        tx._cursor.execute(before["catalogue.put_equipment"], {**line, **place})
        tx._cursor.execute("delete from centres where code = 'CS-GDL'")
        found = {row["code"]: row["model"] for row in catalogue.all_of(tx, DESK, "equipment")}
        assert (found["4045101"], found["7777777"]) == ("VR-99", "N")
        assert catalogue.size(tx, DESK, "centres") == 3


def test_fifty_thousand_lines_take_seconds(desk: Database, tmp_path: Path) -> None:
    lines = "".join(f"{1_000_000 + i},VR-16,Frigus,S{i},Tienda {i},Calle {i}\n" for i in range(50_000))
    file = sheet(tmp_path, HEADER + lines)
    began = perf_counter()
    assert main(["catalogue", "import", "equipment", file]) == 0
    assert perf_counter() - began < 40
    assert len(equipment(desk)) > 50_000
