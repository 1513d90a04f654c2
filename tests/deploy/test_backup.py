"""A backup holds everything, and a restore brings it back or changes nothing."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from bot.__main__ import main
from core.store.db import Database
from core.store.files.photos import Folder
from tests.conftest import TEMPLATE, fresh_database
from tests.integration.crew import Rooms, text

REPORT = ("hola", "refrigerador", "4045101", "sí", "no enfría desde ayer")
COUNTS = "select (select count(*) from inbox), (select count(*) from steps), (select count(*) from outbox)"


class Business:
    """A database with a report in it, a photo, a tombstone, and its backup, encrypted for one key."""

    def __init__(self, url: str, folder: Path):
        self.url, self.folder = url, folder
        self.kept, self.key = folder / "backups", folder / "key.txt"
        subprocess.run(["age-keygen", "-o", self.key], check=True, capture_output=True)
        self.recipient = self.key.read_text().split("public key: ")[1].split()[0]
        self.environment = {
            "DATABASE_URL": url,
            "PHOTOS_FOLDER": str(folder / "photos"),
            "TOMBSTONES_FILE": str(folder / "tombstones.jsonl"),
            "ERASURE_SECRET": "s" * 40,
        }
        Folder(folder / "photos").put(b"a photo")
        db = Database(url)
        self._report(Rooms(db))
        db.close()

    @staticmethod
    def _report(rooms: Rooms) -> None:
        for turn, said in enumerate(REPORT):
            rooms.hear(text(said, wamid=f"wamid.{turn}"))
            rooms.work()
        rooms.close()

    @property
    def file(self) -> Path:
        (found,) = self.kept.glob("turno-*.tar.age")
        return found

    def counts(self, url: str) -> tuple[int, ...]:
        with psycopg.connect(url) as connection:
            return connection.execute(COUNTS).fetchone() or ()


@pytest.fixture(scope="module")
def business(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    for url in fresh_database(postgres, TEMPLATE):
        made = Business(url, tmp_path_factory.mktemp("business"))
        with pytest.MonkeyPatch.context() as patch:
            for name, value in made.environment.items():
                patch.setenv(name, value)
            assert main(["backup", "--to", str(made.kept), "--recipient", made.recipient]) == 0
        yield made


@pytest.fixture
def elsewhere(business: Business, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database and empty folders, named by the settings."""
    told = {
        "DATABASE_URL": empty_url,
        "PHOTOS_FOLDER": str(tmp_path / "photos"),
        "TOMBSTONES_FILE": str(tmp_path / "t"),
    }
    for name, value in {**business.environment, **told}.items():
        monkeypatch.setenv(name, value)
    return empty_url


def tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        return int(row[0]) if row else -1


def restore(file: Path, business: Business, *more: str) -> int:
    return main(["restore", str(file), "--identity", str(business.key), *more])


def test_a_restored_business_has_everything_and_goes_on(
    business: Business, elsewhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(business.file, business) == 0
    assert "ERASURE_SECRET" in capsys.readouterr().out
    assert business.counts(elsewhere) == business.counts(business.url)
    assert [photo.read_bytes() for photo in (tmp_path / "photos").rglob("*") if photo.is_file()] == [b"a photo"]
    db = Database(elsewhere)
    rooms = Rooms(db)
    rooms.hear(text("mis reportes", wamid="wamid.after"))
    assert rooms.work() == 1
    assert "TKT-" in rooms.said()[-1]
    with db.transaction() as tx:
        tx._cursor.execute("set local turno.desks = 'field-service'")
        tx._cursor.execute("set local role turno_console")
        tx._cursor.execute("select count(*) as seen from console.tickets")
        assert tx._cursor.fetchone().seen == 1  # type: ignore[union-attr]
    rooms.close()
    db.close()


def test_it_is_recorded_when_a_backup_was_made_and_when_one_failed(
    business: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in business.environment.items():
        monkeypatch.setenv(name, value)
    assert main(["backup", "--to", str(business.kept), "--recipient", "age1nonsense"]) == 1
    assert "no backup was made" in capsys.readouterr().out
    with psycopg.connect(business.url) as connection:
        rows = connection.execute("select ok from operations where what = 'backup' order by id").fetchall()
    assert [ok for (ok,) in rows] == [True, False]
    assert [file.name for file in business.kept.iterdir()] == [business.file.name]


def test_a_full_disk_leaves_no_half_backup(
    business: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in business.environment.items():
        monkeypatch.setenv(name, value)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        assert main(["backup", "--to", str(tmp_path / "full"), "--plain"]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "no backup was made" in capsys.readouterr().out
    assert list((tmp_path / "full").iterdir()) == []


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_off_changes_nothing(
    business: Business, elsewhere: str, tmp_path: Path, part: float
) -> None:
    whole = business.file.read_bytes()
    cut = tmp_path / "turno-cut.tar.age"
    cut.write_bytes(whole[: int(len(whole) * part)])
    assert restore(cut, business) == 1
    assert tables(elsewhere) == 0
    assert not (tmp_path / "photos").exists()


def test_another_key_opens_nothing(
    business: Business, elsewhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["age-keygen", "-o", tmp_path / "other.txt"], check=True, capture_output=True)
    assert main(["restore", str(business.file), "--identity", str(tmp_path / "other.txt")]) == 1
    assert main(["restore", str(business.file)]) == 1
    told = capsys.readouterr().out
    assert "no identity matched" in told and "--identity" in told
    assert tables(elsewhere) == 0


def test_a_database_that_is_in_use_is_left_alone(
    business: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in business.environment.items():
        monkeypatch.setenv(name, value)
    before = business.counts(business.url)
    assert restore(business.file, business) == 1
    assert "is not empty" in capsys.readouterr().out
    assert business.counts(business.url) == before


def tar(folder: Path, **members: bytes) -> Path:
    file = folder / "turno-made.tar"
    with tarfile.open(file, "w") as made:
        for name, content in members.items():
            member = tarfile.TarInfo(name.replace("__", "/").replace("_json", ".json"))
            member.size = len(content)
            made.addfile(member, BytesIO(content))
    return file


MANIFEST = {"version": "9.0", "schema": "9999", "made_at": "2026-01-01", "photos": "folder", "secrets": [], "format": 1}


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (MANIFEST, "restore it with that"),
        ({**MANIFEST, "format": 2}, "format 2"),
        (None, "no manifest"),
    ],
)
def test_a_backup_of_a_newer_version_or_of_something_else_is_refused(
    business: Business,
    elsewhere: str,
    tmp_path: Path,
    manifest: dict[str, object] | None,
    why: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = tar(tmp_path, manifest_json=json.dumps(manifest).encode()) if manifest else tar(tmp_path, readme=b"hello")
    assert restore(made, business) == 1
    assert why in capsys.readouterr().out
    assert tables(elsewhere) == 0


def test_a_member_that_would_like_to_be_elsewhere_is_refused(
    business: Business, elsewhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.dumps({**MANIFEST, "schema": "0033"}).encode()
    made = tar(tmp_path, manifest_json=manifest, **{"..__..__escaped": b"x"})
    assert restore(made, business) == 1
    assert "none of ours" in capsys.readouterr().out
    assert tables(elsewhere) == 0


def test_a_drill_restores_elsewhere_and_tells_how_long_it_took(
    business: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in business.environment.items():
        monkeypatch.setenv(name, value)
    before = business.counts(business.url)
    assert main(["restore", str(business.kept), "--identity", str(business.key), "--drill"]) == 0
    assert "restored in" in capsys.readouterr().out
    with psycopg.connect(business.url) as connection:
        row = connection.execute("select ok, detail from operations where what = 'drill'").fetchone()
    assert row and row[0] and row[1]["rto_s"] > 0 and row[1]["rpo_s"] > 0
    assert business.counts(business.url) == before


def test_only_the_newest_backups_are_kept(business: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in business.environment.items():
        monkeypatch.setenv(name, value)
    for day in (1, 2, 3):
        (tmp_path / f"turno-2026010{day}T000000Z.tar").touch()
    (tmp_path / "turno-notes.txt").touch()
    assert main(["backup", "--to", str(tmp_path), "--plain", "--keep", "2"]) == 0
    left = sorted(file.name for file in tmp_path.iterdir())
    assert left[0] == "turno-20260103T000000Z.tar" and left[-1] == "turno-notes.txt"
    assert len(left) == 3


def test_a_backup_is_for_its_owner_and_other_files_stay_as_they_were(
    business: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in business.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("os.umask", umask := Umask())
    assert main(["backup", "--to", str(tmp_path), "--plain"]) == 0
    assert business.file.stat().st_mode & 0o077 == 0
    assert umask.now == umask.first


class Umask:
    """The umask of this process, and what it was at first."""

    def __init__(self) -> None:
        self._set = os.umask
        self.first = self.now = self._set(0o022)
        self._set(self.first)

    def __call__(self, mask: int) -> int:
        self.now, before = mask, self.now
        self._set(mask)
        return before
