"""What is kept about a person is given to them whole, and the command line does it."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.__main__ import main
from core import person_file, telemetry
from core.store.db import Database
from core.store.files.photos import Folder
from core.store.people import export
from core.store.people.person import PERSONAL
from tests.integration.crew import Rooms
from tests.integration.person_told import (
    NAME,
    OTHER_PHONE,
    PHONE,
    PICTURE,
    SECRET,
    WORDS,
    contact,
    hear,
    tell,
    traces,
)


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


@pytest.fixture
def told(rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Somebody of whom there is something everywhere; the commands find the same database and folders."""
    for name, value in {
        "DATABASE_URL": rooms.db.url,
        "PHOTOS_FOLDER": tmp_path / "photos",
        "TOMBSTONES_FILE": tmp_path / "tombstones.jsonl",
        "ERASURE_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(telemetry, "configure", lambda _: None)  # else loggers keep this test's output, closed after it
    return tell(rooms, Folder(tmp_path / "photos"))


def unzipped(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist()}


def lines(files: dict[str, str], table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"data/{table}.jsonl"].splitlines()]


def test_the_file_holds_everything_of_one_person_and_nothing_of_another(
    rooms: Rooms, told: int, tmp_path: Path
) -> None:
    files = unzipped(b"".join(person_file.pieces(rooms.db, told, Folder(tmp_path / "photos"), ["field-service"])))
    assert {f"data/{table}.jsonl" for table in PERSONAL} <= set(files)
    assert [table for table in sorted(PERSONAL) if not lines(files, table)] == [], (
        "there is something of her in every table"
    )
    assert [row.get("value") for row in lines(files, "aliases")] == [PHONE, None], (
        "by what a browser is known, no file says"
    )
    assert OTHER_PHONE not in str(files) and "Bruno" not in str(files)
    assert "customer: hola, mi gata Filomena" in files["transcript.txt"] and "bot: " in files["transcript.txt"]
    assert lines(files, "surveys")[0]["comment"] == WORDS[2]
    assert files["photos/1.jpg"] == PICTURE.decode("utf-8", "replace")
    assert "field-service" in files["README.txt"]


def test_a_long_history_is_taken_in_pages_none_twice(
    rooms: Rooms, told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)
    files = unzipped(b"".join(person_file.pieces(rooms.db, told, Folder(tmp_path / "photos"), [])))
    for table, key in {"inbox": "id", "outbox": "id", "deliveries": "id", "steps": "version"}.items():
        keys = [row[key] for row in lines(files, table)]
        assert len(keys) > 2 and keys == sorted(set(keys)), table


def test_every_personal_table_is_in_the_file() -> None:
    assert set(export.TABLES) == PERSONAL


def test_a_person_is_found_by_the_end_of_the_phone(rooms: Rooms, told: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "find", "+52 1 55 5000-4711"]) == 0
    assert main(["person", "find", "004711"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [str(told)] * 2
    assert main(["person", "find", "11", "--by", "ana"]) == 2, "two digits are nobody's"
    looked = rooms.ask("select did, subject from audit order by id")
    assert looked == [("looked for a person", f"{found} found") for found in (1, 1, 0)], "and nowhere stands for whom"
    assert rooms.ask("select who from audit order by id desc limit 1")[0].who == "cli:ana"


def test_the_command_writes_a_file_for_its_owner_only_and_the_audit_knows(
    rooms: Rooms, told: int, tmp_path: Path
) -> None:
    target = tmp_path / "rosa.zip"
    assert main(["person", "export", str(told), "--to", str(target), "--by", "ana", "--reason", "she asked"]) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert WORDS[1] in unzipped(target.read_bytes())["transcript.txt"]
    [row] = rooms.ask("select who, did, subject, why from audit")
    assert row == ("cli:ana", "exported a person", f"contact:{told}", "she asked")


def test_the_command_erases_shows_how_far_it_is_and_a_second_time_finds_nobody(
    rooms: Rooms, told: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["person", "erase", str(told)]) == 2, "without a reason nobody is erased"
    assert main(["person", "erase", str(told), "--reason", "she asked"]) == 0
    assert f"person {told} is erased" in capsys.readouterr().out
    assert traces(rooms.db.url, PHONE, NAME, *WORDS) == []
    assert main(["person", "erase", str(told), "--reason", "she asked"]) == 2


def test_after_a_restore_the_command_erases_again(rooms: Rooms, told: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "erase", str(told), "--reason", "she asked"]) == 0
    rooms.ask("delete from tombstones")
    hear(rooms, "de la copia", wamid="wamid.restored")
    rooms.ask("update contacts set created_at = '2020-01-01' where id = %(id)s", id=contact(rooms))
    assert main(["person", "erase", "--again", "--reason", "restored"]) == 0
    assert "1 people were there again" in capsys.readouterr().out
    assert traces(rooms.db.url, PHONE, "de la copia") == []
