"""Holds: one unit has one holder at a time, until its time is over, and only its owner's key ends or prolongs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from time import monotonic

import psycopg
import pytest

from core.errors import Rejected, Unreachable
from core.store.db import Database, Tx
from core.store.promises import holds
from core.store.promises.holds import Period, Wanted
from tests import businesses

DESK = "la-espiga"
START = datetime(2027, 1, 3, 15, tzinfo=UTC)


@pytest.fixture
def db(db: Database) -> Database:
    business = {"id": DESK, "name": "La Espiga", "language": "es", "timezone": "UTC", "menu": "menu"}
    with db.transaction() as tx:
        businesses.put(tx, {"desks": [business]})
    return db


def days(first: int, last: int) -> Period:
    return Period(START + timedelta(days=first), START + timedelta(days=last) - timedelta(hours=3))


def wanted(
    key: str, period: Period | None = None, units: Sequence[str] = ("1",), *, count: int = 1, most: int | None = None
) -> Wanted:
    return Wanted(DESK, "table", units, period or days(0, 3), key, count, most)


def take(db: Database, wanted: Wanted, for_s: float = 60) -> list[str]:
    with db.transaction() as tx:
        return [hold.unit for hold in holds.take(tx, wanted, for_s=for_s)]


def ask(db: Database, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(db.url) as connection:
        return connection.execute(query.encode()).fetchall()


def acts(db: Database) -> list[object]:
    return [act for (act,) in ask(db, "select act from report.hold_acts order by id")]


def pass_time(tx: Tx, key: str) -> None:
    tx._cursor.execute("update holds set until = now() - interval '1 second' where key = %s", (key,))


def test_a_unit_has_one_holder_at_a_time(db: Database) -> None:
    assert take(db, wanted("ana")) == ["1"]
    assert take(db, wanted("ben", days(2, 5))) == []
    assert take(db, wanted("ben", days(3, 5))) == ["1"], "the one leaves on the day that the other comes"
    assert acts(db) == ["taken", "conflict", "taken"]


def test_the_first_units_that_are_free_are_taken_all_or_none(db: Database) -> None:
    units = ("1", "2", "3")
    assert take(db, wanted("ana", units=units)) == ["1"]
    assert take(db, wanted("ben", units=units, count=3)) == []
    assert take(db, wanted("eva", units=units, count=2)) == ["2", "3"]
    assert ask(db, "select key, number, unit from holds order by id") == [
        ("ana", 1, "1"), ("eva", 1, "2"), ("eva", 2, "3"),
    ]  # fmt: skip


def test_what_its_owner_has_is_not_taken_twice(db: Database) -> None:
    assert take(db, wanted("ana")) == take(db, wanted("ana", units=("1", "2"))) == ["1"]
    assert acts(db) == ["taken"]


def test_where_units_are_only_counted_no_more_are_had_than_there_are(db: Database) -> None:
    """Somebody else gives the units out: whose hold is of which says nothing, how many there are says everything."""
    assert take(db, wanted("ana", units=("1", "2"), most=2)) == ["1"]
    assert take(db, wanted("ben", units=("2",), most=1)) == [], "one is left in all, and Ana has one"
    assert take(db, wanted("ben", units=("2", "3"), most=2)) == ["2"]


def test_a_hold_whose_time_is_over_keeps_nobody_out(db: Database) -> None:
    take(db, wanted("ana"))
    with db.transaction() as tx:
        pass_time(tx, "ana")
        assert holds.live(tx, DESK, "ana") == [] == holds.book(tx, DESK, "ana")
        assert holds.taken(tx, DESK, days(0, 3)) == set()
    assert take(db, wanted("ben")) == ["1"]
    assert acts(db) == ["taken", "expired", "taken"]
    assert ask(db, "select key, state from report.holds order by id") == [("ana", "expired"), ("ben", "held")]


def test_an_owner_who_comes_late_takes_it_again_if_nobody_has(db: Database) -> None:
    take(db, wanted("ana"))
    with db.transaction() as tx:
        pass_time(tx, "ana")
    assert take(db, wanted("ana")) == ["1"]
    assert acts(db) == ["taken", "expired", "taken"]


def test_it_is_prolonged_twice_at_most_and_while_somebody_looks_without_counting(db: Database) -> None:
    take(db, wanted("ana"), for_s=10)
    with db.transaction() as tx:
        first = holds.keep(tx, DESK, "ana", for_s=60)[0]
        second = holds.keep(tx, DESK, "ana", for_s=120)[0]
        assert (first.kept, second.kept) == (1, 2) and second.until > first.until
        assert holds.keep(tx, DESK, "ana", for_s=999) == []
        looked = holds.keep(tx, DESK, "ana", for_s=600, act="looked_at")[0]
        assert (looked.kept, looked.until > second.until) == (2, True)
        assert holds.keep(tx, DESK, "ana", for_s=1, act="worked_on")[0].until == looked.until, "never shorter"
    assert acts(db) == ["taken", "kept", "kept", "looked_at", "worked_on"]
    with pytest.raises(psycopg.errors.CheckViolation, match="holds_kept_twice_at_most"):
        ask(db, "update holds set kept = 3 returning 1")


def test_only_its_owner_ends_it(db: Database) -> None:
    take(db, wanted("ana"))
    with db.transaction() as tx:
        assert holds.release(tx, DESK, "ben") == holds.release(tx, "another-desk", "ana") == 0
        assert holds.keep(tx, DESK, "ben", for_s=60) == holds.book(tx, DESK, "ben") == []
        assert holds.release(tx, DESK, "ana") == 1
    assert take(db, wanted("ben")) == ["1"]
    assert acts(db) == ["taken", "released", "taken"]


def test_a_booking_stays_is_moved_where_there_is_room_and_is_free_when_cancelled(db: Database) -> None:
    take(db, wanted("ana"))
    take(db, wanted("ben", days(5, 7)))
    with db.transaction() as tx:
        assert [hold.state for hold in holds.book(tx, DESK, "ana")] == ["booked"]
        assert holds.release(tx, DESK, "ana") == 0, "it is a hold no more"
        assert holds.move(tx, DESK, "ana", days(1, 5))[0].lower == days(1, 5).lower
    with (
        pytest.raises(Rejected, match="taken"),
        db.transaction() as tx,
    ):
        holds.move(tx, DESK, "ana", days(1, 6))
    with db.transaction() as tx:
        assert holds.cancel(tx, DESK, "ana") == 1
    assert take(db, wanted("eva", days(0, 5))) == ["1"]
    assert acts(db) == ["taken", "taken", "booked", "moved", "cancelled", "taken"]


def test_the_constraint_holds_whoever_writes(db: Database) -> None:
    """A taker that stood in no line and looked at nothing."""
    take(db, wanted("ana"))
    with pytest.raises(psycopg.errors.ExclusionViolation, match="holds_one_unit_has_one_holder"):
        ask(
            db,
            "insert into holds (desk_id, key, resource, unit, period, until) select desk_id, 'x', resource, unit,"
            " period, until from holds returning 1",
        )


def test_of_a_hundred_at_once_one_has_the_last_unit(db: Database) -> None:
    guests = [f"guest-{number}" for number in range(100)]
    start, won = Barrier(len(guests)), list[str]()
    pool = Database(db.url, pool=40, timeout_s=30)

    def come(key: str) -> None:
        start.wait()
        if take(pool, wanted(key)):
            won.append(key)

    threads = [Thread(target=come, args=(guest,)) for guest in guests]
    began = monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()
    print(f"100 at once: {len(won)} has it, {100 - len(won)} do not, in {(monotonic() - began) * 1000:.0f} ms")
    assert len(won) == 1
    assert Counter(acts(db)) == {"taken": 1, "conflict": 99}


def test_lock_acquisition_timeout(db: Database) -> None:
    """test_lock_acquisition_timeout: whoever waits in line for 5 seconds hears that it took too long, and no more."""
    with db.transaction() as tx:
        holds.take(tx, wanted("ana"), for_s=60)
        impatient, began = Database(db.url, timeout_s=0.5), monotonic()
        with pytest.raises(Unreachable, match="did not finish"):
            take(impatient, wanted("ben"))
        waited = monotonic() - began
        impatient.close()
    assert 0.4 < waited < 3
    assert Database(db.url).engine.pool._timeout == 5.0  # type: ignore[attr-defined]  # what everybody else waits
    assert take(db, wanted("ben")) == []


def test_the_sweep_marks_what_nobody_came_for(db: Database) -> None:
    for number in range(3):
        take(db, wanted(f"guest-{number}", units=(str(number),)))
    with db.transaction() as tx:
        pass_time(tx, "guest-1")
        assert holds.lapse(tx, size=10) == 1
        assert holds.lapse(tx, size=10) == 0
        tx._cursor.execute("update holds set ended_at = now() - interval '9 days' where state = 'expired'")
        assert holds.purge(tx, keep_days=7) == 1
    assert [key for (key,) in ask(db, "select key from holds order by id")] == ["guest-0", "guest-2"]
