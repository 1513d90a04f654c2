"""Fetching of media: uploads of the chat from our storage, others from their platform."""

from __future__ import annotations

from typing import Protocol

from bot.channels.whatsapp.media import Unfit
from core.store.files.photos import Photos

OURS = "upload:"


class Fetching(Protocol):
    def fetch(self, media_id: str, *, largest: int, until: float) -> bytes: ...


class UploadedMedia:
    def __init__(self, kept: Photos, others: Fetching):
        self._kept, self._others = kept, others

    def fetch(self, media_id: str, *, largest: int, until: float) -> bytes:
        if not media_id.startswith(OURS):
            return self._others.fetch(media_id, largest=largest, until=until)
        photo = self._kept.get(media_id.removeprefix(OURS))
        if photo is None:
            raise Unfit("failed", "the upload is not there any more")
        if len(photo) > largest:
            raise Unfit("too_large", "larger than allowed")
        return photo
