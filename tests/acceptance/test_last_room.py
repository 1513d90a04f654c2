"""A hundred guests at once for the last room, with real processes, while workers are killed; and a worker killed at every
place of a hold and of a booking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from bot import desks
from core.crashpoints import COMMIT
from core.store.db import Database
from tests import businesses
from tests.acceptance.house import House
from tests.conftest import TEMPLATE, fresh_database
from tests.inn import business, open_inn
from tests.waiting import until

NUMBER = "100000000000077"
GUESTS = 100
ALWAYS = 2
"""Processes of the house that no place kills: web and workers."""
STATEMENTS = (
    "quotes.put", "holds.take", "quotes.extend", "holds.keep", "errands.begin", "bookings.ask",
    "holds.book", "bookings.settle", "errands.finish",
)  # fmt: skip
PLACES = [f"{name}:{moment}" for name in STATEMENTS for moment in COMMIT]
PLACES += ["errand:calling", "errand:called"]


def built(postgres: str, folder: Path, rooms: int) -> Iterator[House]:
    open_inn(folder)
    assert desks.add_folder(folder) == []  # its kinds of lines are known here, too
    settings = {"DESKS_FOLDER": str(folder), "LEASE_S": "0.5", "MEDIA_LEASE_S": "0.5"}
    for url in fresh_database(postgres, TEMPLATE):
        database = Database(url)
        with database.transaction() as tx:
            businesses.put(tx, {"desks": [business(NUMBER, rooms)]})
        database.close()
        desks.forget_folder(folder)
        with House(url, folder, **settings) as house:
            house.open()
            house.work(workers=2)
            yield house


@pytest.fixture(scope="module")
def many_rooms(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from built(postgres, tmp_path_factory.mktemp("inn"), len(PLACES) + 5)


@pytest.fixture
def one_room(postgres: str, tmp_path: Path) -> Iterator[House]:
    yield from built(postgres, tmp_path, 1)


def test_of_a_hundred_at_once_one_books_the_last_room_while_workers_are_killed(one_room: House) -> None:
    house, guests = one_room, [f"52155600{number:05}" for number in range(GUESTS)]
    began = monotonic()
    workers = [house.work("media") for _ in range(3)]
    for guest in guests:
        house.say("quiero pan", customer=guest, number=NUMBER)
    house.settle(180)
    for guest in guests:
        house.say("Ana", customer=guest, number=NUMBER)
    done = "select count(*) from errands where state <> 'waiting'"
    for number, worker in enumerate(workers):
        until(lambda seen=30 * (number + 1): house.one(done) >= seen, 180, told=house.told)  # type: ignore[misc]
        worker.kill()
        house.work("media")
    house.settle(240)
    bookings = Counter(row.state for row in house.ask("select state from report.bookings"))
    acts = Counter(row.act for row in house.ask("select act from report.hold_acts"))
    texts = Counter(row.text for row in house.ask("select text from report.outbox"))
    kind, booked = (
        texts["Disculpá, ya no queda lugar."],
        sum(n for text, n in texts.items() if "Marchando HTL-" in text),
    )
    print(f"{GUESTS} guests, 3 workers killed: {dict(bookings)} {dict(acts)} kind={kind} booked={booked}"
          f" in {monotonic() - began:.0f} s")  # fmt: skip
    errands = Counter(
        (r.service, r.state, r.error) for r in house.ask("select service, state, error from report.errands")
    )
    assert bookings == {"booked": 1}, errands
    assert (booked, kind) == (1, GUESTS - 1)
    assert house.one("select count(*) from holds where state = 'booked'") == 1
    house.check()


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_that_dies_there_books_neither_twice_nor_never(place: str, many_rooms: House) -> None:
    house = many_rooms
    house.welcome()
    house.doom("media", place)
    house.say("quiero pan", number=NUMBER)
    house.settle()
    house.say("Ana", number=NUMBER)
    until(lambda: house.revive() and house.my("select count(*) from bookings where conversation_id = {me}"), 90,
          told=house.told)  # fmt: skip
    until(house.quiet, 90, told=house.told)
    assert [row.state for row in house.mine("select state from bookings where conversation_id = {me}")] == ["booked"]
    held = house.mine("select state from holds where conversation_id = {me} and state in ('held', 'booked')")
    assert [row.state for row in held] == ["booked"]
    texts = [row.text for row in house.mine("select text from report.outbox where conversation_id = {me}")]
    assert sum("Marchando HTL-" in text for text in texts) == 1
    house.check()
    for process in house.processes[ALWAYS:]:
        process.kill()
    del house.processes[ALWAYS:]
