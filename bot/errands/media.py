"""Two services that every desk has: photos are examined, and voice notes written down."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import Any

from bot.errands.media_examine import Examiner, Finding
from bot.errands.media_keeping import forget_upload
from bot.errands.running import Begin, Policy, Result, State
from core import telemetry
from core.errors import TimedOut, TurnoError
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.files import photos
from core.store.files.photos import Photos
from core.store.path.errands import Errand
from core.telemetry import log

SHORTEST_TRY_S = 2.0
FOR = {"photo": "image", "voice": "audio"}
"""What a media result calls them."""


class MediaService:
    """Looks into photos, or listens to voice notes."""

    busy = 0

    def __init__(self, db: Database, examiner: Examiner, kept: Photos, settings: Settings):
        self._db, self._examiner, self._kept = db, examiner, kept
        s = settings
        self.policy = Policy(s.media_attempts, s.media_backoff_s, s.media_size, SHORTEST_TRY_S)

    def limit_s(self, errand: Errand) -> float:
        """The first try gets all it needs, those after it what is left."""
        longest_s = self._examiner.longest_s(errand.service)
        return longest_s if errand.attempts <= 1 else min(longest_s, errand.left_s)

    def attempt(self, errand: Errand, limit_s: float, begin: Begin) -> Result:
        began, outcome = monotonic(), "again"
        try:
            finding = self._examiner.examine(errand, began + limit_s)
            outcome = finding.outcome
        finally:
            telemetry.looked(FOR[errand.service], outcome, monotonic() - began)
        return self._result(errand, finding, self._keep(errand, finding))

    def give_up(self, errand: Errand, error: Exception) -> Result:
        outcome = "timed_out" if isinstance(error, TimedOut) else "failed"
        telemetry.looked(FOR[errand.service], outcome)
        return self._result(errand, Finding(outcome, why=_why(error)))

    def afterwards(self, errand: Errand) -> None:
        forget_upload(self._db, self._kept, errand)

    def _keep(self, errand: Errand, finding: Finding) -> str:
        """The name under which its picture is kept; what it says matters more than keeping it."""
        if not finding.picture:
            return ""
        try:
            return self._kept.put(finding.picture)
        except (OSError, TurnoError) as error:
            log.error("media.not_kept", correlation_id=errand.correlation_id, error=type(error).__name__)
            return ""

    def _result(self, errand: Errand, finding: Finding, photo: str = "") -> Result:
        state: State = "done" if finding.why is None else "failed"
        write = partial(_add_photo, errand, photo, len(finding.picture))
        content = _content(errand, finding, photo)
        return Result(state, "media_result", content, finding.text, finding.why, write=write)


def _why(error: Exception) -> str:
    told = isinstance(error, TurnoError)
    return f"{type(error).__name__}: {error}" if told else f"broken: {type(error).__name__}"


def _add_photo(errand: Errand, photo: str, size: int, tx: Tx) -> None:
    if photo:
        photos.add(
            tx,
            conversation_id=errand.conversation_id,
            event_id=errand.event_id,
            purpose=errand.what,
            sha256=photo,
            size=size,
            received_at=errand.received_at,
        )


def _content(errand: Errand, finding: Finding, photo: str) -> dict[str, Any]:
    known = {"for": FOR[errand.service], "outcome": finding.outcome, "purpose": errand.what}
    content: dict[str, Any] = {**finding.more, **known}
    if finding.codes:
        content["codes"] = list(finding.codes)
    if finding.text:
        content["text"] = finding.text
    if finding.source:
        content["source"] = finding.source
    if photo:
        content["photo"] = photo
    return content
