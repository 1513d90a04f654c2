"""The breaker: who keeps failing is left alone, then asked once, carefully."""

from __future__ import annotations

import ast
import inspect
import re
import threading

import pytest
from circuitbreaker import CircuitBreaker

from core import breaker as breaker_module
from core import telemetry
from core.breaker import Breaker, BreakerOpen
from core.errors import Rejected, Retryable, Unreachable
from tests.breaker_clock import Clock


class Watched:
    """A breaker of 3 failures in 60 s, open for 30 s, closed by 2 probes; and what it told."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.told: list[tuple[str, str, str, str]] = []
        self.breaker = Breaker(
            "graph",
            3,
            60.0,
            30.0,
            2,
            counts=Unreachable,
            on_change=lambda *change: self.told.append(change),
        )

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            with pytest.raises(Unreachable), self.breaker.guard():
                raise Unreachable("down")

    def succeed(self, times: int = 1) -> None:
        for _ in range(times):
            with self.breaker.guard():
                pass

    def opened(self) -> Watched:
        self.fail(3)
        return self

    def half_open(self) -> Watched:
        self.opened().clock.now += 30
        return self

    @property
    def moves(self) -> list[tuple[str, str]]:
        return [(old, new) for _, old, new, _ in self.told]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(Clock().rule(monkeypatch))


def test_it_holds_a_circuitbreaker_and_reads_none_of_its_privates(watched: Watched) -> None:
    tree = ast.parse(inspect.getsource(breaker_module))
    reached = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and on_the_circuit(node)]
    assert isinstance(watched.breaker._circuit, CircuitBreaker)
    assert {"state", "reset", "is_failure", "open_remaining"} <= set(reached)
    assert [name for name in reached if re.match(r"_[^_]", name)] == []
    assert not issubclass(Breaker, CircuitBreaker)


def on_the_circuit(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Attribute) and node.value.attr == "_circuit"


def test_enough_failures_within_the_window_open_it(watched: Watched) -> None:
    watched.fail(2)
    assert (watched.breaker.state, watched.breaker.failure_count) == ("closed", 2)
    watched.fail()
    assert watched.breaker.opened
    assert watched.told == [("graph", "closed", "open", "3 failures in 60.0 s, the last: Unreachable")]


def test_failures_older_than_the_window_are_forgotten(watched: Watched) -> None:
    watched.fail(2)
    watched.clock.now += 60
    watched.fail(2)
    assert (watched.breaker.state, watched.breaker.failure_count) == ("closed", 2)


def test_a_success_between_does_not_hide_the_failures_around_it(watched: Watched) -> None:
    watched.fail(2)
    watched.succeed()
    watched.fail()
    assert watched.breaker.opened


def test_what_does_not_count_is_an_answer(watched: Watched) -> None:
    for _ in range(5):
        with pytest.raises(Rejected), watched.breaker.guard():
            raise Rejected("no", code=131026)
    assert watched.breaker.closed


def test_an_open_breaker_refuses_without_asking(watched: Watched) -> None:
    watched.opened()
    asked = False
    with pytest.raises(BreakerOpen) as refused, watched.breaker.guard():
        asked = True
    assert not asked
    assert isinstance(refused.value, Retryable)
    assert str(refused.value) == "graph is left alone for now"
    assert watched.breaker.open_remaining == 30


def test_when_its_time_is_over_one_probe_goes_and_all_others_are_refused(watched: Watched) -> None:
    watched.half_open()
    assert watched.breaker.state == "half_open"
    with watched.breaker.guard(), pytest.raises(BreakerOpen), watched.breaker.guard():
        pass
    with watched.breaker.guard():
        pass
    assert watched.breaker.closed


def test_one_success_is_not_enough_and_the_second_closes_it(watched: Watched) -> None:
    watched.half_open().succeed()
    assert watched.breaker.state == "half_open"
    watched.succeed()
    assert watched.breaker.closed
    assert watched.moves == [("closed", "open"), ("open", "half_open"), ("half_open", "closed")]


def test_a_failed_probe_opens_it_again_and_resets_every_count(watched: Watched) -> None:
    watched.half_open().succeed()
    watched.fail()
    assert watched.breaker.opened
    assert watched.breaker.open_remaining == 30
    watched.clock.now += 30
    watched.succeed()
    assert watched.breaker.state == "half_open", "the success before the failure no longer counts"
    watched.succeed()
    assert watched.breaker.closed
    watched.fail(2)
    assert watched.breaker.closed, "neither do the failures from before"


def test_a_probe_that_was_stopped_from_outside_gives_way_to_the_next(watched: Watched) -> None:
    watched.half_open()
    with pytest.raises(KeyboardInterrupt), watched.breaker.guard():
        raise KeyboardInterrupt
    watched.succeed(2)
    assert watched.breaker.closed


def test_a_call_from_before_it_opened_says_nothing_about_the_probe(watched: Watched) -> None:
    late = watched.breaker.guard()
    late.__enter__()
    watched.half_open()
    with watched.breaker.guard():
        late.__exit__(None, None, None)
        with pytest.raises(BreakerOpen), watched.breaker.guard():
            pass
    assert watched.breaker.state == "half_open", "the late success was not counted"


def test_an_observer_that_fails_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*change: str) -> None:
        raise RuntimeError("observer")

    breaker = Breaker("graph", 1, 60, 30, 1, on_change=broken)
    with pytest.raises(ValueError, match="the call"), breaker.guard():
        raise ValueError("the call")
    assert breaker.opened
    assert "observer" in caplog.text


def test_reset_closes_it_at_once(watched: Watched) -> None:
    watched.opened().breaker.reset()
    assert watched.breaker.closed
    watched.fail(2)
    assert watched.breaker.closed


def test_of_many_threads_at_the_half_open_door_exactly_one_goes_through(watched: Watched) -> None:
    watched.half_open()
    start, leave = threading.Barrier(8), threading.Event()
    outcomes: list[str] = []

    def knock() -> None:
        start.wait()
        try:
            with watched.breaker.guard():
                leave.wait(10)
                outcomes.append("passed")
        except BreakerOpen:
            outcomes.append("refused")
            if len(outcomes) == 7:
                leave.set()

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == ["passed"] + ["refused"] * 7


def test_what_is_open_now_can_be_seen_from_outside() -> None:
    def shown() -> float:
        found = re.search(r'^turno_breakers_open{breaker="of this test"} (\S+)$', telemetry.exposition().decode(), re.M)
        return float(found[1]) if found else 0.0

    seen = []
    for old, new in (("closed", "open"), ("open", "half_open"), ("half_open", "open"), ("open", "half_open"), ("half_open", "closed")):  # fmt: skip
        telemetry.breaker_changed("of this test:100", old, new, "a test")
        seen.append(shown())
    assert seen == [1.0, 0.0, 1.0, 0.0, 0.0]
