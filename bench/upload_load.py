"""`python -m bench.upload_load --for 300`: a hundred visitors of the web chat who each upload three photos a minute.

The web side and a worker run as deployed, behind a proxy that tells a hundred addresses, on a PostgreSQL of their own.
Exits 1 when anything went wrong: an upload refused or answered too late, a photo without a result within a minute.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from time import monotonic, sleep

import psutil
import psycopg
from psycopg.rows import dict_row

from bench import crowd, sides, visitors
from bench.chat_load import milliseconds, own_s
from bench.processes import FOLDER, cpu_s, free_port, machine_s
from bench.sides import Side
from bench.visitors import Call, Client, Hall, Heard, Visit, Visiting
from bench.visits import Visitor, introduced, photo
from core.store import embedded

VISITORS = 100
EVERY_S = 20.5
"""Three a minute, and a little less, so that the limit of three a minute is not met by chance."""
MANY = 1_000_000
UPLOAD_S = 0.2
RESULT_S = 60.0
DRAIN_S = 90.0

FOUND = """
    select count(*)::int as photos, count(*) filter (where j.state = 'failed')::int as failed,
        count(*) filter (where s.at is null)::int as unanswered,
        coalesce(percentile_cont(0.5) within group (order by extract(epoch from s.at - i.received_at)), 0) as p50_s,
        coalesce(percentile_cont(0.95) within group (order by extract(epoch from s.at - i.received_at)), 0) as p95_s,
        coalesce(max(extract(epoch from s.at - i.received_at)), 0)::float as most_s
    from inbox i
    left join errands j on j.event_id = i.id
    left join inbox r on r.external_id = 'errand:' || j.id
    left join steps s on s.event_id = r.id
    where i.kind = 'image'
"""
"""From the moment a photo was accepted to the turn that says what was seen on it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    heard: Sequence[Heard]
    found: Mapping[str, float]
    for_s: float
    before: Mapping[str, float]
    after: Mapping[str, float]
    cpu_s: float
    own_s: float
    others_s: float

    @property
    def wrong(self) -> list[str]:
        """Violated expectations, in words."""
        told = [f"{count} × {why}" for why, count in Counter(h.wrong for h in self.heard if h.wrong).most_common(9)]
        told += [f"{name}: {self.found[name]}" for name in ("failed", "unanswered") if self.found[name]]
        accepted = sum(not h.wrong for h in self.heard)
        if accepted != self.found["photos"]:
            told.append(f"{accepted} uploads were answered, {self.found['photos']} are in the inbox")
        p95_s = visitors.latency([h.took_s for h in self.heard]).p95 / 1000
        if p95_s >= UPLOAD_S:
            told.append(f"p95 of an upload: {1000 * p95_s:.0f} ms")
        if self.found["most_s"] >= RESULT_S:
            told.append(f"a photo took {self.found['most_s']:.0f} s")
        return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.upload_load", description=__doc__)
    parser.add_argument("--for", type=float, default=300.0, dest="for_s", help="seconds")
    outcome = measured(parser.parse_args().for_s)
    print("\n".join(lines(outcome)))
    print("\nwrong:\n  " + "\n  ".join(outcome.wrong) if outcome.wrong else "\n0 errors")
    return 1 if outcome.wrong else 0


def measured(for_s: float) -> Outcome:
    folder, photos = FOLDER / "postgres-uploads", FOLDER / "photos-uploads"
    for each in (folder, photos):
        shutil.rmtree(each, ignore_errors=True)
    settings = {**sides.DEPLOYED, "PROXIES": "1", "PHOTOS_FOLDER": str(photos), "UPLOAD_MOST": str(MANY)}
    try:
        with ExitStack() as stack:
            database = crowd.make(stack.enter_context(embedded.running(folder)), "uploads")
            _take_any_number(database)
            postgres = sides.postmaster(folder)
            side = stack.enter_context(sides.ours(database, postgres, free_port(), settings=settings))
            return _watched(side, database, for_s)
    finally:
        for each in (folder, photos):
            shutil.rmtree(each, ignore_errors=True)


def _take_any_number(database: str) -> None:
    """Each visitor stands for many who come one after the other, so no session may be full after ten photos."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("update desks set settings = settings - 'photos'")


def _watched(side: Side, database: str, for_s: float) -> Outcome:
    hall = Hall(side.port, _introduced(Client(side.port)), seats=VISITORS, rate=VISITORS / EVERY_S)
    before, memory = (cpu_s(side.processes), own_s(), machine_s()), sides.memory(side)
    begins = hall.open()
    sleep(max(0.0, begins + for_s - monotonic()))
    hall.close()
    took_s = monotonic() - begins
    used = [now - then for now, then in zip((cpu_s(side.processes), own_s(), machine_s()), before, strict=True)]
    found = _drained(database)
    others_s = max(0.0, used[2] - used[0] - used[1])
    return Outcome([*hall.answers()], found, took_s, memory, sides.memory(side), used[0], used[1], others_s)


def _introduced(client: Client) -> list[Visiting]:
    """A visit for each seat, of somebody who said everything but what the problem is."""
    return [_shows_photos(client, number) for number in range(VISITORS)]


def _shows_photos(client: Client, number: int) -> Visiting:
    visitor, answer = Visitor(f"{number:08}"), None
    told = introduced(visitor, "Ana")
    while True:
        try:
            answer = client.ask(told.send(answer), visitors.address(number, 0))
        except StopIteration:
            return lambda _: _uploads(visitor)


def _uploads(visitor: Visitor) -> Visit:
    while True:
        yield Call("upload", "/api/upload-image", photo=photo(), headers=visitor.own)


def _drained(database: str) -> dict[str, float]:
    until = monotonic() + DRAIN_S
    with psycopg.connect(database, autocommit=True, row_factory=dict_row) as connection:
        while True:
            found = connection.execute(FOUND).fetchone()
            assert found is not None
            if monotonic() > until or not found["unanswered"]:
                return found
            sleep(0.5)


def lines(outcome: Outcome) -> Iterator[str]:
    heard, found = outcome.heard, outcome.found
    size = len(photo())
    yield f"{VISITORS} visitors, {len(heard)} photos of {size / 1000:.0f} KB in {outcome.for_s:.0f} s ({len(heard) / outcome.for_s:.1f} a second)"
    yield ""
    yield f"{'':18}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}"
    yield f"{'upload, ms':18}{milliseconds([h.took_s for h in heard])}"
    yield f"{'sent late by, ms':18}{milliseconds([h.began_s for h in heard])}"
    yield f"{'its result, s':18}{found['p50_s']:>9.1f}{found['p95_s']:>9.1f}{'':>9}{found['most_s']:>9.1f}"
    yield ""
    yield f"{'memory of its own, MB':24}{'before':>9}{'after':>9}"
    for name, mb in outcome.before.items():
        yield f"{name:24}{mb:>9.0f}{outcome.after.get(name, 0):>9.0f}"
    yield ""
    share = outcome.own_s / (outcome.own_s + outcome.cpu_s)
    yield f"CPU: {outcome.cpu_s / outcome.for_s:.2f} cores, {1000 * outcome.cpu_s / len(heard):.0f} ms a photo; the generator's {share:.0%}"
    yield f"other programs kept {outcome.others_s / outcome.for_s:.1f} of {psutil.cpu_count()} cores busy meanwhile"


if __name__ == "__main__":
    sys.exit(main())
