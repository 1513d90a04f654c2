"""A made-up month of the demo hotel: what `turno demo --month` puts in place, and that it goes among no real people."""

from __future__ import annotations

from typing import Any

from bot.commands import demo
from bot.commands.desk_check import broken_panels
from core.settings import Settings
from core.store.db import Database


def one(db: Database, query: str) -> Any:
    with db.transaction() as tx:
        return tx._cursor.execute(query).fetchone()


def test_the_month_of_the_hotel_fills_its_boards_once(db: Database) -> None:
    with db.transaction() as tx:
        demo.put(tx)
    assert [*demo.put_months(db.url)] == ["hotel-mirador: a made-up month"]
    counts = one(db, """
        select (select count(*) from quotes) as quotes, (select count(*) from bookings where state = 'booked') as booked,
            (select count(*) from bookings where state = 'unknown') as unknown,
            (select count(*) from errands where result ->> 'why' = 'sold_out') as sold_out,
            (select count(*) from holds where state = 'expired') as expired,
            (select count(*) from bookings where content ? 'late') as late,
            (select count(*) from tickets t join holds h on h.key = t.content ->> 'hold' and h.state = 'held') as receipts""")  # fmt: skip
    assert counts.quotes > 300 and counts.booked > 80 and counts.unknown == 1
    assert counts.sold_out > 20 and counts.expired > 20 and counts.late > 3 and counts.receipts == 2
    assert broken_panels(db, Settings.model_validate({}), "hotel") == []
    assert "has conversations already" in next(demo.put_months(db.url)), "and not twice"
