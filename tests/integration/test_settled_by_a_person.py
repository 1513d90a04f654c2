"""Errands whose outcome nobody knows, settled by a person of staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import desks
from bot.workers.errands import ErrandWorker
from bot.workers.services import Services
from core.store.path import errands
from tests import businesses
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.errands import do_all, want
from tests.oven import Oven, bake_with_oven

NUMBER = "100000000000077"


@pytest.fixture
def oven() -> Iterator[Oven]:
    made = Oven()
    yield made
    made.close()


@pytest.fixture
def bakery(rooms: Rooms, oven: Oven, tmp_path: Path) -> Iterator[Rooms]:
    """The toy bakery, whose oven is asked over HTTP."""
    bake_with_oven(tmp_path)
    business = {
        "id": "la-espiga", "name": "La Espiga", "language": "es", "timezone": "America/Bogota", "menu": "bakery",
        "whatsapp": [NUMBER], "settings": {"oven_url": oven.url},
    }  # fmt: skip
    with rooms.db.transaction() as tx:
        businesses.put(tx, {"desks": [business]})
    assert desks.add_folder(tmp_path) == []
    for line in ("quiero pan", "baguette", "sí"):
        rooms.hear(text(line, wamid=line, sender="5215550000001"), number=NUMBER)
        rooms.work()
    yield rooms
    desks.forget_folder(tmp_path)


def worker(rooms: Rooms) -> ErrandWorker:
    return ErrandWorker(rooms.db, rooms.bell, rooms.ear, Services(rooms.db, SETTINGS, {}), SETTINGS)


def answer(rooms: Rooms, *, wanted: int = 1, **said: Any) -> bool:
    [found] = rooms.ask("select max(id) as id from errands")
    with rooms.db.transaction() as tx:
        return errands.answer(tx, found.id, wanted=wanted, answer={"by": "ana@x.example", **said})


def test_a_person_settles_what_nobody_knows_without_another_call(bakery: Rooms, oven: Oven) -> None:
    want(bakery, "oven", "bake", "loaf:centeno", loaf="centeno")
    bakery.ask("update errands set state = 'unknown', begun_at = now() where service = 'oven' returning 1")
    assert not answer(bakery, wanted=2, yes=True), "the page of another wish"
    assert answer(bakery, yes=True, baked="centeno")
    assert not answer(bakery, yes=False), "a second click"
    do_all(bakery, worker(bakery))
    assert oven.asked == []
    [told] = bakery.ask("select external_id, content from inbox where kind = 'errand'")
    assert told.content["result"] == {"baked": "centeno"} and told.external_id.endswith(":2")
    assert not answer(bakery, yes=False), "and no more when it is done"


def test_a_no_comes_back_as_refused_without_who_said_it(bakery: Rooms, oven: Oven) -> None:
    want(bakery, "oven", "bake", "loaf:centeno", loaf="centeno")
    bakery.ask("update errands set state = 'unknown', begun_at = now() where service = 'oven' returning 1")
    assert answer(bakery, yes=False, note="no está")
    do_all(bakery, worker(bakery))
    [told] = bakery.ask("select content from inbox where kind = 'errand'")
    assert (told.content["outcome"], told.content["result"]) == ("refused", {"note": "no está"})


def test_what_a_worker_has_in_hand_nobody_else_answers(bakery: Rooms) -> None:
    want(bakery, "oven", "bake", "loaf:centeno", loaf="centeno")
    bakery.ask("update errands set begun_at = now(), lease_token = 7 where service = 'oven' returning 1")
    assert not answer(bakery, yes=True)
