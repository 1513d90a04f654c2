"""Photos in a bucket: the same promises as in a folder, and nothing lost when the storage is away."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.whatsapp.media import WhatsAppMedia
from bot.channels.whatsapp.upload_media import UploadedMedia
from bot.desks import purposes
from bot.errands.media_examine import Examiner
from bot.errands.media_keeping import PhotoKeeper
from bot.errands.media_look import Looker
from bot.workers.loop import Loop
from core.errors import TimedOut, Unreachable
from core.settings import Settings
from core.store.files.bucket import Bucket
from core.store.files.photos_bucket import PREFIX, InBucket
from core.store.files.photos_shared import keeping
from tests.integration.buckets import (
    BUCKET,
    Storage,
    Troublesome,
    answering,
    hanging_up,
    silent,
    trickling,
)
from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms
from tests.integration.errands import media_worker
from tests.pictures import wall, written
from tests.waiting import until

PHOTO = written(wall())
NAME = sha256(PHOTO).hexdigest()
SOON = timedelta(hours=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Storage]:
    serving = Storage()
    yield serving
    serving.stop()


@pytest.fixture
def storage(server: Storage) -> Storage:
    server.empty()
    return server


def kept(storage: Storage, **how: Any) -> InBucket:
    return InBucket(Bucket(storage.settings()), **how)


def test_a_photo_is_kept_once_under_its_content_and_comes_back_whole(storage: Storage) -> None:
    bucket = kept(storage)
    assert bucket.put(PHOTO) == bucket.put(PHOTO) == NAME
    assert storage.names() == [PREFIX + NAME]
    assert bucket.get(NAME) == PHOTO
    assert storage.s3.get_object(Bucket=BUCKET, Key=PREFIX + NAME)["Body"].read() == PHOTO


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", NAME[:-1], NAME.upper()])
def test_what_is_not_there_and_what_is_no_name_is_nothing(storage: Storage, name: str) -> None:
    kept(storage).put(PHOTO)
    assert kept(storage).get(name) is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"s3_secret_key": "another"}, "SignatureDoesNotMatch"),
        ({"s3_access_key": "AKIAANOTHER"}, "InvalidAccessKeyId"),
        ({"s3_bucket": "nobodys-bucket"}, "NoSuchBucket"),
    ],
)
def test_a_wrong_key_and_a_missing_bucket_are_told_and_never_taken_for_an_absent_photo(
    storage: Storage, wrong: dict[str, str], code: str
) -> None:
    bucket = InBucket(Bucket(storage.settings(**wrong)))
    for ask in (lambda: bucket.get(NAME), lambda: bucket.put(PHOTO), lambda: bucket.sweep(lambda names: names)):
        with pytest.raises(Unreachable, match=code):
            ask()


def test_the_secret_is_in_no_message(storage: Storage) -> None:
    settings = storage.settings(s3_bucket="nobodys-bucket")
    with pytest.raises(Unreachable) as told:
        Bucket(settings).put("photos/x", b"x")
    assert storage.secret_key not in f"{told.value!r} {settings!r} {vars(Bucket(settings))!r}"


def test_a_sweep_takes_what_nobody_names_and_neither_the_young_nor_what_is_not_ours(storage: Storage) -> None:
    old, young = kept(storage, grace_s=-60), kept(storage)
    names = [old.put(b"photo %d" % number) for number in range(3)]
    storage.s3.put_object(Bucket=BUCKET, Key="photos/README", Body=b"not ours")
    storage.s3.put_object(Bucket=BUCKET, Key="elsewhere", Body=b"not ours")
    assert young.sweep(lambda found: found) == 0
    assert old.sweep(lambda found: [name for name in found if name != names[0]]) == 2
    assert sorted(storage.names()) == sorted([PREFIX + names[0], "photos/README", "elsewhere"])


def test_every_key_is_seen_however_many_pages_there_are(storage: Storage) -> None:
    bucket = Bucket(storage.settings())
    keys = {f"photos/{number}" for number in range(7)}
    for key in keys:
        bucket.put(key, b"x")
    found = [key for key, _ in bucket.keys("photos/", page=3)]
    assert len(found) == 7 and set(found) == keys


def test_names_come_as_they_were_written_and_each_once(storage: Storage) -> None:
    """A page begins after the last name of the one before, so a name that came back changed would come for ever."""
    bucket = Bucket(storage.settings())
    keys = ["photos/a&b", "photos/a<b>", "photos/ñ"]
    for key in keys:
        bucket.put(key, b"x")
    assert [key for key, _ in islice(bucket.keys("photos/", page=1), 9)] == keys


def test_a_photo_is_dropped_at_once_unless_it_was_kept_anew(storage: Storage) -> None:
    bucket = kept(storage)
    bucket.put(PHOTO)
    assert not bucket.drop(NAME, datetime.now(UTC) - SOON) and bucket.get(NAME) == PHOTO
    assert bucket.drop(NAME, datetime.now(UTC) + SOON) and bucket.get(NAME) is None
    assert not bucket.drop(NAME, datetime.now(UTC) + SOON)


@pytest.fixture
def troublesome(request: pytest.FixtureRequest) -> Iterator[Troublesome]:
    made = Troublesome(*request.param)
    yield made
    made.stop()


def troubled(url: str, limit_s: float = 0.3) -> InBucket:
    told = {"photos_store": "s3", "s3_endpoint": url, "s3_bucket": "b", "s3_access_key": "k", "s3_secret_key": "s"}
    return InBucket(Bucket(Settings.model_validate({**told, "s3_timeout_s": limit_s})))


@pytest.mark.parametrize("troublesome", [[silent], [trickling]], indirect=True, ids=["silent", "trickling"])
def test_a_storage_that_takes_too_long_is_not_waited_for(troublesome: Troublesome) -> None:
    with pytest.raises(TimedOut):
        troubled(troublesome.url).get(NAME)


@pytest.mark.parametrize("troublesome", [[hanging_up, answering(b"the photo")]], indirect=True, ids=["once"])
def test_a_kept_connection_that_had_ended_costs_nothing(troublesome: Troublesome) -> None:
    assert troubled(troublesome.url, 30).get(NAME) == b"the photo"
    assert troublesome.connections == 2


@pytest.mark.parametrize("troublesome", [[hanging_up]], indirect=True, ids=["always"])
def test_a_storage_that_always_hangs_up_is_away(troublesome: Troublesome) -> None:
    with pytest.raises(Unreachable, match="away"):
        troubled(troublesome.url, 30).put(PHOTO)


def test_nobody_there_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        with pytest.raises(Unreachable, match="away"):
            troubled(f"http://127.0.0.1:{taken.getsockname()[1]}", 30).put(PHOTO)


def upload(browser: Browser) -> Any:
    return browser.client.post("/api/upload-image", data={"image": (BytesIO(PHOTO), "x.jpg")}, headers=browser.own)


def test_an_upload_is_looked_into_and_only_its_copy_stays_until_its_person_is_erased(
    working: Rooms, storage: Storage, tmp_path: Path
) -> None:
    erasing = {"erasure_secret": SecretStr("a secret of the tests"), "tombstones_file": str(tmp_path / "stones")}
    browser = Browser(client(working, **storage.chosen(), **erasing))
    assert upload(browser).status_code == 200
    assert storage.names() == [PREFIX + NAME]
    settings = working.settings.model_copy(update=storage.chosen())
    place = keeping(settings, working.db)
    eyes = Examiner(settings, UploadedMedia(place, WhatsAppMedia(settings)), Looker(settings), purposes())
    loop = Loop(media_worker(working, eyes, place, settings))
    loop.start()
    try:
        [photo] = until(lambda: working.ask("select sha256 from photos"))
        until(lambda: storage.names() == [PREFIX + photo.sha256])
    finally:
        loop.stop()
        loop.join()
    working.ask(
        "update photos set stored_at = stored_at + interval '2 seconds' returning 1"
    )  # clocks tell seconds only
    told = browser.client.delete(f"/api/gdpr/delete-me/{browser.id}", headers=browser.own).get_json()
    assert told["ok"] and "photos" in told["deletedItems"]
    assert storage.names() == []


def test_photos_go_from_the_bucket_when_their_time_is_over(rooms: Rooms, storage: Storage) -> None:
    place = kept(storage, grace_s=-60)
    place.put(PHOTO)
    rooms.ask("insert into contacts (name) values ('') returning 1")
    rooms.ask(
        "insert into conversations (channel_id, contact_id) select min(ch.id), min(c.id) from channels ch, contacts c returning 1"
    )
    rooms.ask(
        "insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at, stored_at)"
        " select min(id), 1, 'code', %(name)s, 9, now(), now() - interval '8 days' from conversations returning 1",
        name=NAME,
    )
    PhotoKeeper(rooms.db, rooms.ear, place, rooms.settings).run_once()
    assert storage.names() == []


def test_while_the_storage_is_away_an_upload_is_refused_for_now_and_nothing_is_half_done(
    chatroom: Rooms, storage: Storage
) -> None:
    away = {**storage.chosen(), "s3_bucket": "nobodys-bucket"}
    browser = Browser(client(chatroom, **away, webchat_wait_s=0.01))
    answer = upload(browser)
    assert (answer.status_code, answer.get_json()["error"], answer.headers["Retry-After"]) == (503, "try_again", "2")
    assert chatroom.ask("select id from inbox where kind = 'image'") == []
