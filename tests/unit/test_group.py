"""Calls that arrive together share one run, and its outcome; nobody waits for company."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from core.group import GroupCommit
from tests.waiting import until


class Runs:
    """Records its groups; the first one waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.entered, self.go = Event(), Event()
        self.fail_on: int | None = None

    def __call__(self, items: Sequence[int]) -> None:
        self.groups.append(list(items))
        self.entered.set()
        assert self.go.wait(20)
        if self.fail_on in items:
            raise ValueError(f"{self.fail_on} breaks its group")


def crowd(runs: Runs, *, most: int, items: int) -> tuple[GroupCommit[int], list[BaseException | None]]:
    """The first item runs alone while all the others gather behind it; what became of each."""
    gathering = GroupCommit(runs, most=most)
    with ThreadPoolExecutor(items) as pool:
        calls = [pool.submit(gathering.join, 0)]
        assert runs.entered.wait(20)
        for item in range(1, items):
            calls.append(pool.submit(gathering.join, item))
            until(lambda: len(gathering._group.items) == (len(calls) - 1) % most)  # a full group is gone
        runs.go.set()
        return gathering, [call.exception(20) for call in calls]


def test_who_comes_alone_is_a_group_of_one() -> None:
    runs = Runs()
    runs.go.set()
    gathering = GroupCommit(runs, most=10)
    for item in range(3):
        gathering.join(item)
    assert runs.groups == [[0], [1], [2]]


def test_who_comes_while_a_run_is_under_way_shares_the_next() -> None:
    runs = Runs()
    _, outcomes = crowd(runs, most=100, items=9)
    assert runs.groups[0] == [0]
    assert sorted(runs.groups[1]) == list(range(1, 9))
    assert outcomes == [None] * 9


def test_a_group_never_holds_more_than_the_most() -> None:
    runs = Runs()
    _, outcomes = crowd(runs, most=3, items=10)
    assert max(map(len, runs.groups)) <= 3
    assert sorted(item for group in runs.groups for item in group) == list(range(10))
    assert outcomes == [None] * 10


def test_everybody_in_a_group_that_failed_is_told_and_nobody_else() -> None:
    runs = Runs()
    runs.fail_on = 4
    _, outcomes = crowd(runs, most=100, items=6)
    assert outcomes[0] is None
    assert all(isinstance(outcome, ValueError) for outcome in outcomes[1:])


def test_a_failure_does_not_close_the_door_for_those_who_come_later() -> None:
    runs = Runs()
    runs.go.set()
    runs.fail_on = 1
    gathering = GroupCommit(runs, most=10)
    with pytest.raises(ValueError):
        gathering.join(1)
    gathering.join(2)
    assert runs.groups == [[1], [2]]
