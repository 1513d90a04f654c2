"""`python -m bench.ticket_list`: what a page of the list of tickets costs, with a thousand and with a million of them.

`GET /api/tickets` of a real web process over HTTP, at the first page and at page 10,000 (the last one, where there are
fewer), asked in turns. Exits 1 when a page costs more than 1.5 times what the first one costs among a thousand.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import psutil
import psycopg
import requests

from bench import crowd, sides
from bench.processes import FOLDER, free_port, running, wait_until_open
from core.store import embedded

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PAGE, DEEP = 50, 10_000
ROUNDS = 200
MOST_RATIO = 1.5
TOKEN = "bench"

FILL = """
    insert into tickets (number, desk_id, event_id, kind, status, summary, created_at)
    select 'TCK-20260101-' || lpad(to_hex(n), 6, '0'), 'it-desk', -n, 'help',
        (array['pending', 'in_progress', 'resolved'])[1 + n %% 3], 'Impresora: no imprime ' || n,
        now() - n * interval '7 seconds'
    from generate_series(%s::int, %s::int) n
"""
PLACE = "select created_at, number from tickets order by created_at desc, number desc offset %s limit 1"


@dataclass(frozen=True, slots=True)
class Pages:
    """Milliseconds of the pages that were asked for, among so many tickets."""

    tickets: int
    page: int
    first: Sequence[float]
    deep: Sequence[float]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ticket_list", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="tickets in the largest table")
    most = parser.parse_args().most
    told = list(_measured([size for size in SIZES if size <= most]))
    least = median(told[0].first)
    print(f"{'tickets':>10}{'page':>8}{'first, ms':>12}{'p95':>8}{'that page':>12}{'p95':>8}{'× first of 1,000':>18}")
    for pages in told:
        ratio = max(median(pages.first), median(pages.deep)) / least
        print(
            f"{pages.tickets:>10,}{pages.page:>8,}{_percentiles(pages.first)}{_percentiles(pages.deep)}{ratio:>18.2f}"
        )
    print(f"\n{PAGE} tickets a page, {ROUNDS} of each; {psutil.cpu_count()} cores")
    worst = max(max(median(pages.first), median(pages.deep)) for pages in told) / least
    return 1 if worst > MOST_RATIO else 0


def _percentiles(took: Sequence[float]) -> str:
    return f"{median(took):>12.2f}{sorted(took)[int(len(took) * 0.95)]:>8.2f}"


def _measured(sizes: Sequence[int]) -> Iterator[Pages]:
    folder = FOLDER / "postgres-tickets"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with ExitStack() as stack:
            database = crowd.make(stack.enter_context(embedded.running(folder)), "tickets")
            port = free_port()
            environ = {
                **sides.DEPLOYED, "DATABASE_URL": database, "PORT": str(port), "LOG_TOKEN": TOKEN,
                "PROMETHEUS_MULTIPROC_DIR": str(FOLDER / "metrics"),
            }  # fmt: skip
            wait_until_open(port, stack.enter_context(running("web", ["-m", "gunicorn"], environ)))
            there = 0
            for size in sizes:
                yield _asked(port, size, _grown(database, there + 1, size))
                there = size
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _grown(database: str, first: int, last: int) -> tuple[int, str]:
    """More tickets, older than those that are there; which page is asked for, and where it begins."""
    page = min(DEEP, last // PAGE)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute(FILL, [first, last])
        connection.execute("vacuum analyze tickets")
        connection.execute("checkpoint")
        row = connection.execute(PLACE, [(page - 1) * PAGE - 1]).fetchone()
        assert row is not None
        return page, f"{row[0].isoformat()}~{row[1]}"


def _asked(port: int, size: int, place: tuple[int, str]) -> Pages:
    took: dict[str, list[float]] = {"": [], place[1]: []}
    with requests.Session() as session:
        session.headers["X-Log-Token"] = TOKEN
        for _ in range(ROUNDS):
            for after, times in took.items():
                began = perf_counter()
                answer = session.get(
                    f"http://127.0.0.1:{port}/api/tickets", params={"limit": PAGE, "after": after}, timeout=60
                )
                times.append(1000 * (perf_counter() - began))
                assert len(answer.json()["tickets"]) == PAGE, answer.text[:200]
    return Pages(size, place[0], took[""], took[place[1]])


if __name__ == "__main__":
    sys.exit(main())
