"""Errands of a desk's service, through a real server: wanted in a turn, done once for each key, and told as an event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot import desks
from bot.workers.errands import ErrandWorker
from bot.workers.services import Services
from core.settings import Settings
from tests import businesses
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.errands import do_all, want
from tests.oven import Oven, bake_with_oven
from tests.waiting import until

NUMBER = "100000000000077"
OTHER = "5215550000002"
KEY = "turno-1-loaf:baguette"


@pytest.fixture
def oven() -> Iterator[Oven]:
    made = Oven()
    yield made
    made.close()


@pytest.fixture
def bakery(rooms: Rooms, oven: Oven, tmp_path: Path) -> Iterator[Rooms]:
    """A business whose desk has the oven as a service."""
    bake_with_oven(tmp_path)
    business = {
        "id": "la-espiga", "name": "La Espiga", "language": "es", "timezone": "America/Bogota", "menu": "bakery",
        "whatsapp": [NUMBER], "settings": {"oven_url": oven.url},
    }  # fmt: skip
    with rooms.db.transaction() as tx:
        businesses.put(tx, {"desks": [business]})
    assert desks.add_folder(tmp_path) == []
    try:
        yield rooms
    finally:
        desks.forget_folder(tmp_path)


def worker(rooms: Rooms, **settings: object) -> ErrandWorker:
    known = Settings.model_validate({**SETTINGS.model_dump(), **settings})
    return ErrandWorker(rooms.db, rooms.bell, rooms.ear, Services(rooms.db, known, {}), known)


def say(rooms: Rooms, *lines: str, sender: str = "5215550000001") -> None:
    for line in lines:
        [count] = rooms.ask("select count(*) as n from inbox")
        rooms.hear(text(line, wamid=f"b{count.n}", sender=sender), number=NUMBER)
        rooms.work()


def order(rooms: Rooms, sender: str = "5215550000001") -> None:
    say(rooms, "quiero pan", "baguette", "sí", sender=sender)


def stands(rooms: Rooms) -> list[tuple[str, str]]:
    return [(row.key, row.state) for row in rooms.ask("select key, state from report.errands order by id")]


def outcomes(rooms: Rooms) -> list[str]:
    return [
        r.outcome
        for r in rooms.ask("select content->>'outcome' as outcome from inbox where kind = 'errand' order by id")
    ]


def test_what_a_turn_wants_is_done_outside_it_and_told_as_an_event(bakery: Rooms, oven: Oven) -> None:
    order(bakery)
    assert "horno" in bakery.said()[-1] and oven.asked == [], "the turn itself asks nobody"
    do_all(bakery, worker(bakery))
    assert "¡Marchando baguette!" in bakery.said()[-1]
    assert (oven.asked, stands(bakery)) == ([f"bake {KEY}"], [("loaf:baguette", "done")])
    [told] = bakery.ask("select i.origin from inbox i join errands e on i.external_id = 'errand:' || e.id")
    assert told.origin == "system"


def test_one_key_is_one_call_and_wanted_again_it_is_told_again(bakery: Rooms, oven: Oven) -> None:
    order(bakery)
    say(bakery, "sí", "sí")
    assert stands(bakery) == [("loaf:baguette", "waiting")]
    do_all(bakery, worker(bakery))
    assert (oven.asked, outcomes(bakery)) == ([f"bake {KEY}"], ["done"])
    order(bakery)
    do_all(bakery, worker(bakery))
    assert (oven.asked, outcomes(bakery)) == ([f"bake {KEY}"], ["done", "done"])
    assert sum("¡Marchando baguette!" in line for line in bakery.said()) == 2


def test_what_the_service_refuses_is_told_by_the_flow(bakery: Rooms, oven: Oven) -> None:
    oven.answers = [409]
    order(bakery)
    do_all(bakery, worker(bakery))
    assert "ya no hay lugar" in bakery.said()[-1]
    [row] = bakery.ask("select state, error from report.errands")
    assert (row.state, row.error) == ("failed", "Rejected: the oven is full")
    say(bakery, "sí")
    do_all(bakery, worker(bakery))
    assert "¡Marchando baguette!" in bakery.said()[-1], "nothing had happened: the same key may be tried again"


def test_a_call_after_which_nothing_has_happened_is_tried_again(bakery: Rooms, oven: Oven) -> None:
    oven.answers = [503, 503]
    order(bakery)
    do_all(bakery, worker(bakery))
    assert (oven.asked, oven.baked) == ([f"bake {KEY}"] * 3, {KEY: 1})
    assert outcomes(bakery) == ["done"]


def test_a_call_that_may_have_happened_is_looked_up_before_anything_else(bakery: Rooms, oven: Oven) -> None:
    oven.answers = [0]
    order(bakery)
    do_all(bakery, worker(bakery))
    assert (oven.asked, oven.baked) == ([f"bake {KEY}", f"find {KEY}"], {KEY: 1})
    assert (outcomes(bakery), stands(bakery)) == (["done"], [("loaf:baguette", "done")])


def test_what_is_not_to_be_found_is_asked_for_again_only_when_it_must_have_settled(bakery: Rooms, oven: Oven) -> None:
    oven.answers = [500]
    order(bakery)
    do_all(bakery, worker(bakery))
    finds = oven.asked.count(f"find {KEY}")
    assert finds > 1 and oven.asked == [f"bake {KEY}", *[f"find {KEY}"] * finds, f"bake {KEY}"]
    assert oven.baked == {KEY: 1} and outcomes(bakery) == ["done"]


def test_an_effect_that_nobody_knows_of_in_time_is_unknown_and_settled_by_its_key(bakery: Rooms, oven: Oven) -> None:
    oven.answers = [500]
    order(bakery)
    bakery.ask("update errands set within_s = 0.3 returning 1")
    do_all(bakery, worker(bakery))
    assert (outcomes(bakery), stands(bakery)) == (["unknown"], [("loaf:baguette", "unknown")])
    assert "verificando" in bakery.said()[-1]
    oven.baked[KEY] = 1
    say(bakery, "sí")
    do_all(bakery, worker(bakery))
    assert oven.asked[-1] == f"find {KEY}" and oven.asked.count(f"bake {KEY}") == 1
    assert "¡Marchando baguette!" in bakery.said()[-1]


def test_a_worker_that_died_in_a_call_is_followed_by_one_that_looks_it_up(bakery: Rooms, oven: Oven) -> None:
    order(bakery)
    oven.baked[KEY] = 1
    bakery.ask("update errands set begun_at = now(), attempts = 1, lease_token = 7, leased_until = now() returning 1")
    do_all(bakery, worker(bakery))
    assert (oven.asked, oven.baked) == ([f"find {KEY}"], {KEY: 1})


def test_who_lost_the_lease_makes_no_call(bakery: Rooms, oven: Oven) -> None:
    order(bakery)
    slow = worker(bakery)
    with bakery.db.transaction() as tx:
        claimed = slow._claim(tx, {})
    bakery.ask("update errands set lease_token = 7 returning 1")
    [(errand, running)] = claimed
    slow._try(errand, running)
    assert oven.asked == [] and slow.told[0].result is None


def test_an_open_breaker_fails_at_once_and_kindly(bakery: Rooms, oven: Oven) -> None:
    oven.answers = [503] * 9
    one = worker(bakery, breaker_failures=2)
    order(bakery)
    do_all(bakery, one)
    assert len(oven.asked) == 2, "left alone after two failures"
    assert outcomes(bakery) == ["failed"] and "no lo pude completar" in bakery.said()[-1]
    assert stands(bakery) == [("loaf:baguette", "failed")]


def test_a_service_that_hangs_delays_only_its_own_conversation(bakery: Rooms, oven: Oven) -> None:
    """It hangs 10 s. Another customer is answered as quickly as before, and so is another service."""

    def reply_time(number: int) -> float:
        before, began = len(bakery.said()), monotonic()
        bakery.hear(text("hola", wamid=f"o{number}", sender=OTHER))
        bakery.work()
        assert len(bakery.said()) == before + 1
        return monotonic() - began

    oven.hangs_s = 10
    one = worker(bakery)
    order(bakery)
    before = [reply_time(n) for n in range(5)]
    began = monotonic()
    assert one.run_once() == 1
    hanging = [reply_time(n) for n in range(5, 10)]
    assert one.under_way == 1 and not one.told, "measured while the service hung"
    want(bakery, "none", "of these", "1", conversation=1)
    assert one.run_once() == 1, "another service is asked meanwhile"
    until(lambda: one.told)
    assert monotonic() - began < 5
    print(f"usual {max(before) * 1000:.0f} ms, while it hangs {max(hanging) * 1000:.0f} ms")
    assert max(hanging) < max(3 * max(before), 0.5), (hanging, before)
    oven.let_go.set()
    do_all(bakery, one)


def test_calls_that_hang_take_no_more_than_their_room(bakery: Rooms, oven: Oven) -> None:
    order(bakery)
    for number in range(5):
        want(bakery, "oven", "bake", f"loaf:{number}", conversation=1, loaf="x")
    assert worker(bakery).run_once() == 2


def test_a_service_that_is_not_set_up_and_one_that_is_none_fail_at_once(bakery: Rooms, oven: Oven) -> None:
    bakery.ask("update desks set settings = '{}' where id = 'la-espiga' returning 1")
    order(bakery)
    want(bakery, "toaster", "toast", "1")
    do_all(bakery, worker(bakery))
    assert (oven.asked, outcomes(bakery)) == ([], ["failed", "failed"])
    assert [row.error for row in bakery.ask("select error from errands")] == ["the service is not set up"] * 2


def test_the_errands_of_a_desk_that_is_gone_wait_until_it_is_back(bakery: Rooms, oven: Oven, tmp_path: Path) -> None:
    order(bakery)
    desks.forget("bakery")
    do_all(bakery, worker(bakery))
    assert stands(bakery) == [("loaf:baguette", "waiting")]
    desks.load("bakery", tmp_path / "bakery")
    do_all(bakery, worker(bakery))
    assert stands(bakery) == [("loaf:baguette", "done")]


def test_a_result_that_no_flow_waits_for_is_not_said(bakery: Rooms, oven: Oven) -> None:
    order(bakery)
    say(bakery, "cancelar")
    before = bakery.said()
    do_all(bakery, worker(bakery))
    assert (bakery.said(), outcomes(bakery)) == (before, ["done"])
    [step] = bakery.ask("select trigger from report.steps order by version desc limit 1")
    assert step.trigger == "errand"


def test_a_bug_in_a_service_may_have_had_its_effect(bakery: Rooms, oven: Oven, monkeypatch: Any) -> None:
    one = worker(bakery)
    order(bakery)
    bakery.ask("update errands set within_s = 0.3 returning 1")
    of = desks.DESKS["bakery"].services["oven"]
    monkeypatch.setattr(type(of.make(_Means(oven))), "do", lambda *_: 1 / 0)
    do_all(bakery, one)
    assert outcomes(bakery) == ["unknown"] and bakery.ask("select error from errands")[0].error.startswith("Undecided")


class _Means:
    """Only what the oven is made of."""

    def __init__(self, oven: Oven):
        self.desk_settings = type("Settings", (), {"oven_url": oven.url})


def test_a_desk_whose_service_is_called_like_one_of_all_is_refused(tmp_path: Path) -> None:
    home = bake_with_oven(tmp_path)
    said = (home / "__init__.py").read_text().replace('{"oven":', '{"photo":')
    (home / "__init__.py").write_text(said)
    try:
        [refusal] = desks.add_folder(tmp_path)
        assert "a service of a desk is called like" in str(refusal)
    finally:
        desks.forget_folder(tmp_path)
