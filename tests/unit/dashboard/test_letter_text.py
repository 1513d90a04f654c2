"""An event as it came, on the page of a dead letter: however long it is, and without half a number at its end."""

from __future__ import annotations

from time import thread_time

import pytest

from dashboard.dead_letters.pages import LONGEST_RAW, _shown


def test_an_event_of_megabytes_is_cut_before_it_is_masked() -> None:
    begun = thread_time()
    shown, cut = _shown("juan@x.com " * 270_000)
    assert thread_time() - begun < 0.5
    assert cut and "juan" not in shown and len(shown) > LONGEST_RAW / 2


@pytest.mark.parametrize("before", range(19))
def test_no_half_of_a_number_is_left_where_it_is_cut(before: int) -> None:
    shown, _ = _shown(" " * (LONGEST_RAW - before) + "4532 1488 0343 6467" + " x" * 100)
    assert not any(c.isdigit() for c in shown)


def test_what_is_short_is_shown_whole() -> None:
    assert _shown("hola") == ("hola", False)
