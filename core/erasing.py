"""Erasure of a person's data, resumable, and repeated after a backup was restored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from core.errors import Broken, TurnoError
from core.store.db import Database
from core.store.files import photos
from core.store.files.photos import Photos
from core.store.people import person, synthetic
from core.store.people.person import Gone, Tombstone
from core.store.people.rows import Living
from core.synthetic import began_at
from core.telemetry import log
from core.tombstone import Alias, AliasDigest
from core.tombstone_file import TombstoneFile

AT_ONCE = 500
SYNTHETIC_MOST = timedelta(minutes=15)
"""No synthetic customer takes longer."""

Progress = Callable[[Gone], None]


@dataclass(frozen=True, slots=True)
class Eraser:
    """`kept` is where the files of photos are; None where this process has no such folder: the sweep takes them."""

    db: Database
    digests: AliasDigest
    file: TombstoneFile
    kept: Photos | None = None

    def erase(self, contact_id: int, progress: Progress = lambda _: None) -> bool:
        """Everything of this person, now. False: there is nobody of that number (any more)."""
        if not self.cut_off(contact_id):
            return False
        for gone in rest_of(self.db, contact_id, self.kept):
            progress(gone)
        return True

    def cut_off(self, contact_id: int) -> bool:
        """The first, short part; the janitor would do the rest. The tombstones are on disk before anything is gone."""
        with self.db.transaction() as tx:
            uploads = person.uploads(tx, contact_id)
            stones = person.cut(tx, contact_id, self.digests)
            if stones is None:
                return False
            self.file.add(stones)
        log.info("person.cut_off", contact=contact_id, names=len(stones))
        if self.kept is not None and uploads:
            now = datetime.now(UTC)
            _drop(self.db, self.kept, Gone("uploads", len(uploads), tuple((name, now) for name in uploads)))
        return True

    def again(self, progress: Progress = lambda _: None) -> int:
        """Erase everybody whom a restored backup brought back. How many."""
        erased_at = {stone.digest: stone.erased_at for stone in self._stones()}
        found = 0
        for contact_id, came_at, digests in self._living():
            stone = max((erased_at[digest] for digest in digests if digest in erased_at), default=None)
            if stone is not None and came_at <= stone:
                found += self.erase(contact_id, progress)
        return found

    def _stones(self) -> list[Tombstone]:
        """The tombstones of the database and of the file together; the database holds all of them afterwards."""
        with self.db.transaction() as tx:
            person.remember(tx, self.file.read())
            stones = person.tombstones(tx)
        strange = sum(stone.key != self.digests.key for stone in stones)
        if strange:
            raise Broken(f"{strange} tombstones were made with another ERASURE_SECRET: nobody can be known by them")
        return stones

    def _living(self) -> Iterator[tuple[int, datetime, list[str]]]:
        after = 0
        while True:
            with self.db.transaction() as tx:
                rows = person.living(tx, after=after, size=AT_ONCE)
            if not rows:
                return
            after = rows[-1].id
            for contact_id, names in groupby(rows, key=lambda row: row.id):
                named = list(names)
                yield contact_id, named[0].created_at, [*self._digests(named)]

    def _digests(self, names: Iterable[Living]) -> Iterator[str]:
        for row in names:
            if row.scope is not None and row.kind is not None and row.value is not None:
                yield self.digests.digest(Alias(row.scope, row.kind, row.value))


def rest_of(db: Database, contact_id: int, kept: Photos | None = None) -> Iterator[Gone]:
    """Take away what is left of somebody who was cut off, in small transactions; whoever goes on later does the same."""
    while True:
        with db.transaction() as tx:
            gone = person.erase_some(tx, contact_id, size=AT_ONCE)
        if gone is None:
            return
        if kept is not None and gone.files:
            gone = replace(gone, left=_drop(db, kept, gone))
        log.info("person.erased", contact=contact_id, part=gone.part, rows=gone.rows, files_left=gone.left)
        yield gone


def _drop(db: Database, kept: Photos, gone: Gone) -> int:
    """Remove these files; how many are left to the sweep, because the storage was away."""
    with db.transaction() as tx:
        unnamed = set(photos.unnamed(tx, [name for name, _ in gone.files]))
    left = 0
    for name, stored_at in gone.files:
        try:
            if name in unnamed:
                kept.drop(name, stored_at)
        except (TurnoError, OSError) as error:
            left += 1
            log.warning("person.file_left", error=str(error))
    return left


def finish(db: Database, most: int = 20) -> list[Gone]:
    """Some of what is left of anybody who was cut off, wherever that was begun."""
    with db.transaction() as tx:
        contact_id = person.doomed(tx)
    return [] if contact_id is None else finish_one(db, contact_id, most=most)


def finish_one(db: Database, contact_id: int, kept: Photos | None = None, *, most: int) -> list[Gone]:
    """At most so many small transactions of it; the last one is of `contacts` when nothing is left."""
    return list(islice(rest_of(db, contact_id, kept), most))


def forget_synthetic(db: Database, address: str, kept: Photos | None = None) -> None:
    """Take away the synthetic customer of this address, and everything that became of what it said."""
    with db.transaction() as tx:
        contact_ids = synthetic.customers(tx, address)
    for contact_id in contact_ids:
        with db.transaction() as tx:
            files = synthetic.take_away(tx, contact_id)
        if kept is not None and files:
            _drop(db, kept, Gone("photos", len(files), files))
    with db.transaction() as tx:
        synthetic.end(tx, address)


def forget_lost_synthetic(db: Database, now: datetime) -> int:
    """The same for those whose process died before it could. How many."""
    with db.transaction() as tx:
        lost = [each for each in synthetic.addresses(tx) if now - began_at(each) > SYNTHETIC_MOST]
    for address in lost:
        forget_synthetic(db, address)
    return len(lost)
