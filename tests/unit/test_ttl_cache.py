"""A TTL cache: values kept for a moment, and made once however many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from core.ttl_cache import TtlCache
from tests.waiting import until


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_who_asks_the_same_at_once_waits_for_one_answer(clock: Clock) -> None:
    cache: TtlCache[str, int] = TtlCache(300, 3, clock)
    asked, go = [], Event()

    def make() -> int:
        asked.append(1)
        assert go.wait(30)
        return 7

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(cache.get_or_make, "key", make) for _ in range(8)]
        until(lambda: asked)
        go.set()
        assert [answer.result(30) for answer in answers] == [7] * 8
    assert len(asked) == 1


def test_an_answer_is_kept_for_its_time_counted_from_when_it_came(clock: Clock) -> None:
    cache: TtlCache[str, float] = TtlCache(300, 3, clock)

    def slowly() -> float:
        clock.at += 10
        return clock.at

    assert cache.get_or_make("key", slowly) == 10
    clock.at += 2.9
    assert cache.get_or_make("key", slowly) == 10
    clock.at += 0.2
    assert cache.get_or_make("key", slowly) > 10


def test_another_question_is_another_answer(clock: Clock) -> None:
    cache: TtlCache[str, str] = TtlCache(300, 3, clock)
    assert [cache.get_or_make(key, lambda key=key: key) for key in ("a", "b")] == ["a", "b"]  # type: ignore[misc]


def test_an_error_is_an_answer_for_as_long(clock: Clock) -> None:
    cache: TtlCache[str, float] = TtlCache(300, 3, clock)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            cache.get_or_make("key", lambda: 1 / 0)
    clock.at += 4
    assert cache.get_or_make("key", lambda: 1.0) == 1.0


def test_who_is_stopped_from_outside_leaves_no_answer_behind(clock: Clock) -> None:
    cache: TtlCache[str, int] = TtlCache(300, 3, clock)

    def stopped() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.get_or_make("key", stopped)
    assert cache.get_or_make("key", lambda: 7) == 7


def test_only_so_many_answers_are_kept(clock: Clock) -> None:
    cache: TtlCache[int, int] = TtlCache(2, 3, clock)
    for key in range(5):
        cache.get_or_make(key, lambda key=key: key)  # type: ignore[misc]
    assert len(cache) == 2


def test_a_value_that_was_put_is_there_for_its_time(clock: Clock) -> None:
    cache: TtlCache[str, int] = TtlCache(2, 3, clock)
    cache.put("key", 7)
    clock.at += 2.9
    assert cache.get("key") == 7
    clock.at += 0.2
    assert cache.get("key") is None
    assert len(cache) == 0


def test_getting_makes_nothing_and_waits_for_nothing(clock: Clock) -> None:
    cache: TtlCache[str, int] = TtlCache(2, 3, clock)
    assert cache.get("key") is None
    cache.get_or_make("key", lambda: cache.get("key") or 7)
    assert cache.get("key") == 7
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("bad", lambda: 1 // 0)
    assert cache.get("bad") is None
    cache.clear()
    assert cache.get("key") is None


def test_there_is_one_ttl_cache() -> None:
    """Whoever keeps an `OrderedDict` by time has written another one."""
    sources = [path for room in ("core", "bot", "webhook", "dashboard") for path in Path(room).rglob("*.py")]
    found = [path.as_posix() for path in sources if "OrderedDict" in path.read_text(encoding="utf-8")]
    assert found == ["core/ttl_cache.py"]
