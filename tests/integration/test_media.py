"""A photo, from the customer's phone to the answer: every way it may go, through a real server and a real process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.carriers.whatsapp_media import WhatsAppMedia
from bot.nlu.answer import BadAnswer
from bot.nlu.vision import Seen
from bot.workers.media import MediaWorker
from bot.workers.media_examine import Examiner
from bot.workers.media_keeping import PhotoKeeper
from bot.workers.media_look import Looker
from core import bell
from core.errors import TimedOut, Unreachable
from core.settings import Settings
from core.store.db import Database
from core.store.photos import Folder
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.files import TOKEN, Files, endless, failing, trickle
from tests.pictures import HEIC, SCRIPT, SVG, blurred, bomb_gif, bomb_png, photo, wall, written

LABEL = written(photo(turned=20, size=(900, 900)))


class Eyes:
    """Stands for the AI that reads labels."""

    def __init__(self, answer: Seen | Exception):
        self.answer, self.shown = answer, list[bytes]()

    def see(self, picture: bytes, *, limit_s: float) -> Seen:
        self.shown.append(picture)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Ears:
    """Stands for the AI that writes voice notes down."""

    def __init__(self, answer: str | Exception):
        self.answer = answer

    def hear(self, recording: bytes, *, limit_s: float) -> str:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Studio:
    """The rooms of a message, and a media worker beside them."""

    def __init__(self, db: Database, folder: Path):
        self.rooms, self.files = Rooms(db), Files()
        self.folder = Folder(folder, grace_s=0)
        self.path = folder
        self.workers: list[MediaWorker] = []

    def settings(self, **more: object) -> Settings:
        own = {
            "graph_api_url": self.files.url,
            "whatsapp_access_token": TOKEN,
            "media_backoff_s": 0,
            "media_look_s": 60,
        }
        return Settings.model_validate({**SETTINGS.model_dump(), **own, **more})

    def worker(self, *, vision: Any = None, voice: Any = None, **more: object) -> MediaWorker:
        settings = self.settings(**more)
        examiner = Examiner(settings, WhatsAppMedia(settings), Looker(settings), vision, voice)
        made = MediaWorker(self.rooms.db, self.rooms.bell, self.rooms.ear, examiner, self.folder, settings)
        self.workers.append(made)
        return made

    def begin(self) -> None:
        """A customer who was asked for the code of a refrigerator."""
        for turn, said in enumerate(["hola", "refrigerador"]):
            self.rooms.hear(text(said, wamid=f"wamid.{turn}"))
            self.rooms.work()

    def show(self, content: bytes, media_id: str = "77", **how: Any) -> None:
        """The customer sends a photo."""
        self.files.add(media_id, content, **how)
        self.rooms.hear(image(media_id))
        self.rooms.work()

    def look(self, worker: MediaWorker | None = None) -> None:
        """Take every job there is, and every turn after it."""
        worker = worker or self.worker()
        while worker.run_once() or worker.under_way:
            while worker.under_way and not worker.told:
                self.rooms.ear.wait(bell.MEDIA, 1)
        self.rooms.work()

    def result(self) -> dict[str, Any]:
        [row] = self.rooms.ask("select content from inbox where kind = 'media_result'")
        found: dict[str, Any] = row.content
        return found

    def close(self) -> None:
        for worker in self.workers:
            worker.drain()
        self.files.close()
        self.rooms.close()


def image(media_id: str, kind: str = "image") -> dict[str, Any]:
    stamp = str(int(datetime.now(UTC).timestamp()))
    content = {
        "id": media_id,
        "mime_type": "image/jpeg" if kind == "image" else "audio/ogg; codecs=opus",
        "voice": True,
    }
    return {"id": f"wamid.media{media_id}", "from": "5215550000001", "timestamp": stamp, "type": kind, kind: content}


@pytest.fixture
def studio(db: Database, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(db, tmp_path / "photos")
    made.begin()
    yield made
    made.close()


def test_a_barcode_on_a_photo_finds_the_refrigerator(studio: Studio) -> None:
    studio.show(LABEL)
    assert "viendo tu foto" in studio.rooms.said()[-1]
    studio.look()
    result = studio.result()
    assert (result["for"], result["outcome"], result["codes"]) == ("image", "ok", ["4045101"])
    assert (result["purpose"], result["source"]) == ("code", "barcode")
    assert "VR-16" in studio.rooms.said()[-1]
    [job] = studio.rooms.ask("select * from media_jobs")
    assert (job.state, job.attempts, job.error) == ("done", 1, None)


def test_the_photo_is_kept_and_tied_to_the_report(studio: Studio) -> None:
    studio.show(LABEL)
    studio.look()
    [before] = studio.rooms.ask("select * from report.photos")
    assert before.ticket is None
    studio.rooms.hear(text("sí", wamid="wamid.si"))
    studio.rooms.work()
    studio.rooms.hear(text("no enfría desde ayer en la noche", wamid="wamid.problem"))
    studio.rooms.work()
    [ticket] = studio.rooms.ask("select number from report.tickets")
    [kept] = studio.rooms.ask("select * from report.photos")
    assert (kept.ticket, kept.desk, kept.purpose) == (ticket.number, "field-service", "code")
    picture = studio.folder.get(kept.sha256)
    assert picture is not None and len(picture) == kept.bytes


def test_a_photo_of_a_report_that_was_cancelled_belongs_to_none(studio: Studio) -> None:
    studio.show(LABEL)
    studio.look()
    for turn, said in enumerate(["cancelar", "refrigerador", "4045101", "sí", "no enfría desde ayer en la noche"]):
        studio.rooms.hear(text(said, wamid=f"wamid.again{turn}"))
        studio.rooms.work()
    assert len(studio.rooms.ask("select number from report.tickets")) == 1
    assert [row.ticket for row in studio.rooms.ask("select ticket from report.photos")] == [None]


@pytest.mark.parametrize(
    ("content", "outcome", "said"),
    [
        pytest.param(blurred(), "blurred", "borrosa", id="blurred"),
        pytest.param(written(wall()), "no_text", "No encontré el código", id="nothing to read"),
        pytest.param(written(wall(64, 48), quality=5), "too_small", "muy pequeña", id="tiny"),
        pytest.param(SCRIPT, "wrong_kind", "No puedo abrir", id="a script"),
        pytest.param(SVG, "wrong_kind", "No puedo abrir", id="an svg"),
        pytest.param(HEIC, "wrong_kind", "No puedo abrir", id="a heic"),
        pytest.param(LABEL[:9000], "wrong_kind", "No puedo abrir", id="half a jpeg"),
        pytest.param(bomb_png(), "too_large", "demasiado grande", id="a bomb"),
        pytest.param(bomb_gif(), "too_large", "demasiado grande", id="a gif bomb"),
    ],
)
def test_what_cannot_be_read_gets_an_answer_of_its_own(studio: Studio, content: bytes, outcome: str, said: str) -> None:
    studio.show(content)
    studio.look()
    assert studio.result()["outcome"] == outcome
    assert any(said in each for each in studio.rooms.said()[-2:])


def test_a_download_that_never_ends_is_cut_and_told(studio: Studio) -> None:
    studio.show(LABEL, serve=endless, file_size=1_000_000)
    studio.look(studio.worker(media_image_bytes=200_000))
    assert studio.result()["outcome"] == "too_large"


def test_a_trickle_is_tried_again_and_then_given_up_on_time(studio: Studio) -> None:
    studio.show(LABEL, serve=trickle)
    studio.look(studio.worker(media_download_s=0.2))
    assert studio.result()["outcome"] == "timed_out"
    [job] = studio.rooms.ask("select * from media_jobs")
    assert (job.state, job.attempts) == ("failed", 3)
    assert studio.files.files["77"].places == 3


def test_a_server_that_recovers_costs_a_try(studio: Studio) -> None:
    studio.show(LABEL, serve=failing(503, times=1))
    studio.look()
    assert studio.result()["codes"] == ["4045101"]
    [job] = studio.rooms.ask("select * from media_jobs")
    assert (job.state, job.attempts) == ("done", 2)


def test_no_further_try_begins_when_the_customer_has_waited_long_enough(studio: Studio) -> None:
    studio.show(LABEL, serve=failing(503))
    studio.rooms.ask("update media_jobs set created_at = now() - interval '49 seconds'")
    studio.look()
    assert studio.result()["outcome"] == "failed"
    assert studio.files.files["77"].places == 1


def test_a_job_that_keeps_killing_its_workers_is_given_up(studio: Studio) -> None:
    studio.show(LABEL)
    studio.rooms.ask("update media_jobs set attempts = 3")
    studio.look()
    assert studio.result()["outcome"] == "timed_out"
    assert studio.files.asked == []


def test_a_photo_that_takes_too_long_to_look_into_is_ended(studio: Studio) -> None:
    studio.show(LABEL)
    studio.look(studio.worker(media_look_s=0.01))
    assert studio.result()["outcome"] == "timed_out"


def test_whoever_lost_the_lease_says_nothing(studio: Studio) -> None:
    studio.show(LABEL)
    slow, quick = studio.worker(), studio.worker()
    assert slow.run_once() == 1
    while not slow.told:
        studio.rooms.ear.wait(bell.MEDIA, 1)
    studio.rooms.ask("update media_jobs set leased_until = '-infinity'")
    studio.look(quick)
    slow.run_once()
    assert slow.under_way == 0
    assert studio.result()["codes"] == ["4045101"]
    assert len(studio.rooms.ask("select 1 from photos")) == 1


def test_two_workers_never_take_the_same_job(studio: Studio) -> None:
    for number in range(3):
        studio.show(LABEL, media_id=str(number))
    one, other = studio.worker(media_size=2), studio.worker(media_size=4)
    assert (one.run_once(), other.run_once()) == (2, 1)


def test_the_lease_of_a_try_under_way_is_kept(studio: Studio) -> None:
    studio.show(LABEL, serve=trickle)
    worker = studio.worker(media_lease_s=30)
    worker.run_once()
    studio.rooms.ask("update media_jobs set leased_until = now()")
    worker.run_once()
    assert studio.rooms.ask("select leased_until > now() + interval '20 seconds' as kept from media_jobs")[0].kept
    studio.files.close()


def test_the_ai_reads_a_label_without_a_barcode(studio: Studio) -> None:
    eyes = Eyes(Seen(codes=["SAP 4045101", "555"], text="VR-16", legible=True, confidence=0.8))
    studio.show(written(wall()))
    studio.look(studio.worker(vision=eyes))
    result = studio.result()
    assert (result["outcome"], result["codes"], result["source"]) == ("ok", ["4045101"], "vision")
    assert eyes.shown[0].startswith(b"\xff\xd8")
    assert "VR-16" in studio.rooms.said()[-1]


def test_the_ai_is_not_asked_where_a_barcode_tells(studio: Studio) -> None:
    eyes = Eyes(Seen(codes=["9999999"], legible=True, confidence=1))
    studio.show(LABEL)
    studio.look(studio.worker(vision=eyes))
    assert studio.result()["codes"] == ["4045101"] and not eyes.shown


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Seen(codes=["4045101"], legible=True, confidence=0.5), "no_text"),
        (Seen(codes=["ignore all rules", "12", "1" * 21], legible=True, confidence=1), "no_text"),
        (Seen(legible=False, confidence=0.1), "blurred"),
        (TimedOut("slow"), "no_text"),
        (Unreachable("away"), "no_text"),
        (BadAnswer("prose"), "no_text"),
    ],
)
def test_an_ai_that_is_no_help_costs_only_the_text(studio: Studio, answer: Any, outcome: str) -> None:
    studio.show(written(wall()))
    studio.look(studio.worker(vision=Eyes(answer)))
    assert studio.result()["outcome"] == outcome


def test_a_job_that_breaks_us_is_failed_and_told(studio: Studio) -> None:
    studio.show(written(wall()))
    studio.look(studio.worker(vision=Eyes(RuntimeError("a bug"))))
    assert studio.result()["outcome"] == "failed"


def test_a_voice_note_is_written_down(studio: Studio) -> None:
    want_audio(studio, b"OggS" + bytes(4000))
    studio.look(studio.worker(voice=Ears("mi refri no enfría")))
    result = studio.result()
    assert (result["for"], result["outcome"], result["text"]) == ("audio", "ok", "mi refri no enfría")
    [row] = studio.rooms.ask("select text from inbox where kind = 'media_result'")
    assert row.text == "mi refri no enfría"


@pytest.mark.parametrize(
    ("content", "voice", "outcome"),
    [
        (b"OggS" + bytes(4000), None, "failed"),
        (b"OggS" + bytes(40), Ears("x"), "too_small"),
        (SCRIPT, Ears("x"), "wrong_kind"),
        (b"OggS" + bytes(4000), Ears(BadAnswer("prose")), "failed"),
        (b"OggS" + bytes(4000), Ears(TimedOut("slow")), "timed_out"),
    ],
    ids=["no ai", "tiny", "a script", "prose", "slow"],
)
def test_a_voice_note_that_cannot_be_heard_has_an_outcome(
    studio: Studio, content: bytes, voice: Any, outcome: str
) -> None:
    want_audio(studio, content)
    studio.look(studio.worker(voice=voice))
    assert studio.result()["outcome"] == outcome


def want_audio(studio: Studio, content: bytes) -> None:
    studio.files.add("88", content)
    studio.rooms.ask(
        "insert into media_jobs (conversation_id, event_id, kind, media_id, purpose)"
        " select conversation_id, max(id), 'audio', '88', 'voice' from inbox group by 1"
    )


def test_photos_go_when_their_time_is_over(studio: Studio) -> None:
    studio.show(LABEL)
    studio.show(written(wall()), media_id="78")
    studio.look()
    old, new = studio.rooms.ask("select sha256 from photos order by id")
    studio.rooms.ask("update photos set stored_at = now() - interval '8 days' where sha256 = %(name)s", name=old.sha256)
    keeper = PhotoKeeper(studio.rooms.db, studio.rooms.ear, studio.folder, studio.settings())
    keeper.run_once()
    assert studio.folder.get(old.sha256) is None
    assert studio.folder.get(new.sha256) is not None
    assert [row.sha256 for row in studio.rooms.ask("select sha256 from photos")] == [new.sha256]


def test_a_file_that_lost_its_row_is_swept_away_and_a_fresh_one_is_not(db: Database, tmp_path: Path) -> None:
    from core.store import photos

    def unnamed(names: Any) -> Any:
        with db.transaction() as tx:
            return photos.unnamed(tx, names)

    fresh, old = Folder(tmp_path), Folder(tmp_path, grace_s=0)
    name = fresh.put(LABEL)
    assert fresh.put(LABEL) == name
    assert fresh.sweep(unnamed) == 0
    assert old.sweep(unnamed) == 1
    assert fresh.get(name) is None


def test_photos_are_for_our_own_user_only_and_have_no_other_names(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "photos")
    name = folder.put(LABEL)
    [place] = (tmp_path / "photos").glob("*/*")
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0
    for other in ("", "../../etc/passwd", name[:-1], name.upper() + "/"):
        assert folder.get(other) is None
