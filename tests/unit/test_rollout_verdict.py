"""A new version goes on only when every figure is there and good; its limits are those of the alerts."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from bot.commands import rollout_prometheus
from bot.commands.rollout_verdict import LIMITS, Figures, judge
from core import telemetry
from tests.unit.test_alerts import rules, samples

GOOD = Figures(
    turns=500, errors=0.001, p95_s=0.3, p95_s_of_others=0.2, ai_open=0, ai_open_of_others=0, disk_used=0.5,
    dead_letters=0, said_twice=0,
)  # fmt: skip


def test_where_every_figure_is_there_and_good_it_goes_on() -> None:
    verdict = judge(GOOD)
    assert verdict.word == "go"
    assert len(verdict.reasons) == 7


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"errors": 0.0051}, "errors of the server: 0.51%, more than 0.50%"),
        ({"p95_s": 0.9}, "time to a turn: p95 0.90 s, baseline 0.20 s, more than 2 times it"),
        ({"ai_open": 1}, "circuit of the AI: open for the new version alone"),
        ({"disk_used": 0.91}, "the fullest disk: 91%, more than 90%"),
        ({"dead_letters": 1}, "dead letters: 1, more than 0"),
        ({"said_twice": 2}, "said twice: 2, more than 0"),
    ],
)
def test_one_bad_figure_takes_it_back(bad: dict[str, float], why: str) -> None:
    verdict = judge(replace(GOOD, **bad))
    assert verdict.word == "back"
    assert [reason.what for reason in verdict.reasons if reason.word == "back"] == [why]


@pytest.mark.parametrize("name", [name for name in Figures.__slots__ if name != "ai_open_of_others"])
@pytest.mark.parametrize("nothing", [None, math.nan])
def test_a_figure_that_is_missing_makes_it_wait(name: str, nothing: float | None) -> None:
    assert judge(replace(GOOD, **{name: nothing})).word == "wait"


def test_without_any_figure_it_waits() -> None:
    assert judge(Figures()).word == "wait"
    assert {reason.word for reason in judge(Figures()).reasons} == {"wait"}


def test_with_few_turns_it_waits_and_a_bad_figure_counts_all_the_same() -> None:
    assert judge(replace(GOOD, turns=19)).word == "wait"
    assert judge(replace(GOOD, turns=19, dead_letters=1)).word == "back"


def test_an_ai_that_is_away_for_everybody_is_no_fault_of_the_new_version() -> None:
    assert judge(replace(GOOD, ai_open=1, ai_open_of_others=1)).word == "wait"


def test_a_turn_that_nobody_feels_is_not_slow() -> None:
    assert judge(replace(GOOD, p95_s=0.04, p95_s_of_others=0.01)).word == "go"


def expression(alert: str) -> str:
    (found,) = [str(rule["expr"]) for rule in rules() if rule.get("alert") == alert]
    return found


def test_the_limits_are_those_of_the_alerts() -> None:
    assert expression("TurnoDoorServerErrors").endswith(f"> {LIMITS.errors:g}")
    assert expression("TurnoChatServerErrors").endswith(f"> {LIMITS.errors:g}")
    assert expression("TurnoDiskFills").endswith(f"< {1 - LIMITS.disk_used:.1f}")
    assert f'turno_waiting{{where="dead_letters"}}) > {LIMITS.dead_letters}' in expression("TurnoDeadLetters")
    assert expression("TurnoSaidTwice").endswith(f"> {LIMITS.said_twice}")


def test_what_prometheus_is_asked_for_is_ours() -> None:
    assert telemetry.exposition()
    ours = {sample for family in REGISTRY.collect() for sample in samples(family.name, family.type)}
    asked = " ".join(rollout_prometheus.QUERIES.values()).replace("turno_(door|chat)_seconds_count", "")
    assert set(re.findall(r"\bturno_[a-z_]+\b", asked)) - ours == set()
    assert {"turno_door_seconds_count", "turno_chat_seconds_count"} <= ours
