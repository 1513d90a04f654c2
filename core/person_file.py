"""Export of one person's data as a ZIP, streamed: memory holds one page or photo at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import RawIOBase
from re import IGNORECASE, Pattern, compile, escape
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core.store.db import Database
from core.store.files.photos import Photos
from core.store.people import export

README = """What {desks} keeps about you
{line}

transcript.txt          what was said, in order, readable as it is (times are UTC)
photos/                 the photos that are still kept
data/*.jsonl            every row, one JSON object a line, one file a table:

  contacts, aliases     who you are to us: the name your phone shows, and your numbers
  conversations, sessions   your conversations, and where each stands
  inbox                 what you wrote, as it came
  outbox, deliveries    what we wrote, and whether it arrived
  steps, timers         what was understood and decided, and what is to happen later
  tickets, ticket_changes, surveys, survey_answers   your reports, and your ratings
  errands, photos       photos and voice notes that were looked into, and what services did
  quotes, bookings      prices that were told, and what was booked
  web_sessions          browsers in which you wrote to us
  desk_contacts         which of our places you belong to

A photo that is listed in data/photos.jsonl and not in photos/ was already removed. Whoever of our staff wrote to you or
worked on a report is called "staff".
"""
STAFF = "staff"


class _Sink(RawIOBase):
    """A write-only file for the ZIP writer, emptied in pieces by the reader."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def pieces(db: Database, contact_id: int, kept: Photos, desks: Iterable[str]) -> Iterator[bytes]:
    """The ZIP, piece by piece."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as zipped:
        for _ in _fill(zipped, db, contact_id, kept, " · ".join(desks) or "this service"):
            if piece := sink.take():
                yield piece
    yield sink.take()


def _fill(zipped: ZipFile, db: Database, contact_id: int, kept: Photos, desks: str) -> Iterator[None]:
    zipped.writestr("README.txt", README.format(desks=desks, line="=" * (len(desks) + 26)))
    yield
    staff = _names(export.staff(db))
    yield from _lines(zipped, "transcript.txt", (db, export.TRANSCRIPT, contact_id), staff)
    for table, statement in export.TABLES.items():
        yield from _lines(zipped, f"data/{table}.jsonl", (db, statement, contact_id), staff)
    yield from _photos(zipped, db, contact_id, kept)


def _names(emails: Iterable[str]) -> Pattern[str]:
    """Every name staff go by: their log-in, and that of a shell."""
    return compile("|".join([r'\bcli:[^"\s]+', *(rf"(?<![\w.+-]){escape(email)}" for email in emails)]), IGNORECASE)


def _lines(zipped: ZipFile, name: str, asked: tuple[Database, str, int], staff: Pattern[str]) -> Iterator[None]:
    with zipped.open(_entry(name), "w", force_zip64=True) as file:
        for row in export.rows(*asked):
            file.write(f"{staff.sub(STAFF, row.line)}\n".encode("utf-8", "replace"))
            yield


def _photos(zipped: ZipFile, db: Database, contact_id: int, kept: Photos) -> Iterator[None]:
    for row in export.rows(db, export.TABLES["photos"], contact_id):
        picture = kept.get(row.sha256)
        if picture is not None:
            zipped.writestr(_entry(f"photos/{row.after}.jpg"), picture)
            yield


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
