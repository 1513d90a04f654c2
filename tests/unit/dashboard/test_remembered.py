"""Answers that are shared for a moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from dashboard.remembered import Remembered
from tests.waiting import until


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_who_asks_the_same_at_once_waits_for_one_answer(clock: Clock) -> None:
    remembered: Remembered[int] = Remembered(3, clock=clock)
    asked, go = [], Event()

    def make() -> int:
        asked.append(1)
        assert go.wait(30)
        return 7

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(remembered.get, "key", make) for _ in range(8)]
        until(lambda: asked)
        go.set()
        assert [answer.result(30) for answer in answers] == [7] * 8
    assert len(asked) == 1


def test_an_answer_is_kept_for_its_time_counted_from_when_it_came(clock: Clock) -> None:
    remembered: Remembered[float] = Remembered(3, clock=clock)

    def slowly() -> float:
        clock.at += 10
        return clock.at

    assert remembered.get("key", slowly) == 10
    clock.at += 2.9
    assert remembered.get("key", slowly) == 10
    clock.at += 0.2
    assert remembered.get("key", slowly) > 10


def test_another_question_is_another_answer(clock: Clock) -> None:
    remembered: Remembered[str] = Remembered(3, clock=clock)
    assert [remembered.get(key, lambda key=key: key) for key in ("a", "b")] == ["a", "b"]  # type: ignore[misc]


def test_an_error_is_an_answer_for_as_long(clock: Clock) -> None:
    remembered: Remembered[float] = Remembered(3, clock=clock)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            remembered.get("key", lambda: 1 / 0)
    clock.at += 4
    assert remembered.get("key", lambda: 1.0) == 1.0


def test_who_is_stopped_from_outside_leaves_no_answer_behind(clock: Clock) -> None:
    remembered: Remembered[int] = Remembered(3, clock=clock)

    def stopped() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remembered.get("key", stopped)
    assert remembered.get("key", lambda: 7) == 7


def test_only_so_many_answers_are_kept(clock: Clock) -> None:
    remembered: Remembered[int] = Remembered(3, most=2, clock=clock)
    for key in range(5):
        remembered.get(key, lambda key=key: key)  # type: ignore[misc]
    assert len(remembered._known) == 2
