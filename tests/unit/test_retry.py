"""How long to wait before the next try."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.retry import LONGEST_S, backoff_s, jittered

WAITS = st.floats(0, 1e6, allow_nan=False)


@given(WAITS)
def test_jitter_moves_a_wait_by_at_most_a_quarter(wait_s: float) -> None:
    assert 0.75 * wait_s <= jittered(wait_s) <= 1.25 * wait_s


@given(st.integers(-5, 10**9), st.floats(0, 100), st.floats(1, 10))
def test_a_wait_is_never_longer_than_the_longest_and_a_quarter(attempt: int, first_s: float, factor: float) -> None:
    assert 0 <= backoff_s(attempt, first_s=first_s, factor=factor) <= 1.25 * LONGEST_S


@given(st.integers(1, 7))
def test_each_wait_is_the_one_before_times_the_factor(attempt: int) -> None:
    wanted = 2.0 * 2.0 ** (attempt - 1)
    assert 0.75 * wanted <= backoff_s(attempt, first_s=2.0, factor=2.0) <= 1.25 * wanted


def test_those_who_failed_together_part() -> None:
    assert len({backoff_s(3, first_s=1.0) for _ in range(20)}) > 1
