"""Many bookings at a house that fails in every way it knows: `python -m tests.integration.under_faults 1000`.

A test runs a few dozen; by night run a thousand. Each goes through the real errand worker and real HTTP. In the end no key
is booked twice, whatever is told as booked is there, and a room that two have is marked for reception.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from bot.desks.hotel.house import written
from bot.desks.hotel.house.port import Party, Stay
from core.store.db import Database
from core.store.promises import holds, quotes
from core.store.promises.holds import Period, Wanted
from core.store.promises.quotes import Priced
from simulator import serve
from simulator.qloapps.app import Double, create
from simulator.qloapps.stock import Kind, Stock
from tests.inn import ARRIVES, business
from tests.integration.crew import Rooms
from tests.integration.errands import do_all
from tests.integration.lodging import NUMBER, Desk, opened

ROOMS = 40
CHANCES = {
    "error_500": 0.06, "late": 0.03, "no_effect": 0.04, "half": 0.05, "html": 0.04, "error_200": 0.04, "drop": 0.05,
    "too_many": 0.05, "overbook": 0.02, "wrong_price": 0.02,
}  # fmt: skip


class Run:
    def __init__(self, desk: Desk, double: Double, count: int):
        self.desk, self.double, self.count = desk, double, count

    def go(self) -> Mapping[str, int]:
        """Figures of the run."""
        self.double.faults.by_chance(CHANCES)
        for number in range(self.count):
            self._want(number)
        do_all(self.desk.rooms, self.desk.worker)
        self.double.faults.clear()
        return self._figures()

    def _want(self, number: int) -> None:
        """A quote and its hold, and the errand that books it."""
        stay = Stay(ARRIVES, ARRIVES + timedelta(days=1)).moved(number // ROOMS)
        lower = datetime.combine(stay.arrives, datetime.min.time(), UTC)
        period = Period(lower + timedelta(hours=15), lower + timedelta(hours=36))
        content = {**written.of_stay(stay), "name": "General", "parties": written.of_parties([Party()]), "nights": []}
        with self.desk.rooms.db.transaction() as tx:
            priced = Priced("1", period, Decimal(1300), Decimal(50), "USD", content)
            [quote] = quotes.put(
                tx, "mirador", 1, f"q{number}", [priced], source="x", read_at=datetime.now(UTC), good_s=9999
            )
            wanted = Wanted("mirador", "1", [str(unit) for unit in range(1, ROOMS + 1)], period, f"h{number}")
            assert holds.take(tx, wanted, for_s=99999, conversation_id=1)
        guest = {"name": "Ana Gómez", "email": "ana@example.com"}
        asked = json.dumps({"quote": quote.id, "hold": f"h{number}", "guest": guest})
        self.desk.rooms.ask(
            "insert into errands (conversation_id, event_id, service, what, key, content, within_s)"
            " values (1, 1, 'booking', 'book', %(key)s, %(content)s, 3600) returning 1",
            key=f"b{number}",
            content=asked,
        )

    def _figures(self) -> dict[str, int]:
        ours = self.desk.ask("select key, state, reference, attention from bookings")
        states = Counter(row.state for row in ours)
        sources = Counter(order.source for order in self.double.stock.orders.values())
        there = {str(id) for id in self.double.stock.orders}
        flagged = Counter(row.attention for row in ours if row.attention)
        return {
            "asked for": self.count,
            "booked": states["booked"],
            "failed": states["failed"],
            "unknown": states["unknown"],
            "POSTs": self.double.asked.count("POST bookings"),
            "keys booked twice": sum(count > 1 for count in sources.values()),
            "told as booked and not there": sum(row.state == "booked" and row.reference not in there for row in ours),
            "booked there and not told": sum(
                1 for row in ours if row.state != "booked" and sources[f"wa:{row.key}"]
            ),
            "rooms given twice by the house": len(self.double.stock.doubled()),
            "marked overbooked": flagged["overbooked"],
            "marked another price": flagged["another_price"],
        }  # fmt: skip


def double() -> Double:
    return Double(stock=Stock({1: Kind(1, "General Rooms", tuple(range(1, ROOMS + 1)))}))


def run(db: Database, folder: Path, count: int) -> Mapping[str, int]:
    """So many bookings, and their figures."""
    made = double()
    server = serve.server(create(made), "127.0.0.1", 0)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    described: Any = business(NUMBER, house="qloapps", house_url=f"http://127.0.0.1:{server.port}/api", settles_s=0.2)
    rooms = Rooms(db)
    try:
        with opened(rooms, folder, described, service_keys=f"mirador={made.key}", breaker_failures=1_000_000) as desk:
            return Run(desk, made, count).go()
    finally:
        made.let_go.set()
        server.shutdown()
        server.server_close()
        rooms.close()


def main() -> int:
    from alembic import command

    from core.store import embedded
    from tests.migrations.steps import config

    count, began = int(sys.argv[1]) if len(sys.argv) > 1 else 1000, monotonic()
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder) / "postgres") as url:
        command.upgrade(config(url), "head")
        db = Database(url, pool=8)
        figures = run(db, Path(folder) / "desks", count)
        db.close()
    for name, figure in figures.items():
        print(f"{name:32} {figure:6}")
    print(f"{'seconds':32} {monotonic() - began:6.0f}")
    return 1 if figures["keys booked twice"] or figures["told as booked and not there"] else 0


if __name__ == "__main__":
    sys.exit(main())
