"""The failures, one function each: how it strikes, and how it is mended afterwards."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.lab.hosts import Lab
from deploy.lab.postgres import programs
from deploy.lab.waiting import rest, until

HOLDING_TRIES = 200
LOOKS = 3
"""So many bad looks at the primary in a row, one a second, and its standby is promoted: what Patroni or repmgr do."""


@dataclass(frozen=True, slots=True)
class Failure:
    name: str
    strike: Callable[[Lab], None]
    mend: Callable[[Lab], None] | None = None
    goal_s: float | None = None


def nothing_fails(_: Lab) -> None:
    """So that the waits of the others can be compared with it."""


def web_host_dies(lab: Lab) -> None:
    lab.hosts["web1"].die()


def worker_host_dies(lab: Lab) -> None:
    """It dies while it has customers in hand: it is halted, and if leases outlive that, it never goes on."""
    host = lab.hosts["worker1"]
    for _ in range(HOLDING_TRIES):
        host.send(signal.SIGSTOP)
        held = _leases(lab)
        rest(0.3)
        if held & _leases(lab):
            host.die()
            return
        host.send(signal.SIGCONT)
        rest(0.05)
    raise TimeoutError("the worker host was never seen with a customer in hand")


def _leases(lab: Lab) -> set[tuple[int, str]]:
    rows = lab.ask("select conversation_id, lease_token::text as token from sessions where lease_token is not null")
    return {(row.conversation_id, row.token) for row in rows}


def answers_of_the_door_are_cut(lab: Lab) -> None:
    """A web host takes POSTs and commits them; its 200 never comes back."""
    lab.hosts["web1"].go_unheard(lab.hosts["balancer"])


def hear_the_door(lab: Lab) -> None:
    lab.hosts["web1"].be_heard(lab.hosts["balancer"])


def answers_of_the_platform_are_cut(lab: Lab) -> None:
    """The platform accepts what a worker host sends; the host never hears so."""
    lab.hosts["platform"].go_unheard(lab.hosts["worker1"])


def hear_the_platform(lab: Lab) -> None:
    lab.hosts["platform"].be_heard(lab.hosts["worker1"])


def clock_goes_wrong(by: str) -> Callable[[Lab], None]:
    """A worker host is started anew, with a clock that is wrong by so much."""

    def strike(lab: Lab) -> None:
        lab.hosts["worker1"].stop()
        lab.begin("worker1", LD_PRELOAD=str(clock_library()), FAKETIME=by, FAKETIME_DONT_FAKE_MONOTONIC="1",
                  DONT_FAKE_MONOTONIC="1")  # fmt: skip
        until(lab.ready, 90)

    return strike


def clock_library() -> Path:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise FileNotFoundError("no libfaketime: apt install faketime")
    return found[0]


def put_clock_right(lab: Lab) -> None:
    lab.hosts["worker1"].stop()
    lab.begin("worker1")
    until(lab.ready, 90)


def primary_dies(lab: Lab) -> None:
    """Whoever watches it sees it gone, and promotes its standby."""
    lab.primary.host.die()
    misses = 0
    while misses < LOOKS:
        misses = 0 if _answers(lab.primary.host.address) else misses + 1
        rest(0.2)
    lab.promote()


def _answers(address: str) -> bool:
    return not subprocess.run(
        [str(programs() / "pg_isready"), "--quiet", f"--host={address}", "--timeout=1"]
    ).returncode


def revive(name: str) -> Callable[[Lab], None]:
    def mend(lab: Lab) -> None:
        lab.begin(name)
        until(lab.ready, 90)

    return mend


FAILURES = (
    Failure("nothing", nothing_fails),
    Failure("a web host dies", web_host_dies, revive("web1")),
    Failure("a worker host dies with customers in hand", worker_host_dies, revive("worker1"), goal_s=15),
    Failure("the door commits, its answers are cut", answers_of_the_door_are_cut, hear_the_door),
    Failure("the platform accepts, its answers are cut", answers_of_the_platform_are_cut, hear_the_platform),
    Failure("a worker host's clock is 5 min fast", clock_goes_wrong("+300s"), put_clock_right),
    Failure("a worker host's clock is 5 min slow", clock_goes_wrong("-300s"), put_clock_right),
    Failure("the primary dies, the standby is promoted", primary_dies, goal_s=30),
)
"""The primary dies last: the lab has no third database."""
