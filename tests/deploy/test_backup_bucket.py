"""Backups in an S3-compatible bucket: kept whole or not at all, fetched by name or the newest, and restored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.__main__ import main
from core.errors import Unreachable
from core.store.db import Database
from core.store.files import bucket_large
from core.store.files.bucket import Bucket
from tests.integration.buckets import BUCKET, Storage
from tests.integration.crew import Rooms, text

PLACE = f"s3://{BUCKET}/nightly"
PART = 5 * 1024 * 1024
"""The least that a bucket takes for any part but the last."""


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    made = Storage()
    yield made
    made.stop()


@pytest.fixture
def bucket(storage: Storage) -> Iterator[Bucket]:
    yield Bucket(storage.settings())
    storage.empty()


@pytest.fixture
def business(db_url: str, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A conversation in a database, and a bucket for its backups."""
    db = Database(db_url)
    rooms = Rooms(db)
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    rooms.close()
    db.close()
    told = {
        "DATABASE_URL": db_url, "PHOTOS_FOLDER": str(tmp_path / "photos"), "TOMBSTONES_FILE": str(tmp_path / "t"),
        "ERASURE_SECRET": "s" * 40, "S3_ENDPOINT": storage.url, "S3_ACCESS_KEY": storage.access_key,
        "S3_SECRET_KEY": storage.secret_key,
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    yield db_url
    storage.empty()


def events(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int((connection.execute("select count(*) from inbox").fetchone() or (0,))[0])


@pytest.mark.parametrize("size", [0, 1, PART, 2 * PART + 12_345])
def test_a_file_of_any_size_comes_back_as_it_was(size: int, bucket: Bucket, storage: Storage, tmp_path: Path) -> None:
    file, back = tmp_path / "file", tmp_path / "back"
    file.write_bytes(os.urandom(size))
    bucket_large.upload(bucket, "a/file", file, part=PART)
    assert storage.names() == ["a/file"]
    bucket_large.download(bucket, "a/file", back, part=PART)
    assert back.read_bytes() == file.read_bytes()


def test_what_fails_in_the_middle_leaves_nothing(
    bucket: Bucket, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, put = tmp_path / "file", Bucket.put_part
    file.write_bytes(os.urandom(2 * PART))

    def first_only(self: Bucket, key: str, upload_id: str, number: int, content: bytes) -> str:
        if number > 1:
            raise Unreachable("the storage is away: nobody listens")
        return put(self, key, upload_id, number, content)

    monkeypatch.setattr(Bucket, "put_part", first_only)
    with pytest.raises(Unreachable):
        bucket_large.upload(bucket, "a/file", file, part=PART)
    assert storage.names() == [] and not storage.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads")


def test_a_backup_goes_to_the_bucket_and_the_newest_is_restored(
    business: str, storage: Storage, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    storage.s3.put_object(Bucket=BUCKET, Key="nightly/turno-20200101T000000Z.tar", Body=b"an old one")
    storage.s3.put_object(Bucket=BUCKET, Key="nightly/notes.txt", Body=b"of somebody else")
    assert main(["backup", "--to", PLACE, "--plain", "--keep", "1"]) == 0
    assert "1 older ones removed" in capsys.readouterr().out
    made, notes = sorted(storage.names(), reverse=True)
    assert made.startswith("nightly/turno-") and notes == "nightly/notes.txt"
    for name, value in {"DATABASE_URL": empty_url, "TOMBSTONES_FILE": str(tmp_path / "t2")}.items():
        monkeypatch.setenv(name, value)
    assert main(["restore", PLACE]) == 0
    assert events(empty_url) == events(business) == 1


def test_one_that_is_named_is_fetched_and_one_that_was_cut_off_changes_nothing(
    business: str, storage: Storage, empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "--to", PLACE, "--plain"]) == 0
    [name] = storage.names()
    body = storage.s3.get_object(Bucket=BUCKET, Key=name)["Body"].read()
    storage.s3.put_object(Bucket=BUCKET, Key=name, Body=body[: len(body) // 2])
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["restore", f"s3://{BUCKET}/{name}"]) == 1
    assert "nothing was restored" in capsys.readouterr().out
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("place", "missing", "why"),
    [
        (PLACE, "S3_SECRET_KEY", "needs S3_ACCESS_KEY and S3_SECRET_KEY"),
        ("s3://UPPER/x", "", "not written like s3://bucket/prefix"),
        ("s3://not-there-at-all/x", "", "NoSuchBucket"),
    ],
)
def test_a_place_that_cannot_be_is_told_and_recorded(
    place: str,
    missing: str,
    why: str,
    business: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if missing:
        monkeypatch.delenv(missing)
    assert main(["backup", "--to", place, "--plain"]) == 1
    assert why in capsys.readouterr().out
    with psycopg.connect(business) as connection:
        assert connection.execute("select ok from operations where what = 'backup'").fetchall() == [(False,)]
    assert main(["restore", place]) == 1
    assert "nothing was restored" in capsys.readouterr().out
