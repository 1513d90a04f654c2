"""Cases of data in one test: none is left out, and each that fails is named."""

from __future__ import annotations

import pytest

from tests.cases import COUNTED, Cases, counted


def even(number: int) -> None:
    assert number % 2 == 0


def test_every_case_is_tried_and_each_that_fails_is_named_with_its_reason() -> None:
    counts: list[tuple[str, object]] = []
    with pytest.raises(AssertionError) as told:
        Cases(lambda name, value: counts.append((name, value)))([1, 2, 3, 4], even, lambda number: f"number {number}")
    assert str(told.value).startswith("2 of 4 cases failed\n\nnumber 1: assert (1 % 2) == 0")
    assert "number 3" in str(told.value) and "number 2" not in str(told.value)
    assert counts == [(COUNTED, 4)]


def test_cases_of_one_name_are_all_told() -> None:
    with pytest.raises(AssertionError) as told:
        Cases(lambda name, value: None)([1, 3], even, lambda number: "the same")
    assert str(told.value).count("the same: ") == 2


def test_an_error_of_any_kind_is_a_failure_of_its_case_only() -> None:
    with pytest.raises(AssertionError, match="1 of 2 cases failed"):
        Cases(lambda name, value: None)([0, 1], lambda number: 1 / number)


def test_no_cases_at_all_are_a_failure() -> None:
    with pytest.raises(AssertionError, match="no case was tried"):
        Cases(lambda name, value: None)([], even)


def test_a_test_is_one_check_or_as_many_as_it_has_cases() -> None:
    assert counted([]) == 1
    assert counted([(COUNTED, 4), ("other", 9), (COUNTED, 3)]) == 7
