"""A photo studio: the rooms of a message with errand workers beside them, and doubles of the AI."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.channels.whatsapp.media import WhatsAppMedia
from bot.desks import purposes
from bot.errands.media_examine import Examiner
from bot.errands.media_look import Looker
from bot.script.purposes import Answer, Question
from bot.workers.errands import ErrandWorker
from core.settings import Settings
from core.store.db import Database
from core.store.files.photos import Folder
from tests import businesses
from tests.integration.crew import DESK, SETTINGS, Rooms, text
from tests.integration.errands import do_all, media_worker
from tests.integration.files import TOKEN, Files
from tests.pictures import photo, written

LABEL = written(photo(turned=20, size=(900, 900)))

HELP_DESK = "100000000000002"


class Eyes:
    """Stands for the AI that sees photos."""

    def __init__(self, answer: Answer | Exception):
        self.answer, self.shown, self.languages = answer, list[bytes](), list[str]()
        self.asked = list[str]()

    def ask(self, question: Question, picture: bytes, *, language: str, limit_s: float) -> Answer:
        self.shown.append(picture)
        self.asked.append(question.name)
        self.languages.append(language)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Ears:
    """Stands for the AI that writes voice notes down."""

    def __init__(self, answer: str | Exception):
        self.answer = answer

    def transcribe(self, recording: bytes, *, limit_s: float) -> str:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Studio:
    """The rooms of a message, and an errand worker beside them."""

    def __init__(self, db: Database, folder: Path):
        self.rooms, self.files = Rooms(db), Files()
        self.folder = Folder(folder, grace_s=0)
        self.path = folder
        self.workers: list[ErrandWorker] = []

    def settings(self, **more: object) -> Settings:
        own = {
            "graph_api_url": self.files.url,
            "whatsapp_access_token": TOKEN,
            "media_backoff_s": 0,
            "media_look_s": 60,
        }
        return Settings.model_validate({**SETTINGS.model_dump(), **own, **more})

    def worker(self, *, vision: Any = None, voice: Any = None, **more: object) -> ErrandWorker:
        settings = self.settings(**more)
        self.examiner = Examiner(settings, WhatsAppMedia(settings), Looker(settings), purposes(), vision, voice)
        made = media_worker(self.rooms, self.examiner, self.folder, settings)
        self.workers.append(made)
        return made

    def begin(self) -> None:
        """A customer who was asked for the code of a refrigerator."""
        for turn, said in enumerate(["hola", "refrigerador"]):
            self.rooms.hear(text(said, wamid=f"wamid.{turn}"))
            self.rooms.work()

    def begin_at_help_desk(self) -> None:
        """The same customer, at a desk whose photos are for other things."""
        known = {**DESK["desks"][0], "id": "it-desk", "menu": "help_desk", "whatsapp": [HELP_DESK], "equipment": []}
        with self.rooms.db.transaction() as tx:
            businesses.put(tx, {"desks": [known]})
        self.rooms.hear(text("hola", wamid="wamid.help"), number=HELP_DESK)
        self.rooms.work()

    def show(self, content: bytes, media_id: str = "77", **how: Any) -> None:
        """The customer sends a photo."""
        self.files.add(media_id, content, **how)
        self.rooms.hear(image(media_id))
        self.rooms.work()

    def look(self, worker: ErrandWorker | None = None) -> None:
        """Do every errand there is, and take every turn after it."""
        do_all(self.rooms, worker or self.worker())

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
