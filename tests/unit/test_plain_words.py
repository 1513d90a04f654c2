"""Plain words: the check finds riddles, and the house holds no more of them than its ratchet allows."""

from __future__ import annotations

import pytest

from tests import plain_words


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""What staff ask."""', ["What staff ask."]),
        ('def f():\n    """Nobody waits."""', ["Nobody waits."]),
        ('class A:\n    """Those who wait."""', ["Those who wait."]),
        ("def told(): ...", ["def told"]),
        ("def _hear(): ...", ["def _hear"]),
        ('Field(1, description="who was silent this long is gone")', ["who was silent this long is gone"]),
        ('"""Staff queries."""\ndef values_of():\n    """Whether it works."""', []),
        ('"""What is a desk? One business."""', []),
        ('Field(1, description="seconds of silence after which a visitor is gone")', []),
    ],
)
def test_riddles_and_unclear_names_are_found(source: str, found: list[str]) -> None:
    assert [text for _, text in plain_words.of_code(source)] == found


def test_riddles_above_a_query_and_in_the_help_of_a_panel_are_found() -> None:
    source = "-- name: a\n-- What came in.\nselect 1\n-- name: b\n-- Events.\n-- What is more.\nselect 2\n-- help: Who waits.\n"
    assert [*plain_words.of_sql(source)] == [(2, "What came in."), (8, "Who waits.")]


def test_a_room_may_hold_no_more_than_its_ratchet_allows() -> None:
    found = [("core", "core/a.py:1: What it is."), ("core", "core/b.py:1: Who it is."), ("bot", "bot/a.py:1: None.")]
    assert plain_words.excess(found, {"core": 2, "bot": 1}) == []
    assert plain_words.excess(found, {"core": 1, "bot": 1})[1:] == [f"  {text}" for _, text in found[:2]]
    assert plain_words.excess(found, {"core": 2})[1:] == ["  bot/a.py:1: None."]


def test_the_house_holds_no_more_riddles_than_before() -> None:
    assert plain_words.excess(list(plain_words.every()), plain_words.allowed()) == []
