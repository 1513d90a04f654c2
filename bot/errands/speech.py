"""Service `speech`, which every desk has: speaks a reply, and keeps the voice note with the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.nlu.ai.answer import BadAnswer
from core.errors import Rejected
from core.own_files import OwnFile
from core.store.db import Database
from core.store.files import own
from core.store.path.errands import Errand

MIME_TYPE = "audio/ogg"


class Saying(Protocol):
    def say(self, text: str, *, language: str, limit_s: float) -> bytes: ...


class Speaking:
    def __init__(self, db: Database, speech: Saying):
        self._db, self._speech = db, speech

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        """The name of the voice note, and the version of the conversation that it answers."""
        try:
            spoken = self._speech.say(str(errand.content["text"]), language=errand.language, limit_s=limit_s)
        except BadAnswer as problem:
            raise Rejected(str(problem)) from problem
        file = OwnFile(spoken, MIME_TYPE)
        with self._db.transaction() as tx:
            own.keep(tx, [(errand.conversation_id, file)])
        return {"file": file.name, "version": errand.content["version"]}
