"""Errands that a person of staff answers: a yes or a no that a turn asks for, and an outcome that nobody knows."""

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
ASKS = """

def ask(draft):
    draft.ask_person("receipt", "receipt:1", amount="100.00")


def paid(draft):
    draft.say("ordered", loaf=draft.result["note"])
"""


@pytest.fixture
def oven() -> Iterator[Oven]:
    made = Oven()
    yield made
    made.close()


@pytest.fixture
def bakery(rooms: Rooms, oven: Oven, tmp_path: Path) -> Iterator[Rooms]:
    """The toy bakery, in which a person says whether an order was paid."""
    flow = bake_with_oven(tmp_path) / "flows/loaf.py"
    asking = flow.read_text(encoding="utf-8").replace(
        '    Row("confirming", "yes", "baking", "", "order_it"),\n',
        '    Row("confirming", "yes", "baking", "", "ask"),\n'
        '    Row("baking", "person_receipt_done", "taken", "", "paid"),\n'
        '    Row("baking", "person_receipt_refused", "confirming", "", "regret"),\n',
    )
    flow.write_text(asking + ASKS, encoding="utf-8")
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


def stands(rooms: Rooms) -> list[tuple[str, int]]:
    return [(row.state, row.wanted) for row in rooms.ask("select state, wanted from errands order by id")]


def test_what_a_person_is_asked_waits_for_no_worker_and_is_told_once_it_is_answered(bakery: Rooms) -> None:
    do_all(bakery, worker(bakery))
    assert stands(bakery) == [("asked", 1)], "no worker takes it"
    assert answer(bakery, yes=True, note="baguette")
    assert not answer(bakery, yes=False, note="a second click"), "it is answered once"
    do_all(bakery, worker(bakery))
    assert "baguette" in bakery.said()[-1]
    [told] = bakery.ask("select content from inbox where kind = 'errand'")
    assert told.content["outcome"] == "done" and told.content["result"] == {"note": "baguette"}, "without who said it"
    assert not answer(bakery, yes=False), "and no more when it is done"


def test_a_no_comes_back_as_refused_and_the_same_may_be_asked_again(bakery: Rooms) -> None:
    assert answer(bakery, yes=False, note="otra cuenta")
    do_all(bakery, worker(bakery))
    assert "no hay lugar" in " ".join(bakery.said()[-2:])
    bakery.hear(text("sí", wamid="again", sender="5215550000001"), number=NUMBER)
    bakery.work()
    assert stands(bakery) == [("asked", 2)]
    assert not answer(bakery, yes=True), "the page of the wish before is too old"
    assert answer(bakery, wanted=2, yes=True, note="ok")


def test_a_person_settles_what_nobody_knows_without_another_call(bakery: Rooms, oven: Oven) -> None:
    want(bakery, "oven", "bake", "loaf:centeno", loaf="centeno")
    bakery.ask("update errands set state = 'unknown', begun_at = now() where service = 'oven' returning 1")
    assert answer(bakery, yes=True, baked="centeno")
    do_all(bakery, worker(bakery))
    assert oven.asked == []
    [told] = bakery.ask("select external_id, content from inbox where kind = 'errand'")
    assert told.content["result"] == {"baked": "centeno"} and told.external_id.endswith(":2")


def test_what_a_worker_has_in_hand_nobody_else_answers(bakery: Rooms) -> None:
    want(bakery, "oven", "bake", "loaf:centeno", loaf="centeno")
    bakery.ask("update errands set begun_at = now(), lease_token = 7 where service = 'oven' returning 1")
    assert not answer(bakery, yes=True)
