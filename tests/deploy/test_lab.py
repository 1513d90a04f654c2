"""The lab of `deploy/lab`: what it counts, what it is made of, and that nothing of it stays. Its failures run by night."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import settings
from core.settings import Settings
from deploy.lab import __main__ as lab
from deploy.lab import namespaces, needs, table
from deploy.lab.evidence import Cost, balance, waits
from deploy.lab.failures import FAILURES
from deploy.lab.hosts import ADDRESSES, BESIDE, ROLES
from deploy.lab.hosts import settings as told
from deploy.lab.load import Line
from deploy.lab.namespaces import Host
from deploy.lab.sizing import Size
from tests.waiting import until

PAGE = (Path(__file__).parents[2] / "docs" / "failures.md").read_text("utf-8")
GOOD = Cost(messages=160, lost=0, twice=0, usual_s=0.4, longest_s=9.6)

# what it counts


def test_what_had_no_effect_and_what_was_never_said_is_lost() -> None:
    assert balance(["a", "b", "c"], {"a": 1, "b": 0}, {"7", "8"}, ["7"]) == (3, 0)


def test_an_effect_and_a_reply_too_many_and_a_reply_nobody_decided_are_said_twice() -> None:
    assert balance(["a"], {"a": 2}, {"7"}, ["7", "7", "9"]) == (0, 3)


def test_all_is_well_when_each_has_one_effect_and_each_reply_was_accepted_once() -> None:
    assert balance(["a", "b"], {"a": 1, "b": 1}, {"7"}, ["7"]) == (0, 0)


def test_a_customer_waits_until_the_next_reply_of_their_own() -> None:
    said = [Line("a", "rosa", 10.0), Line("b", "rosa", 20.0), Line("c", "luis", 10.0)]
    accepted = [{"to": "rosa", "at": 11.5}, {"to": "rosa", "at": 23.0}, {"to": "luis", "at": 9.0}]
    assert waits(said, accepted) == [1.5, 3.0, float("inf")]


@pytest.mark.parametrize(
    ("cost", "good"),
    [
        (GOOD, True),
        (Cost(160, 1, 0, 0.4, 9.6), False),
        (Cost(160, 0, 1, 0.4, 9.6), False),
        (Cost(160, 0, 0, 0.4, 15.1), False),
    ],
)
def test_a_row_is_good_when_nothing_is_lost_or_doubled_and_nobody_waited_too_long(cost: Cost, good: bool) -> None:
    assert table.Row("it dies", cost, 15).good is good


def test_a_row_tells_what_was_counted() -> None:
    assert str(table.Row("it dies", GOOD, 15)) == "| it dies | 160 | 0 | 0 | 0.4 | 9.6 | ≤ 15 |"
    assert str(table.Row("it dies", GOOD)) == "| it dies | 160 | 0 | 0 | 0.4 | 9.6 |  |"


def test_a_size_is_told_for_each_message() -> None:
    told = "\n".join(Size(messages=2000, cpu_s=8.0, bytes=6_000_000, wal=9_000_000).lines())
    assert "4.0 ms a message, so 250 messages/s a core" in told
    assert "3.0 kB a message, so 3.0 GB a million messages" in told
    assert "write-ahead log: 4.5 kB" in told


# what it is made of


def test_the_balancer_takes_its_configuration() -> None:
    done = subprocess.run(["haproxy", "-c", "-f", str(BESIDE / "haproxy.cfg")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_balancer_asks_both_web_hosts_where_they_are() -> None:
    written = (BESIDE / "haproxy.cfg").read_text("utf-8")
    servers = dict(re.findall(r"server (\w+) ([\d.]+):8000 check", written))
    assert servers == {name: ADDRESSES[name] for name, role in ROLES.items() if role == "web"}
    assert f"bind {ADDRESSES['balancer']}:8000" in written


def test_the_pooler_keeps_sessions_and_gives_up_a_primary_that_says_nothing() -> None:
    written = configparser.ConfigParser(allow_no_value=True, comment_prefixes=(";",))
    written.read(BESIDE / "pgbouncer.ini")
    pooler = written["pgbouncer"]
    assert pooler["pool_mode"] == "session"
    assert "options" in pooler["ignore_startup_parameters"]
    assert 0 < int(pooler["tcp_user_timeout"]) <= 10_000


def test_every_setting_of_the_lab_is_one() -> None:
    environ = told()
    assert set(environ) - {"WEB_CONCURRENCY", "WINDOW_CONCURRENCY"} <= {name.upper() for name in Settings.model_fields}
    loaded = settings.load(environ)
    assert ADDRESSES["platform"] in loaded.graph_api_url


def test_a_lease_is_shorter_than_the_goal_of_who_waits_for_its_end() -> None:
    [goal] = [failure.goal_s for failure in FAILURES if failure.name.startswith("a worker host dies")]
    assert goal is not None
    assert settings.load(told()).lease_s < goal


# what it needs, and what the page says


def test_all_that_lacks_is_told_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert lab.main([]) == 2
    printed = capsys.readouterr().err
    assert "only root may" in printed
    assert [tool for tool in needs.TOOLS if f"no {tool}: apt install {needs.TOOLS[tool]}" not in printed] == []


def test_the_page_has_a_row_for_each_failure_and_none_lost_anything() -> None:
    rows = {cells[0]: cells[1:] for cells in (re.split(r" *\| *", line)[1:-1] for line in PAGE.splitlines()) if cells}
    for failure in FAILURES:
        messages, lost, twice, _, longest, goal = rows[failure.name]
        assert (int(messages) > 0, lost, twice) == (True, "0", "0")
        assert goal == ("" if failure.goal_s is None else f"≤ {failure.goal_s:.0f}")
        assert failure.goal_s is None or float(longest) <= failure.goal_s


# its hosts

ALLOWED = ["unshare", "--net", "--mount", "true"]
only_root = pytest.mark.skipif(
    os.geteuid() != 0 or subprocess.run(ALLOWED, capture_output=True).returncode != 0,
    reason="only root makes network namespaces, and not in every container",
)
ECHO = """
import socket
with socket.create_server(("", 8000)) as door:
    while True:
        caller, _ = door.accept()
        caller.sendall(b"here")
        caller.close()
"""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Host, Host]]:
    """This process's host, and another one on which somebody answers."""
    with namespaces.network():
        here, there = Host("platform", "10.77.0.2", tmp_path), Host("web1", "10.77.0.21", tmp_path)
        there.start("echo", [sys.executable, "-c", ECHO], {})
        with namespaces.inside(here):
            until(lambda: answered(there), 20)
            yield here, there


def answered(host: Host) -> bool:
    try:
        with socket.create_connection((host.address, 8000), timeout=1) as caller:
            return caller.recv(4) == b"here"
    except OSError:
        return False


@only_root
def test_a_host_that_is_cut_is_unheard_until_it_is_mended(pair: tuple[Host, Host]) -> None:
    here, there = pair
    there.go_unheard(here)
    assert not answered(there)
    there.be_heard(here)
    assert until(lambda: answered(there), 20)


@only_root
def test_a_host_that_dies_leaves_no_process(pair: tuple[Host, Host]) -> None:
    _, there = pair
    [pid] = there.pids
    there.die()
    assert there.pids == []
    assert not Path(f"/proc/{pid}").exists()
    assert not answered(there)


@only_root
def test_nothing_of_a_network_is_left(tmp_path: Path) -> None:
    with namespaces.network():
        host = Host("web1", "10.77.0.21", tmp_path)
        host.start("echo", [sys.executable, "-c", ECHO], {})
        until(lambda: host.pids, 10)
        [pid] = host.pids
        assert namespaces.standing()
    assert namespaces.standing() == []
    until(lambda: Path(f"/proc/{pid}/cmdline").read_bytes() == b"" if Path(f"/proc/{pid}").exists() else True, 10)
