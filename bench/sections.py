"""Sections of the benchmark. Sides alternate round by round, so that other load of the machine meets both; medians count."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from bench import crowd, load, pgbench, sides
from bench.letters import Letters
from bench.load import DoesNotCount, Measured
from bench.sides import Kind, Side

ROUNDS = 5
FOR_S = 2.0
TALK_S = 5.0
"""So long that the beginning, where all begin at once, and the end, where the last are waited for, weigh little."""

TRIAL_S = 1.2
CONNECTIONS = (1, 16, 64)
KNOWN = 1000
"""Customers that are known before a run."""

CROWD = 60_000
"""The same where every run is other people's."""

FASTEST = 8000
"""No side takes more POSTs a second here: so many letters are written for each second."""

PEOPLE = 2600
"""Who may talk in one run: more than any side gets through."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Machine:
    """The test bed: one PostgreSQL, and a port for the Graph API double."""

    url: str
    postgres: psutil.Process
    graph_port: int
    say: Say

    def database(self, name: str, customers: int = KNOWN) -> str:
        made = crowd.make(self.url, name)
        crowd.grow(made, 1, customers)
        return made


def middle(runs: Sequence[Measured]) -> Measured:
    """The run whose rate is the median's."""
    return sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def ratio(ours: Sequence[Measured], peer: Sequence[Measured]) -> float:
    """How many times as fast, in the middle round."""
    return median(mine.rate / other.rate for mine, other in zip(ours, peer, strict=True))


# --- durable ingest ---


@dataclass(slots=True)
class Ingest:
    peer: str
    ours: dict[int, Measured]
    pywa: dict[int, Measured]
    upserts: dict[int, float]
    ratio: float
    """To pywa at most connections: the median of the rounds' ratios, since what disturbs a round disturbs both."""


def ingest(machine: Machine) -> Ingest:
    """POSTs a second at 1, 16 and 64 connections: ours, pywa's best, and pgbench's same upsert."""
    database, bare = machine.database("ingest"), machine.database("upserts")
    kind = _best_peer_ingest(machine)
    program = pgbench.ingest()
    ours: dict[int, list[Measured]] = {n: [] for n in CONNECTIONS}
    pywa: dict[int, list[Measured]] = {n: [] for n in CONNECTIONS}
    upserts: dict[int, list[float]] = {n: [] for n in CONNECTIONS}
    with (
        sides.ours(database, machine.postgres, machine.graph_port, workers=0) as door,
        sides.peer(kind, machine.graph_port, talks=False) as peer,
    ):
        for _ in range(ROUNDS):
            for n in CONNECTIONS:
                ours[n].append(_post(door, n, FOR_S))
                upserts[n].append(program.run(bare, n, FOR_S, machine.postgres)[0])
                pywa[n].append(_post(peer, n, FOR_S))
    return Ingest(
        peer.name,
        {n: middle(runs) for n, runs in ours.items()},
        {n: middle(runs) for n, runs in pywa.items()},
        {n: median(runs) for n, runs in upserts.items()},
        ratio(ours[CONNECTIONS[-1]], pywa[CONNECTIONS[-1]]),
    )


def _post(side: Side, connections: int, for_s: float) -> Measured:
    letters = Letters(KNOWN, (("hola",),), times=round(for_s * FASTEST / KNOWN))
    return load.run(letters, port=side.port, connections=connections, side=side.processes, for_s=for_s)


def _best_peer_ingest(machine: Machine) -> Kind:
    found = {}
    for kind in sides.KINDS:
        with sides.peer(kind, machine.graph_port, talks=False) as peer:
            _post(peer, 64, TRIAL_S / 2)
            found[kind] = _post(peer, 64, TRIAL_S).rate
            machine.say(f"pywa hears {found[kind]:,.0f}/s with {kind}")
    return max(found, key=lambda kind: found[kind])


# --- the whole turn ---


@dataclass(slots=True)
class Turns:
    delay_ms: int
    peer: str
    customers: int
    ours: Measured
    pywa: Measured
    ratio: float


_passed: defaultdict[str, Iterator[int]] = defaultdict(itertools.count)
"""Nobody reports two refrigerators in a minute: each run of a side is other people's, all of whom it knows."""


def _others(side: Side) -> Letters:
    first = PEOPLE * next(_passed[side.name])
    assert first + PEOPLE <= CROWD, "whoever talks is known: a bigger crowd is needed for so many runs"
    return Letters(PEOPLE, first=first)


def talk(
    side: Side, machine: Machine, at_once: int, for_s: float, delay_ms: int = 0, letters: Letters | None = None
) -> Measured:
    """Conversations, so many at once, each going on when its reply was accepted."""
    return load.run(
        letters or _others(side), port=side.port, connections=at_once, side=side.processes, for_s=for_s, delay_ms=delay_ms,
        graph_port=machine.graph_port, customers=at_once,
    )  # fmt: skip


TRIALS = (
    (Kind("gevent", 1), 64), (Kind("gevent", 2), 64), (Kind("gthread", 1, 64), 64), (Kind("gthread", 2, 32), 64),
    (Kind("gevent", 2), 128), (Kind("gthread", 2, 64), 128),
    (Kind("gthread", 2, 128), 256),
)  # fmt: skip
"""Ways to run the peer, and how many customers talk at once: more suit a slow Graph API, fewer a fast one."""

OURS_AT_ONCE = 256


def turns(machine: Machine, ours: Side, delay_ms: int) -> Turns:
    """Messages a second and CPU a message, against pywa as it does best with such a Graph API."""
    kind, customers = _best_peer_turn(machine, delay_ms)
    mine, pywa = [], []
    with sides.peer(kind, machine.graph_port, talks=True) as peer:
        talk(peer, machine, customers, TRIAL_S / 2, delay_ms)
        for _ in range(ROUNDS):
            mine.append(talk(ours, machine, OURS_AT_ONCE, TALK_S, delay_ms))
            pywa.append(talk(peer, machine, customers, TALK_S, delay_ms))
    return Turns(delay_ms, peer.name, customers, middle(mine), middle(pywa), ratio(mine, pywa))


def _best_peer_turn(machine: Machine, delay_ms: int) -> tuple[Kind, int]:
    found = {}
    for kind, customers in TRIALS:
        with sides.peer(kind, machine.graph_port, talks=True) as peer:
            try:
                talk(peer, machine, customers, TRIAL_S / 2, delay_ms)
                found[kind, customers] = talk(peer, machine, customers, TRIAL_S, delay_ms).rate
            except DoesNotCount as why:  # a way in which it loses a reply is not its best
                machine.say(f"pywa with {kind}, {customers} at once, {delay_ms} ms: {why}")
                continue
            machine.say(f"pywa talks {found[kind, customers]:,.0f}/s with {kind}, {customers} at once, {delay_ms} ms")
    return max(found, key=lambda trial: found[trial])


def bare_turns(machine: Machine) -> tuple[float, float]:
    """The same statements by pgbench, one conversation at a time: turns a second, and PostgreSQL's CPU of each."""
    database, program = machine.database("statements"), pgbench.turn()
    runs = [program.run(database, 16, FOR_S, machine.postgres) for _ in range(ROUNDS)]
    return sorted(runs)[len(runs) // 2]


# --- latency ---

BUSY = 500
"""Messages a second of a busy house."""


def busy_rate(turns: Turns) -> int:
    """That rate, or on a slow machine half of what the peer can do there: at its limit, anything waits."""
    return min(BUSY, round(turns.pywa.rate / 2))


def at_rate(machine: Machine, ours: Side, rate: int, for_s: float, letters: Letters | None = None) -> Measured:
    """Messages at a steady rate, whether or not the last was answered."""
    return load.run(
        letters or _others(ours), port=ours.port, connections=64, side=ours.processes, for_s=for_s, rate=rate,
        graph_port=machine.graph_port, customers=rate,
    )  # fmt: skip


# --- growth ---


def growth(machine: Machine, sizes: Sequence[int]) -> dict[int, float]:
    """CPU milliseconds a message with so many conversations in the tables."""
    database, costs, before = machine.database("growth", sizes[0]), {}, 0
    with sides.ours(database, machine.postgres, machine.graph_port) as side:
        talk(side, machine, OURS_AT_ONCE, FOR_S, letters=_spread(0, sizes[0], ROUNDS))
        for size in sizes:
            if before:
                crowd.grow(database, before + 1, size)
            people = [_spread(before, size, turn) for turn in reversed(range(ROUNDS))]
            costs[size] = median(talk(side, machine, OURS_AT_ONCE, FOR_S, letters=each).cpu_ms for each in people)
            machine.say(f"{size:,} conversations: {costs[size]:.2f} ms of CPU a message")
            before = size
    return costs


def _spread(first: int, last: int, turn: int) -> Letters:
    """People from all over that part of the tables, a minute after their last words."""
    people = min(PEOPLE, last - first)
    return Letters(people, first=first, phone_step=(last - first) // people, age_s=60 * (1 + turn))
