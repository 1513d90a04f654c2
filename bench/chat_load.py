"""`python -m bench.chat_load --rate 50 --for 300`: visitors of the web chat, so many mixed requests a second for so long.

The web side and a worker run as deployed, behind a proxy, on a PostgreSQL of their own. `--ai hang` has an AI that
never answers; `--ai hang-always` the same without the breaker that leaves it alone. Exits 1 when anything went wrong:
an answer that is not 200 or not the right one, a line without exactly one effect, a ticket doubled, a p95 too long.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

import psutil
import psycopg
import requests
from psycopg.rows import dict_row

from bench import crowd, sides, visitors
from bench.processes import FOLDER, cpu_s, free_port, machine_s, running, wait_until_open
from bench.sides import Side
from bench.visitors import Hall, Heard
from bench.visits import LONGEST, VISITS
from core.settings import Settings
from core.store import embedded

SEATS = 200
WARM_S = 20.0
DRAIN_S = 120.0
MINUTE_S = 60.0
CHAT_S = 1.0
"""What 19 of 20 lines are answered within, with the AI off."""

FOUND = """
    select (select count(*) from inbox where kind in ('text', 'choice'))::int as chat,
        (select count(*) from inbox where kind = 'request_welcome')::int as greeting,
        (select count(*) from inbox where kind = 'image')::int as upload,
        (select count(*) from inbox where kind = 'ticket_wanted')::int as ticket,
        (select count(*) from tickets)::int as tickets,
        (select count(*) from tickets t join tickets o using (conversation_id) where t.number < o.number)::int as doubled,
        (select count(*) from inbox where state <> 'done')::int as unfinished,
        (select count(*) from errands where state = 'waiting')::int as unseen,
        (select count(*) from inbox i where 1 <> (select count(*) from steps s where s.event_id = i.id))::int as astray
"""
"""`astray`: events that had not exactly one effect."""
UNBROKEN = {"AI_BREAKER_FAILURES": "1000000", "MEDIA_SIZE": "16"}
"""Nothing leaves the AI alone, and so many photos may wait for it at once."""
COUNTED = ("chat", "greeting", "upload", "ticket")
"""What each such call leaves in the inbox once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    heard: Sequence[Heard]
    """Since the measuring began."""
    answered: Mapping[str, int]
    """Calls of each kind that were answered, from the very beginning."""
    found: Mapping[str, int]
    for_s: float
    memory: Sequence[Mapping[str, float]]
    cpu_s: Mapping[str, float]
    own_s: float
    others_s: float

    def wrong(self, most_chat_s: float) -> list[str]:
        """Violated expectations, in words."""
        told = [
            f"{name}: {self.found[name]}" for name in ("doubled", "unfinished", "unseen", "astray") if self.found[name]
        ]
        told += [
            f"{name}: {self.answered.get(name, 0)} were answered, {self.found[name]} are in the inbox"
            for name in COUNTED
            if self.answered.get(name, 0) != self.found[name]
        ]
        told += [f"{count} × {why}" for why, count in Counter(h.wrong for h in self.heard if h.wrong).most_common(9)]
        p95_s = visitors.latency([h.took_s for h in self.heard if h.name == "chat"]).p95 / 1000
        return told + ([f"p95 of the chat: {p95_s:.2f} s, not {most_chat_s:.1f}"] if p95_s >= most_chat_s else [])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chat_load", description=__doc__)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--for", type=float, default=300.0, dest="for_s", help="seconds")
    parser.add_argument("--ai", choices=("off", "hang", "hang-always"), default="off")
    chosen = parser.parse_args()
    with _settings(chosen.ai) as settings:
        outcome = measured(settings, chosen.rate, chosen.for_s)
    most_chat_s = CHAT_S if chosen.ai == "off" else Settings().ai_extract_s + 1.0
    print("\n".join(lines(outcome, chosen.ai)))
    wrong = outcome.wrong(most_chat_s)
    print("\nwrong:\n  " + "\n  ".join(wrong) if wrong else "\n0 errors")
    return 1 if wrong else 0


@contextmanager
def _settings(ai: str) -> Iterator[dict[str, str]]:
    """As deployed behind one proxy, with room for everybody who comes; with an AI that hangs, if it is to."""
    settings = {
        **sides.DEPLOYED,
        "PROXIES": "1",
        "WEBCHAT_MAX_USERS": "10000",
        "PHOTOS_FOLDER": str(FOLDER / "photos-chat"),
    }
    if ai == "off":
        yield settings
        return
    port = free_port()
    with running("ai", ["-m", "simulator.ai_double", "--port", str(port)], {}) as double:
        wait_until_open(port, double)
        requests.put(f"http://127.0.0.1:{port}/mode", json={"mode": "hang"}, timeout=10).raise_for_status()
        settings |= {"SMART_MODE": "true", "OPENAI_API_KEY": "double", "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}
        yield settings | (UNBROKEN if ai == "hang-always" else {})


def measured(settings: Mapping[str, str], rate: float, for_s: float) -> Outcome:
    folder = FOLDER / "postgres-chat"
    _clear(folder, settings)
    try:
        with ExitStack() as stack:
            database = crowd.make(stack.enter_context(embedded.running(folder)), "chat")
            postgres = sides.postmaster(folder)
            side = stack.enter_context(sides.ours(database, postgres, free_port(), settings=settings))
            hall = Hall(side.port, VISITS, seats=SEATS, rate=rate, longest=LONGEST)
            return _watched(hall, side, database, for_s)
    finally:
        _clear(folder, settings)


def _clear(folder: object, settings: Mapping[str, str]) -> None:
    for each in (folder, settings["PHOTOS_FOLDER"]):
        shutil.rmtree(str(each), ignore_errors=True)


def _watched(hall: Hall, side: Side, database: str, for_s: float) -> Outcome:
    """Visitors come and go; what they hear counts once all seats are taken."""
    counts_from = hall.open() + WARM_S
    sleep(max(0.0, counts_from - monotonic()))
    before = [*map(_cpu_s, side.processes), own_s(), machine_s()]
    memory = [sides.memory(side)]
    while (left := counts_from + for_s - monotonic()) > 0:
        sleep(min(left, MINUTE_S))
        memory.append(sides.memory(side))
    after = [*map(_cpu_s, side.processes), own_s(), machine_s()]
    *ours, own, machine = [now - then for now, then in zip(after, before, strict=True)]
    took_s = monotonic() - counts_from
    hall.close()
    found = _drained(database)
    answered = Counter(h.name for h in hall.answers() if not h.wrong)
    heard = [h for h in hall.answers() if h.wrong or h.due >= counts_from]
    used = dict(zip(side.names, ours, strict=True))
    return Outcome(heard, answered, found, took_s, memory, used, own, max(0.0, machine - own - sum(ours)))


def _cpu_s(process: psutil.Process) -> float:
    return cpu_s([process])


def own_s() -> float:
    """CPU seconds of this process, which is the generator."""
    own = psutil.Process().cpu_times()
    return float(own.user + own.system)


def _drained(database: str) -> dict[str, int]:
    """Wait until every message had its effect or the time is over; returns the database's counts."""
    until = monotonic() + DRAIN_S
    with psycopg.connect(database, autocommit=True, row_factory=dict_row) as connection:
        while True:
            found = connection.execute(FOUND).fetchone()
            assert found is not None
            if monotonic() > until or not (found["unfinished"] or found["unseen"]):
                return found
            sleep(0.5)


def lines(outcome: Outcome, ai: str) -> Iterator[str]:
    heard, found = [h for h in outcome.heard if h.name != "visit"], outcome.found
    yield f"{len(heard) / outcome.for_s:.1f} requests a second for {outcome.for_s:.0f} s from {SEATS} visitors at once; AI: {ai}"
    yield f"{found['greeting']} visits, {found['chat']:,} lines, {found['upload']} photos, {found['tickets']} tickets"
    yield ""
    yield f"{'ms':18}{'calls':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}"
    for name in sorted({h.name for h in heard}):
        took = [h.took_s for h in heard if h.name == name]
        yield f"{name:18}{len(took):>8,}{milliseconds(took)}"
    yield f"{'sent late by':18}{'':>8}{milliseconds([h.began_s for h in heard])}"
    yield ""
    yield f"{'memory of its own, MB, each minute':36}" + " ".join(f"{n:>5}" for n in range(len(outcome.memory)))
    for name in outcome.memory[0]:
        yield f"{name:36}" + " ".join(f"{told.get(name, 0):>5.0f}" for told in outcome.memory)
    yield ""
    used = sum(outcome.cpu_s.values())
    yield (
        f"CPU: {used / outcome.for_s:.2f} cores, {1000 * used / len(heard):.1f} ms a request ("
        + ", ".join(f"{name} {1000 * seconds / len(heard):.1f}" for name, seconds in outcome.cpu_s.items())
        + f"); the generator's {outcome.own_s / (outcome.own_s + used):.0%}"
    )
    yield f"other programs kept {outcome.others_s / outcome.for_s:.1f} of {psutil.cpu_count()} cores busy meanwhile"


def milliseconds(took: Sequence[float]) -> str:
    told = visitors.latency(took)
    return f"{told.p50:>9.1f}{told.p95:>9.1f}{told.p99:>9.1f}{told.most:>9.1f}"


if __name__ == "__main__":
    sys.exit(main())
