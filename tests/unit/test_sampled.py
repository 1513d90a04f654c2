"""Strangers do not roll the log away."""

from __future__ import annotations

from core.sampled import Sampled


def test_the_first_lines_of_a_minute_are_written_and_the_next_minute_tells_how_many_were_not() -> None:
    now = [0.0]
    lines = Sampled(3, now=lambda: now[0])
    assert [lines.take("NoKey") for _ in range(6)] == [0, 0, 0, None, None, None]
    assert lines.take("TooMany") == 0, "each kind has its own"
    now[0] = 59.9
    assert lines.take("NoKey") is None
    now[0] = 60.0
    assert [lines.take("NoKey") for _ in range(4)] == [4, 0, 0, None]


def test_a_hundred_thousand_refusals_are_few_lines() -> None:
    lines = Sampled(10, now=lambda: 0.0)
    assert sum(lines.take("NoKey") is not None for _ in range(100_000)) == 10
