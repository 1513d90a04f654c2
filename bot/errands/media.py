"""The media worker: downloads and examines photos and voice notes, and returns the results as events.

A job and its event are finished by one commit. No transaction is open while anything is fetched or looked into.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any

from bot.errands.media_examine import Examiner, Finding
from bot.errands.media_keeping import forget_upload
from core import bell, telemetry
from core.bell import Bell, Ear
from core.errors import Retryable, TimedOut, TurnoError
from core.retry import backoff_s
from core.settings import Settings
from core.store.db import Database, Tx
from core.store.files import media, photos
from core.store.files.media import MediaJob
from core.store.files.photos import Photos
from core.store.path import inbox
from core.telemetry import log

SHORTEST_TRY_S = 2.0
"""With less time left than this, another try is not begun."""


@dataclass(frozen=True, slots=True)
class Told:
    """The result of one try: a finding, or an error after which a retry may succeed."""

    job: MediaJob
    finding: Finding
    photo: str = ""
    again_in_s: float | None = None


class MediaWorker:
    name = "media"

    def __init__(self, db: Database, bell: Bell, ear: Ear, examiner: Examiner, kept: Photos, settings: Settings):
        self._db, self._bell, self._ear = db, bell, ear
        self._examiner, self._kept, self._settings = examiner, kept, settings
        self.token = secrets.randbits(62)
        self._tries = ThreadPoolExecutor(settings.media_size, thread_name_prefix="media")
        self._under_way: dict[int, MediaJob] = {}
        self.told: deque[Told] = deque()

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    def run_once(self) -> int:
        """Write down what the last tries told, keep the leases of those under way, and take the next."""
        told = list(self.told)
        done = {one.job.id for one in told}
        with self._db.transaction() as tx:
            for one in told:
                self._write(tx, one)
            media.renew(tx, self._under_way.keys() - done, token=self.token, lease_s=self._settings.media_lease_s)
            claimed = self._claim(tx, self._under_way.keys() - done)
        self._settle_up(told)
        for one in told:
            if one.again_in_s is None:
                self._tries.submit(forget_upload, self._db, self._kept, one.job)
        for job in claimed:
            self._under_way[job.id] = job
            self._tries.submit(self._try, job)
        return len(told) + len(claimed)

    def wait(self) -> None:
        if not self.told:
            longest_s = self._settings.poll_s
            self._ear.wait(
                bell.MEDIA, min(longest_s, self._settings.media_lease_s / 3) if self._under_way else longest_s
            )

    def wake(self) -> None:
        self._ear.wake(bell.MEDIA)

    def drain(self) -> None:
        """Let the tries under way end, and write down what they told. Nothing new is taken."""
        self._tries.shutdown(wait=True)
        told = list(self.told)
        with self._db.transaction() as tx:
            for one in told:
                self._write(tx, one)
        self._settle_up(told)
        for one in told:
            if one.again_in_s is None:
                forget_upload(self._db, self._kept, one.job)

    def _claim(self, tx: Tx, busy: Set[int]) -> list[MediaJob]:
        room = self._settings.media_size - len(busy)
        if room <= 0:
            return []
        claimed = media.claim(tx, token=self.token, size=room, lease_s=self._settings.media_lease_s)
        # One that is under way here lost its lease and was claimed anew: its try goes on, and may finish it.
        return [job for job in claimed if job.id not in busy]

    def _try(self, job: MediaJob) -> None:
        """One try, in a thread of its own; whatever happens, its outcome is told."""
        began = monotonic()
        try:
            told = self._examined(job, began)
        except Exception as error:
            log.error("media.broken", correlation_id=job.correlation_id, error=type(error).__name__, exc_info=True)
            told = Told(job, Finding("failed", why=f"broken: {type(error).__name__}"))
        telemetry.looked(job.kind, told.finding.outcome if told.again_in_s is None else "again", monotonic() - began)
        self.told.append(told)
        self._ear.wake(bell.MEDIA)

    def _examined(self, job: MediaJob, began: float) -> Told:
        limit_s = self._limit_s(job)
        if job.attempts > self._settings.media_attempts or limit_s < SHORTEST_TRY_S:
            return Told(job, Finding("timed_out", why="its time was over"))
        try:
            finding = self._examiner.examine(job, began + limit_s)
        except Retryable as error:
            return self._after(job, error, monotonic() - began)
        return Told(job, finding, self._keep(job, finding))

    def _limit_s(self, job: MediaJob) -> float:
        """How long this try may take: the first one all it needs, those after it what is left."""
        longest_s = self._examiner.longest_s(job.kind)
        return longest_s if job.attempts <= 1 else min(longest_s, self._settings.media_result_s - job.age_s)

    def _after(self, job: MediaJob, error: Retryable, took_s: float) -> Told:
        """Another try, if there are tries and time left; else the outcome is that there was none."""
        s = self._settings
        why = f"{type(error).__name__}: {error}"
        wait_s = backoff_s(job.attempts, first_s=s.media_backoff_s)
        finding = Finding("timed_out" if isinstance(error, TimedOut) else "failed", why=why)
        left_s = s.media_result_s - job.age_s - took_s - wait_s
        if job.attempts >= s.media_attempts or left_s < SHORTEST_TRY_S:
            return Told(job, finding)
        return Told(job, finding, again_in_s=wait_s)

    def _keep(self, job: MediaJob, finding: Finding) -> str:
        """The name under which its picture is kept; what it says matters more than keeping it."""
        if not finding.picture:
            return ""
        try:
            return self._kept.put(finding.picture)
        except (OSError, TurnoError) as error:
            log.error("media.not_kept", correlation_id=job.correlation_id, error=type(error).__name__)
            return ""

    def _write(self, tx: Tx, told: Told) -> None:
        job, finding = told.job, told.finding
        if told.again_in_s is not None:
            media.put_off(tx, job.id, token=self.token, wait_s=told.again_in_s, error=finding.why or "")
        elif media.finish(tx, job.id, token=self.token, error=finding.why):
            if told.photo:
                photos.add(
                    tx,
                    conversation_id=job.conversation_id,
                    event_id=job.event_id,
                    purpose=job.purpose,
                    sha256=told.photo,
                    size=len(finding.picture),
                    received_at=job.received_at,
                )
            inbox.add_own(tx, job.conversation_id, f"media:{job.id}", "media_result", _content(told), text=finding.text)

    def _settle_up(self, told: Sequence[Told]) -> None:
        """It is written down: these are no longer under way."""
        for one in told:
            self.told.popleft()
            self._under_way.pop(one.job.id, None)
            log.info(
                "media.put_off" if one.again_in_s is not None else "media.done",
                correlation_id=one.job.correlation_id,
                job=one.job.id,
                outcome=one.finding.outcome,
                why=one.finding.why,
            )
        if told:
            self._bell.ring(bell.INBOX)


def _content(told: Told) -> dict[str, Any]:
    job, finding = told.job, told.finding
    known = {"for": job.kind, "outcome": finding.outcome, "purpose": job.purpose}
    content: dict[str, Any] = {**finding.more, **known}
    if finding.codes:
        content["codes"] = list(finding.codes)
    if finding.text:
        content["text"] = finding.text
    if finding.source:
        content["source"] = finding.source
    if told.photo:
        content["photo"] = told.photo
    return content
