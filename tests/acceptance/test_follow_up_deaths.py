"""A worker is killed at every place of a scheduled message, from the timer to the sent template: it is said once, reminded
of twice and no more. One house for all places, with another customer each; only the clock of the timers is moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from core.crashpoints import COMMIT
from core.store.db import Database
from tests import businesses
from tests.acceptance.forks import Process
from tests.acceptance.house import House
from tests.acceptance.plays import WORKERS, has_rung
from tests.cakes import bake_with_follow_ups
from tests.conftest import TEMPLATE, fresh_database
from tests.waiting import until

NUMBER = "100000000000078"
COMMITS = ("timers.fire", "sessions.save", "outbox.claim", "outbox.mark")
UNKNOWN = "outbox.claim:committed"
"""It was marked as going out, and nobody knows whether it went."""
PLACES = [f"{name}:{moment}" for name in COMMITS for moment in COMMIT if f"{name}:{moment}" != UNKNOWN]
PLACES += ["graph:answered"]
ASKED, REMINDED = "¿Cómo estuvo?", "¿Y?"
TASTE = ("taste:una torta", "taste_reminder", "taste_reminder", "taste_expiry")
"""Its timers in their order: asked, reminded twice, and over."""


@pytest.fixture(scope="module")
def house(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("bakery")
    home = bake_with_follow_ups(folder, "draft.now + timedelta(days=1)")
    file = home / "follow_ups.py"  # the real clock may stand at night
    file.write_text(file.read_text(encoding="utf-8").replace("Pace(9, 20", "Pace(0, 24"), encoding="utf-8")
    for url in fresh_database(postgres, TEMPLATE):
        _open(url)
        with House(url, folder, DESKS_FOLDER=str(folder), LEASE_S="0.5") as house:
            house.web()
            yield house


def _open(url: str) -> None:
    database = Database(url)
    business = {
        "id": "la-espiga", "name": "La Espiga", "language": "es", "timezone": "America/Bogota", "menu": "bakery",
        "whatsapp": [NUMBER],
    }  # fmt: skip
    with database.transaction() as tx:
        businesses.put(tx, {"desks": [business]})
    database.close()


def order(house: House) -> None:
    """A cake is ordered, for tomorrow."""
    for line in ("quiero pan", "una torta", "sí"):
        house.say(line, number=NUMBER)
        house.settle()


def end(house: House, *workers: Process) -> None:
    for worker in workers:
        worker.kill()
        house.processes.remove(worker)


def let_time_pass(house: House, timer: str) -> None:
    """Until this timer is due, and has been answered."""
    before = house.my("select count(*) from inbox where kind = 'timer' and conversation_id = {me}")
    due = "update timers set due_at = now() where name = %(name)s and conversation_id = {me} returning 1"
    assert house.mine(due, name=timer), f"{timer} is not set"
    rung = "select count(*) from inbox where kind = 'timer' and conversation_id = {me}"
    until(lambda: has_rung(house, timer) and house.my(rung) == before + 1, 60, told=house.told)


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_that_dies_there_says_it_neither_twice_nor_never(place: str, house: House) -> None:
    house.welcome()
    first = house.work()
    order(house)
    end(house, first)
    house.doom(WORKERS, place)
    for timer in TASTE[:-1]:
        let_time_pass(house, timer)
    assert house.mine("select 1 from timers where name = 'taste_reminder' and conversation_id = {me}") == []
    let_time_pass(house, TASTE[-1])
    texts = [row.text for row in house.mine("select text from report.outbox where conversation_id = {me}")]
    said = Counter(line for text in texts for line in text.splitlines() if line in (ASKED, REMINDED))
    assert said == {ASKED: 3, REMINDED: 2}
    assert house.my("select count(*) from steps where conversation_id = {me} and trigger like 'taste%%'") == len(TASTE)
    assert house.doomed is not None and house.doomed.killed, f"nobody came to {place}"
    house.check()
    end(house, *house.processes[1:])


def test_when_nobody_knows_whether_it_went_it_is_left_to_staff_and_not_said_again(house: House) -> None:
    """The last test of the house: what is left to staff was decided, and not said."""
    house.welcome()
    first = house.work()
    order(house)
    end(house, first)
    house.doom(WORKERS, UNKNOWN)
    house.mine(
        "update timers set due_at = now() where name = %(name)s and conversation_id = {me} returning 1", name=TASTE[0]
    )
    left = "select count(*) from outbox where state = 'unknown' and settle_at is null and initiative and conversation_id = {me}"
    until(lambda: house.revive() and house.my(left), 60, told=house.told)
    [row] = house.mine("select id, text from report.outbox where state = 'unknown' and conversation_id = {me}")
    assert ASKED in row.text and str(row.id) not in {entry["callback_id"] for entry in house.accepted}
