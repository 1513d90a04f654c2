"""The AI answers, hangs, trickles, fails, rambles, obeys the wrong one, and answers again, while customers write."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from bench import outage, outage_table
from bench.outage_told import Phase, Timeline
from bot.commands import demo
from core.store.db import Database
from tests.conftest import TEMPLATE, fresh_database

AT_ONCE = {"breaker_open", "resting"}
FAILURES = {"timeout", "http_500"}
RESTS_AND_IS_TRIED = outage.OPEN_S + outage.DEADLINE_S
"""The longest from one try to the next."""
PHASES = (
    ("answer", 2.0), ("hang", RESTS_AND_IS_TRIED), ("trickle", RESTS_AND_IS_TRIED + 0.5), ("http_500", RESTS_AND_IS_TRIED),
    ("prose", RESTS_AND_IS_TRIED), ("wrong_json", 1.5), ("injection", 1.5), ("answer", 2.0),
)  # fmt: skip
"""As in the benchmark, but no longer than each needs to show."""


@pytest.fixture(scope="module")
def story(postgres: str) -> Timeline:
    with psycopg.connect(postgres) as connection:
        [(folder,)] = connection.execute("show data_directory").fetchall()
    for url in fresh_database(postgres, TEMPLATE):
        database = Database(url)
        with database.transaction() as tx:
            demo.put(tx)
        database.close()
        told = outage.play_in(url, Path(folder), PHASES)
    return told


def phase(story: Timeline, mode: str) -> Phase:
    """The last phase of that kind."""
    return next(phase for phase in reversed(story.phases) if phase.mode == mode)


def test_everybody_is_answered_and_nobody_later_than_the_limit_and_a_second(story: Timeline) -> None:
    assert story.unanswered == 0
    assert all(len(story.said_in(phase)) > outage.CUSTOMERS for phase in story.phases)
    assert max(reply.latency_s for reply in story.replies) <= outage.DEADLINE_S + 1


LEGAL = {("closed", "open"), ("open", "half_open"), ("half_open", "open"), ("half_open", "closed")}


def test_the_breaker_opens_tries_carefully_and_closes_after_two_successes(story: Timeline) -> None:
    first, *_, last = story.changes
    assert (first.before, first.after) == ("closed", "open") and first.why.startswith("5 failures")
    assert (last.before, last.after, last.why) == ("half_open", "closed", "2 probes succeeded")
    assert all(before.after == after.before for before, after in pairwise(story.changes))
    assert {(change.before, change.after) for change in story.changes} <= LEGAL


def test_once_it_is_open_a_try_costs_one_customer_and_all_others_are_answered_at_once(story: Timeline) -> None:
    opened, closed = story.changes[0].at, story.changes[-1].at
    meanwhile = [reply for reply in story.replies if opened < reply.said_at < closed]
    tries = [reply for reply in meanwhile if reply.why in FAILURES]
    probes = sum(change.after == "half_open" for change in story.changes)
    relapses = sum((change.before, change.after) == ("closed", "open") for change in story.changes[1:])
    assert len(tries) <= probes + relapses * outage.CUSTOMERS
    others = [reply for reply in meanwhile if reply.why in AT_ONCE]
    assert len(others) > 10 * len(tries)
    assert max(reply.latency_s for reply in others) < outage.DEADLINE_S


def test_never_more_than_one_try_is_under_way(story: Timeline) -> None:
    assert phase(story, "hang").most_at_once == outage.CUSTOMERS
    assert [phase(story, mode).most_at_once for mode in ("trickle", "http_500")] == [1, 1]


@pytest.mark.parametrize("mode", ["prose", "wrong_json", "injection"])
def test_an_answer_that_cannot_be_used_is_no_answer_and_no_failure(story: Timeline, mode: str) -> None:
    replies = story.said_in(phase(story, mode))
    assert "bad_answer" in {reply.why for reply in replies}
    assert {reply.why for reply in replies} <= {"bad_answer", *AT_ONCE, *FAILURES, ""}
    assert "cancel" not in {reply.trigger for reply in replies}


def test_in_the_end_it_is_listened_to_again(story: Timeline) -> None:
    *_, last = story.said_in(story.phases[-1])
    assert (last.source, last.why) == ("ai", "")


def test_the_timeline_tells_every_second_and_every_change(story: Timeline) -> None:
    lines = list(outage_table.lines(story))
    assert {mode for mode, _ in PHASES} <= {line.split()[1] for line in lines if line[:3].strip().isdigit()}
    assert sum("→" in line for line in lines) == len(story.changes)
