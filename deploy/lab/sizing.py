"""What a message costs PostgreSQL: CPU, bytes on disk, bytes of write-ahead log. The base of every sizing on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from deploy.lab.evidence import settled
from deploy.lab.hosts import Lab
from deploy.lab.load import Talk
from deploy.lab.waiting import rest, until

CUSTOMERS, RATE, FOR_S = 160, 20.0, 25.0
FIGURES = """
    select sum(pg_total_relation_size(c.oid))::bigint as bytes, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as wal
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = 'public'
"""


@dataclass(frozen=True, slots=True)
class Size:
    messages: int
    cpu_s: float
    bytes: int
    wal: int

    def lines(self) -> Iterator[str]:
        cpu_ms, each = self.cpu_s * 1000 / self.messages, self.bytes / self.messages
        yield f"{self.messages} messages, each with its turn, its reply and two statuses, at {RATE:.0f} a second:"
        yield f"PostgreSQL's CPU: {cpu_ms:.1f} ms a message, so {1000 / cpu_ms:.0f} messages/s a core"
        yield f"tables and indexes: {each / 1000:.1f} kB a message, so {each / 1000:.1f} GB a million messages"
        yield f"write-ahead log: {self.wal / self.messages / 1000:.1f} kB a message"


def measured(lab: Lab, customers: Sequence[str]) -> Size:
    """Let them write for a while, and see what that took."""
    before, cpu_s = lab.ask(FIGURES)[0], _cpu_s(lab)
    with Talk(lab.exchange, customers, RATE) as talk:
        rest(FOR_S)
    until(lambda: settled(lab, talk.said), 120)
    after = lab.ask(FIGURES)[0]
    return Size(len(talk.said), _cpu_s(lab) - cpu_s, after.bytes - before.bytes, after.wal - before.wal)


def _cpu_s(lab: Lab) -> float:
    """CPU seconds of the primary's server, its backends, and those that ended."""
    postmaster = int((lab.primary.data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
    root = psutil.Process(postmaster)
    ended = root.cpu_times()
    own = [process.cpu_times() for process in (root, *root.children())]
    return ended.children_user + ended.children_system + sum(times.user + times.system for times in own)
