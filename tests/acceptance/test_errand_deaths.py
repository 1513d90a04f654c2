"""A worker is killed at every place of an errand that has an effect; another one finishes it, and the effect is there
once. One house for all places, with another customer each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.crashpoints import COMMIT
from core.store.db import Database
from core.store.path import errands
from tests import businesses
from tests.acceptance.house import House
from tests.conftest import TEMPLATE, fresh_database
from tests.oven import Oven, bake_with_oven
from tests.waiting import until

NUMBER = "100000000000077"
COMMITS = ("errands.claim", "errands.begin", "errands.finish", "inbox.add_own")
ALWAYS = 2
"""Processes of the house that no place kills: web and workers."""
PLACES = [f"{name}:{moment}" for name in COMMITS for moment in COMMIT] + ["errand:calling", "errand:called"]


@pytest.fixture(scope="module")
def oven() -> Iterator[Oven]:
    made = Oven()
    yield made
    made.close()


@pytest.fixture(scope="module")
def house(oven: Oven, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("bakery")
    bake_with_oven(folder)
    for url in fresh_database(postgres, TEMPLATE):
        _open(url, oven)
        with House(url, folder, DESKS_FOLDER=str(folder), LEASE_S="0.5", MEDIA_LEASE_S="0.5") as house:
            house.web()
            house.work()
            yield house


def _open(url: str, oven: Oven) -> None:
    database = Database(url)
    business = {
        "id": "la-espiga", "name": "La Espiga", "language": "es", "timezone": "America/Bogota", "menu": "bakery",
        "whatsapp": [NUMBER], "settings": {"oven_url": oven.url},
    }  # fmt: skip
    with database.transaction() as tx:
        businesses.put(tx, {"desks": [business]})
    database.close()


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_that_dies_there_does_the_errand_neither_twice_nor_never(place: str, house: House, oven: Oven) -> None:
    house.welcome()
    house.doom("media", place)
    for line in ("quiero pan", "baguette"):
        house.say(line, number=NUMBER)
        house.settle()
    house.say("sí", number=NUMBER)
    assert oven.baked[_told_once(house)] == 1


PLACES_AFTER_AN_ANSWER = [
    f"{name}:{moment}" for name in ("errands.claim", "errands.finish", "inbox.add_own") for moment in COMMIT
]


@pytest.mark.parametrize("place", PLACES_AFTER_AN_ANSWER)
def test_a_worker_that_dies_over_a_persons_answer_tells_it_once_and_calls_nobody(
    place: str, house: House, oven: Oven
) -> None:
    house.welcome()
    for line in ("quiero pan", "baguette"):
        house.say(line, number=NUMBER)
        house.settle()
    house.say("sí", number=NUMBER)
    until(lambda: house.mine("select id from errands where conversation_id = {me}"), 60, told=house.told)
    _answer_what_nobody_knows(house)
    house.doom("media", place)
    assert _told_once(house) not in oven.baked


def _answer_what_nobody_knows(house: House) -> None:
    house.run("update errands set state = 'unknown', begun_at = now() where state = 'waiting'")
    [asked] = house.mine("select id, wanted from errands where conversation_id = {me}")
    database = Database(house.url)
    with database.transaction() as tx:
        assert errands.answer(tx, asked.id, wanted=asked.wanted, answer={"yes": True, "baked": "baguette", "by": "ana"})
    database.close()


def _told_once(house: House) -> str:
    """The key of the errand, when it is done, by those who came after the dead, and the customer was told once."""
    done = "select count(*) from inbox where kind = 'errand' and state = 'done' and conversation_id = {me}"
    until(lambda: house.revive() and house.my(done), 60, told=house.told)
    until(house.quiet, 60, told=house.told)
    assert house.my("select state from errands where conversation_id = {me}") == "done"
    texts = [row.text for row in house.mine("select text from report.outbox where conversation_id = {me}")]
    assert sum("Marchando baguette" in text for text in texts) == 1
    house.check()
    for process in house.processes[ALWAYS:]:
        process.kill()
    del house.processes[ALWAYS:]
    return str(house.my("select 'turno-' || conversation_id || '-' || key from errands where conversation_id = {me}"))
