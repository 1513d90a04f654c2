"""Kill a process at every place between the platform's POST and the delivery status; let another go on; look.

The places are not chosen here: every statement that writes on that path has one before and one after its commit, and
every call of the platform has three. A statement that is missing from this file fails the last test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from core.crashpoints import CALLS, COMMIT
from core.store import queries
from tests.acceptance.house import House
from tests.acceptance.plays import (
    WORKERS,
    Stage,
    die_before_the_call,
    files_come_slowly,
    files_fail_once,
    healthy,
    looks_shut,
    no_history,
    no_sense,
    refuse_once,
    resolve_the_ticket,
    show_a_label,
    statuses_come_first,
    talk,
    talk_after_mending,
    talk_and_be_warned,
    talk_and_postpone,
    talk_in_a_burst,
    talk_past_the_buried,
    talk_through_an_outage,
    talk_to_nobody,
)
from tests.acceptance.served import Served
from tests.conftest import TEMPLATE, fresh_database


@dataclass(frozen=True)
class Case:
    """Who dies, what goes wrong besides, what is said meanwhile, and settings of its workers."""

    who: str = WORKERS
    stage: Stage = healthy
    play: Stage = talk
    settings: tuple[tuple[str, str], ...] = ()


CASES = {
    "contacts.meet": Case("web"),
    "inbox.accept": Case("web"),
    "inbox.add_channels": Case("web", play=talk_to_nobody),
    "deliveries.apply": Case("web"),
    "sessions.claim": Case(),
    "sessions.save": Case(),
    "inbox.finish": Case(),
    "steps.append": Case(),
    "records.open_tickets": Case(),
    "records.change_tickets": Case(play=resolve_the_ticket),
    "timers.arm": Case(),
    "timers.cancel": Case(),
    "outbox.put": Case(),
    "sessions.release": Case(stage=no_sense, play=talk_after_mending),
    "inbox.note_failure": Case(stage=no_sense, play=talk_after_mending),
    "sessions.give_back": Case(play=talk_through_an_outage, settings=(("COMMIT_TIMEOUT_S", "0.5"),)),
    "sessions.breathe": Case(play=talk_in_a_burst, settings=(("BREATH_S", "2"),)),
    "sessions.forgive": Case(stage=no_history, play=talk_past_the_buried, settings=(("EVENT_ATTEMPTS", "1"),)),
    "outbox.claim": Case(),
    "outbox.mark": Case(),
    "outbox.reword": Case(stage=looks_shut, settings=(("WINDOW_S", "0.000001"),)),
    "outbox.say_plainly": Case(stage=refuse_once(131009)),
    "outbox.hold_customer": Case(stage=refuse_once(131056)),
    "outbox.hold_number": Case(stage=refuse_once(130429)),
    "graph": Case(),
    "timers.fire": Case(play=talk_and_be_warned),
    "timers.postpone": Case(play=talk_and_postpone),
    "outbox.rescue": Case("conversation,janitor", play=die_before_the_call),
    "outbox.settle": Case("conversation,janitor", play=die_before_the_call),
    "deliveries.parked": Case(stage=statuses_come_first),
    "records.want_errands": Case(play=show_a_label),
    "errands.claim": Case("media", play=show_a_label),
    "errands.renew": Case("media", stage=files_come_slowly, play=show_a_label),
    "errands.put_off": Case("media", stage=files_fail_once, play=show_a_label),
    "errands.finish": Case("media", play=show_a_label),
    "photos.add": Case("media", play=show_a_label),
    "inbox.add_own": Case("media", play=show_a_label),
}

ELSEWHERE = {
    "inbox.replay": "a person puts a dead letter back, by hand",
    "sessions.borrow": "a dry run: its transaction is always taken back",
    "outbox.give_time": "postpones the settling of unknown sends, and nothing else: doing it again is harmless",
    "outbox.resume_number": "a person lets a number send again, by hand",
    "records.add_to_tickets": "a record beside a turn, as records.open_tickets",
    "records.answer_surveys": "a record beside a turn: written with sessions.save or not at all, as records.open_tickets",
    "records.give_up": "a record beside a turn, as records.open_tickets",
    "records.set_opt_outs": "a record beside a turn, as records.open_tickets",
    "records.finish_surveys": "a record beside a turn, as records.open_tickets",
    "errands.begin": "the mark before a call with an effect: `test_errand_deaths.py`",
    "errands.answer": "a person says how an errand ended, by hand; a worker dies over the answer in `test_errand_deaths.py`",
    "errands.purge": "retention, as inbox.purge",
    "photos.purge": "retention, as inbox.purge",
}
"""Writes of the same tables that are not between a POST and its delivery status, or ride with one that is here."""

PLACES = [f"{name}:{moment}" for name in CASES if name != "graph" for moment in COMMIT] + list(CALLS)


LEASES = {"LEASE_S": "0.5", "MEDIA_LEASE_S": "0.5"}


class Street:
    """One house, in which one place after the other is died at, with another customer each. Its web side is gunicorn, as
    deployed. A house in which something went wrong is left, and another one is built."""

    def __init__(self, postgres: str, folder: Path):
        self._postgres, self._folder = postgres, folder
        self._standing: tuple[Iterator[str], House] | None = None
        self._built = 0

    @contextmanager
    def house(self, settings: Mapping[str, str]) -> Iterator[House]:
        _, house = self._standing = self._standing or self._build()
        house.welcome(**settings)
        try:
            yield house
        except BaseException:
            self.leave()
            raise
        house.send_home()

    def _build(self) -> tuple[Iterator[str], House]:
        self._built += 1
        folder = self._folder / str(self._built)
        folder.mkdir()
        database = fresh_database(self._postgres, TEMPLATE)
        house = House(next(database), folder, **LEASES).__enter__()
        house.serve()
        return database, house

    def leave(self) -> None:
        if self._standing:
            (database, house), self._standing = self._standing, None
            house.__exit__()
            next(database, None)


@pytest.fixture(scope="module")
def street(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    made = Street(postgres, tmp_path_factory.mktemp("street"))
    yield made
    made.leave()


@pytest.mark.parametrize("place", PLACES)
def test_who_dies_there_loses_nothing_and_doubles_nothing(place: str, street: Street) -> None:
    case = CASES[place.partition(":")[0]]
    with street.house(dict(case.settings)) as house:
        case.stage(house)
        house.doom(case.who, place)
        if case.who == "web":
            house.work()
        case.play(house)
        assert house.revive(), f"nobody ever came to {place}"
        house.settle()
        house.check()


BURST = Case(play=talk_in_a_burst, settings=(("BREATH_S", "0.4"),))
TURN_OF_SEVERAL = [
    "sessions.claim:committed", "sessions.save:committing", "steps.append:committing", "outbox.put:committing",
    "inbox.finish:committed",
]  # fmt: skip


@pytest.mark.parametrize("place", TURN_OF_SEVERAL)
def test_who_dies_over_a_burst_loses_no_line_of_it_and_doubles_none(place: str, street: Street) -> None:
    with street.house(dict(BURST.settings)) as house:
        house.doom(BURST.who, place)
        BURST.play(house)
        assert house.revive(), f"nobody ever came to {place}"
        house.settle()
        house.check()


def test_who_dies_at_the_door_is_gunicorn_as_deployed(street: Street) -> None:
    with street.house({}) as house:
        house.doom("web", "contacts.meet:committing")
        assert isinstance(house.doomed, Served) and not house.doomed.killed
        answer = requests.get(f"http://127.0.0.1:{house.port}/health/ready", timeout=60)
        assert (answer.status_code, answer.headers["Server"]) == (200, "gunicorn")


TABLES_OF_THE_PATH = (
    "contacts", "inbox", "sessions", "steps", "records", "timers", "outbox", "deliveries", "errands", "photos",
)  # fmt: skip
WRITES = re.compile(r"\b(insert into|update|delete from) \w+", re.IGNORECASE)


def test_every_statement_that_writes_on_the_path_is_in_the_matrix() -> None:
    locks = re.compile(r"for (no key )?update", re.IGNORECASE)
    writing = {
        name
        for name, statement in queries.load().items()
        if name.partition(".")[0] in TABLES_OF_THE_PATH and WRITES.search(locks.sub("", statement))
    }
    assert writing == {name for name in CASES if name != "graph"} | set(ELSEWHERE)


ROOMS = Path(__file__).parents[2]
COMMITS = re.compile(r"\.commit\(\)")


def test_nothing_of_ours_commits_but_the_one_place_that_has_its_points() -> None:
    found = [
        path
        for room in ("core", "bot", "webhook")
        for path in (ROOMS / room).rglob("*.py")
        if COMMITS.search(path.read_text(encoding="utf-8"))
    ]
    assert [path.relative_to(ROOMS).as_posix() for path in found] == ["core/store/db.py"]


ONLY_FETCHES = "bot/channels/whatsapp/download.py"
"""It asks for a file and changes nothing there: whoever dies in it is asked to fetch again."""


def test_what_calls_the_platform_passes_its_points() -> None:
    sources = {
        path: path.read_text(encoding="utf-8") for room in ("core", "bot") for path in (ROOMS / room).rglob("*.py")
    }
    calling = {path.relative_to(ROOMS).as_posix(): source for path, source in sources.items() if ".sendall(" in source}
    assert set(calling) - {ONLY_FETCHES} == {"bot/channels/whatsapp/pool.py"}
    source = calling["bot/channels/whatsapp/pool.py"]
    assert source.count(".sendall(") == 1
    marks = [source.index(f'"{place}"') for place in CALLS]
    assert marks[0] < source.index(".sendall(") < marks[1] < marks[2]


def test_every_place_is_in_the_documentation() -> None:
    rows = set(
        re.findall(r"^\| `([\w.:]+)` \|", (ROOMS / "docs/reliability.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert rows == {name for name in CASES if name != "graph"} | set(CALLS)
