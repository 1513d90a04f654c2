"""`turno rollout judge` before a real Prometheus that holds half an hour of several new versions: a good one and bad ones."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.deploy import prometheus_server

STEP_S, STEPS = 15, 140
Series = dict[str, tuple[float, float]]
"""A value at first, and how much it grows with each step."""

GOOD: Series = {
    "turno_build_info{version='2'}": (1, 0),
    "turno_turns_total{origin='customer'}": (0, 5),
    "turno_door_seconds_count{status='200'}": (0, 10),
    "turno_door_seconds_count{status='503'}": (0, 0.01),
    "turno_chat_seconds_count{call='say',status='2xx'}": (0, 10),
    "turno_turn_wait_seconds_bucket{le='0.5'}": (0, 9),
    "turno_turn_wait_seconds_bucket{le='1'}": (0, 10),
    "turno_turn_wait_seconds_bucket{le='+Inf'}": (0, 10),
    "turno_breakers_open{breaker='ai'}": (0, 0),
    "turno_disk_free_ratio{folder='photos'}": (0.5, 0),
}
CASES: dict[str, Series] = {
    "stable": GOOD,
    "good": GOOD,
    "errors": {**GOOD, "turno_chat_seconds_count{call='say',status='5xx'}": (0, 0.2)},
    "slow": {**GOOD, "turno_turn_wait_seconds_bucket{le='0.5'}": (0, 1), "turno_turn_wait_seconds_bucket{le='1'}": (0, 2),
             "turno_turn_wait_seconds_bucket{le='5'}": (0, 10)},
    "ai": {**GOOD, "turno_breakers_open{breaker='ai'}": (1, 0)},
    "disk": {**GOOD, "turno_disk_free_ratio{folder='logs'}": (0.05, 0)},
    "dead_letters": {**GOOD, "turno_buried_total{kind='text'}": (1, 0)},
    "young": {"turno_build_info{version='2'}": (1, 0)},
    "half_told": {name: value for name, value in GOOD.items() if "disk" not in name},
}  # fmt: skip


def exposition(now: float) -> str:
    """Everything as OpenMetrics, the last sample a moment ago."""
    lines: dict[str, list[str]] = {}
    series = {f"{name[:-1]},release='{case}'}}": value for case, of in CASES.items() for name, value in of.items()}
    for name, (first, growth) in {**series, "turno_said_twice{}": (0, 0)}.items():
        held = lines.setdefault(name.partition("{")[0], [])
        for step in range(STEPS):
            at = now - (STEPS - 1 - step) * STEP_S
            held.append(f"{name.replace(chr(39), chr(34))} {first + growth * step:g} {at:.0f}")
    told = [line for name, held in lines.items() for line in (f"# TYPE {name} unknown", *held)]
    return "\n".join((*told, "# EOF", ""))


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus_server.holding(exposition(time.time()), tmp_path_factory.mktemp("prometheus")) as url:
        yield url


def judged(url: str, case: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit code, and what was not good, by its word."""
    code = main(["rollout", "judge", "--prometheus", url, "--new", f'release="{case}"', "--json"])
    told = json.loads(capsys.readouterr().out)
    return code, {
        reason["what"].partition(":")[0]: reason["word"] for reason in told["reasons"] if reason["word"] != "go"
    }


@pytest.mark.parametrize(
    ("case", "code", "bad"),
    [
        ("good", 0, {}),
        ("errors", 4, {"errors of the server": "back"}),
        ("slow", 4, {"time to a turn": "back"}),
        ("ai", 4, {"circuit of the AI": "back"}),
        ("disk", 4, {"the fullest disk": "back"}),
        ("dead_letters", 4, {"dead letters": "back"}),
        ("half_told", 3, {"the fullest disk": "wait"}),
        ("young", 3, {"turns": "wait", "time to a turn": "wait", "the fullest disk": "wait"}),
    ],
)
def test_a_good_version_goes_on_and_a_bad_one_goes_back(
    prometheus: str, case: str, code: int, bad: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(prometheus, case, capsys) == (code, bad)


def test_a_version_that_nobody_scrapes_waits(prometheus: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, bad = judged(prometheus, "nobody", capsys)
    assert code == 3 and set(bad.values()) == {"wait"}


def test_where_no_prometheus_answers_it_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollout", "judge", "--prometheus", "http://127.0.0.1:1"]) == 3
    assert "does not answer" in capsys.readouterr().out
