"""Retry backoff: the wait before the next try. Pure, but for the jitter."""

from __future__ import annotations

import random

LONGEST_S = 300.0


def backoff_s(attempt: int, *, first_s: float, factor: float = 2.0, longest_s: float = LONGEST_S) -> float:
    """The wait after the given failed attempt (1, 2, …), with jitter, so that those who failed together part."""
    exponent = min(max(attempt, 1) - 1, 32)
    return jittered(min(longest_s, first_s * factor**exponent))


def jittered(wait_s: float) -> float:
    """Up to a quarter more or less."""
    return wait_s * random.uniform(0.75, 1.25)  # noqa: S311  # nobody's secret
