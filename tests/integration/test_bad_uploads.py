"""Bad photos, and bad lines, as somebody may send them to the chat: refused or looked into safely, and nothing is left."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.whatsapp.media import WhatsAppMedia
from bot.channels.whatsapp.upload_media import UploadedMedia
from bot.desks import purposes
from bot.errands.media_examine import Examiner
from bot.errands.media_look import Looker
from bot.workers.loop import Loop
from core.store.files import photos
from core.store.files.photos import Folder
from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import Rooms
from tests.integration.errands import media_worker
from tests.pictures import HEIC, SVG, barcode, bomb_gif, bomb_png, wall, written
from tests.waiting import until


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "photos")


@pytest.fixture
def looking(working: Rooms, folder: Folder) -> Iterator[Rooms]:
    """Somebody answers in the chat, and somebody looks into photos."""
    settings = working.settings.model_copy(update={"media_look_s": 60.0})
    eyes = Examiner(settings, UploadedMedia(folder, WhatsAppMedia(settings)), Looker(settings), purposes())
    loop = Loop(media_worker(working, eyes, folder, settings))
    loop.start()
    yield working
    loop.stop()
    loop.join()


def visitor(rooms: Rooms, tmp_path: Path, **settings: Any) -> Browser:
    return Browser(client(rooms, photos_folder=str(tmp_path / "photos"), webchat_wait_s=30.0, **settings))


def upload(browser: Browser, photo: bytes) -> Any:
    return browser.client.post("/api/upload-image", data={"image": (BytesIO(photo), "photo.jpg")}, headers=browser.own)


def results(rooms: Rooms, number: int = 1) -> list[dict[str, Any]]:
    """What was seen on so many photos, once all of it was said."""
    asked = "select content from inbox where kind = 'media_result' and state = 'done' order by id"
    found = until(lambda: len(rows := rooms.ask(asked)) >= number and rows, 120)
    return [row.content for row in found or ()]


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("photo", "error"),
    [
        pytest.param(SVG, "no_image", id="an svg"),
        pytest.param(HEIC, "no_image", id="a heic"),
        pytest.param(bomb_png(7_000), "image_size", id="a bomb of few bytes"),
        pytest.param(bomb_gif(), "image_size", id="a gif that says it is enormous"),
        pytest.param(b"%PDF-1.7 " + bytes(2000), "no_image", id="a pdf"),
        pytest.param(b"GIF89a", "no_image", id="the beginning of a gif"),
        pytest.param(b"\xff\xd8\xff" + bytes(500), "no_image", id="zeros that begin like a jpeg"),
    ],
)
def test_what_is_no_photo_is_refused_at_once(chatroom: Rooms, tmp_path: Path, photo: bytes, error: str) -> None:
    browser = Browser(client(chatroom, photos_folder=str(tmp_path / "photos"), webchat_wait_s=0.01))
    answer = upload(browser, photo)
    assert (answer.status_code, answer.get_json()["error"]) == (400, error)
    inside = browser.post("chat", browser.own, images=[{"name": "x", "data": base64.b64encode(photo).decode()}])
    assert (inside.status_code, inside.get_json()["error"]) == (400, error)
    assert files(tmp_path) == [] and chatroom.ask("select id from inbox where kind = 'image'") == []


@pytest.mark.parametrize(
    ("photo", "outcome"),
    [
        pytest.param(written(wall(), quality=95)[:20_000], "wrong_kind", id="half a jpeg"),
    ],
)
def test_what_breaks_decoders_is_answered_and_nothing_of_it_stays(
    looking: Rooms, tmp_path: Path, photo: bytes, outcome: str
) -> None:
    browser = visitor(looking, tmp_path)
    assert upload(browser, photo).status_code == 200
    assert [found["outcome"] for found in results(looking)] == [outcome]
    assert browser.lines()[-1][0] == "bot"
    until(lambda: files(tmp_path) == [])
    assert browser.say("hola")["ok"], "and the conversation goes on"


def test_where_a_photo_was_taken_is_forgotten_as_soon_as_it_was_looked_into(looking: Rooms, tmp_path: Path) -> None:
    notes = Image.Exif()
    notes.get_ifd(0x8825).update({1: "S", 2: (34.0, 36.0, 12.0), 3: "W", 4: (58.0, 22.0, 54.0)})
    notes[0x010F] = "A camera that tells"
    photo = written(barcode("4045101"), exif=notes)
    assert b"A camera that tells" in photo
    browser = visitor(looking, tmp_path)
    assert upload(browser, photo).status_code == 200
    [found] = results(looking)
    assert found["outcome"] == "ok"
    [kept] = until(lambda: len(left := files(tmp_path)) == 1 and left[0].stem == found["photo"] and left) or []
    assert b"A camera that tells" not in kept.read_bytes()
    with Image.open(kept) as picture:
        assert not picture.getexif()


def test_two_photos_at_once_are_both_looked_into_also_when_they_are_the_same(looking: Rooms, tmp_path: Path) -> None:
    browser = visitor(looking, tmp_path)
    photo, gate = written(barcode("4045101")), threading.Barrier(2)

    def send(_: int) -> int:
        mine = Browser.__new__(Browser)
        mine.client, mine.id = browser.client.application.test_client(), browser.id  # type: ignore[attr-defined]
        gate.wait()
        return int(upload(mine, photo).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == [200, 200]
    assert [found["outcome"] for found in results(looking, 2)] == ["ok", "ok"]
    assert looking.ask("select count(*) as n from inbox where kind = 'image'")[0].n == 2


def test_a_photo_that_was_done_with_while_its_twin_came_in_is_there_for_the_twin(
    chatroom: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(client(chatroom, photos_folder=str(tmp_path / "photos"), webchat_wait_s=0.01))
    accept = chatroom.door.accept

    def accept_late(news: Any) -> None:
        for path in files(tmp_path):
            path.unlink()
        accept(news)

    monkeypatch.setattr(chatroom.door, "accept", accept_late)
    assert upload(browser, written(wall())).status_code == 200
    assert len(files(tmp_path)) == 1


def test_an_upload_that_waits_is_not_swept_away_however_old(chatroom: Rooms, tmp_path: Path) -> None:
    browser = Browser(client(chatroom, photos_folder=str(tmp_path / "photos"), webchat_wait_s=0.01))
    upload(browser, written(wall()))
    lost = Folder(tmp_path / "photos", grace_s=0).put(b"nobody's")

    def unnamed(names: Any) -> Any:
        with chatroom.db.transaction() as tx:
            return photos.unnamed(tx, names)

    old = Folder(tmp_path / "photos", grace_s=0)
    assert old.sweep(unnamed) == 1 and old.get(lost) is None, "its event waits in the inbox"
    chatroom.work()
    assert chatroom.ask("select state from errands")[0].state == "waiting"
    assert old.sweep(unnamed) == 0, "its job waits for a worker"
    chatroom.ask("update errands set state = 'failed', finished_at = now() returning 1")
    assert old.sweep(unnamed) == 1


def test_a_disk_that_takes_nothing_is_said_so_and_nothing_is_half_done(chatroom: Rooms, tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("a file where a folder should be")
    browser = Browser(client(chatroom, photos_folder=str(tmp_path / "photos"), webchat_wait_s=0.01))
    answer = upload(browser, written(wall()))
    assert (answer.status_code, answer.get_json()["error"], answer.headers["Retry-After"]) == (503, "try_again", "2")
    assert chatroom.ask("select id from inbox where kind = 'image'") == []


@pytest.mark.parametrize(
    ("told", "status", "error"),
    [
        ({"message": "x" * 5_000_000}, 400, "field_too_long"),
        ({"message": "x" * 10_001}, 400, "field_too_long"),
        ({"message": "hola", "more": "x" * 10_001}, 400, "field_too_long"),
        ({"message": "hola", "images": ["x" * 11_000_000]}, 413, "payload_too_large"),
        ({"message": "hola", "more": list(range(900_000))}, 400, "bad_request"),
        ({"message": "x" * 10_000}, 200, None),
    ],
    ids=["5 MB of words", "10,001 letters", "in any field", "over the limit", "5 MB of numbers", "10,000 letters"],
)
def test_a_large_body_is_refused_or_harmless(working: Rooms, told: Any, status: int, error: str | None) -> None:
    browser = Browser(client(working))
    answer = browser.post("chat", browser.own, **told)
    assert (answer.status_code, answer.get_json().get("error")) == (status, error)
    longest = working.ask("select max(length(text)) as n from inbox")[0].n
    assert (longest or 0) <= 1000, "no more than a line is kept"


def test_a_page_that_learned_somebody_elses_session_cannot_speak_there(working: Rooms) -> None:
    mine, theirs = Browser(client(working)), Browser(client(working))
    for call, told in (("chat", {"message": "hola"}), ("reset", {}), ("whatsapp-ticket", {}), ("messages", {})):
        answer = mine.client.post(
            f"/api/{call}", json={"sessionId": theirs.id, "csrfToken": mine.token, **told}, headers=ORIGIN
        )
        assert answer.status_code == 403, call
    assert [who for who, _ in theirs.lines() if who == "user"] == []
