"""Kill a process at every place between the platform's POST and the delivery status; let another go on; look.

The places are not chosen here: every statement that writes on that path has one before and one after its commit, and
every call of the platform has three. A statement that is missing from this file fails the last test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest

from core.crashpoints import CALLS, COMMIT
from core.store import queries, tickets
from core.store.db import Database
from tests.acceptance.house import House
from tests.pictures import photo, written
from tests.waiting import until

REPORT = ("hola", "refrigerador", "4045101", "sí", "no enfría desde ayer")
WORKERS = "conversation,sender,janitor"
LABEL = written(photo())
Stage = Callable[[House], None]


def talk(house: House) -> None:
    """A whole report, each line said once the one before is answered."""
    for line in REPORT:
        house.say(line)
        house.settle()
    assert house.one("select count(*) from tickets") == 1


def healthy(house: House) -> None:
    """Nothing but the death goes wrong."""


def looks_shut(house: House) -> None:
    """The 24 hours are always over here, and there is a template for that."""
    template = '{"name": "hello", "language": "es", "parameters": []}'
    house.run("update channels set fallback_template = %(it)s::jsonb", it=template)


def no_menu(house: House) -> None:
    """Nothing can be stepped until the desk has its menu back, which the death gives it."""
    house.run("update desks set menu = 'gone'")


def talk_after_mending(house: House) -> None:
    house.say("hola")
    until(lambda: house.revive(), told=house.told)
    house.run("update desks set menu = 'menu'")
    house.settle()


def no_history(house: House) -> None:
    """No step can be written, so no event can take effect, and its burial cannot be told."""
    house.run("alter table steps add constraint none check (version < 0) not valid")


def talk_past_the_buried(house: House) -> None:
    house.say("hola")
    until(lambda: house.revive(), told=house.told)
    until(lambda: house.one("select count(*) from inbox where state = 'buried'") == 1, told=house.told)
    house.run("alter table steps drop constraint none")
    house.say("hola otra vez")
    house.settle()
    assert house.one("select count(*) from inbox where state = 'done'") == 1


def talk_through_an_outage(house: House) -> None:
    """No turn can be committed until a worker has died of it."""
    with psycopg.connect(house.url) as other:
        other.execute("lock table steps in access exclusive mode")
        house.say("hola")
        until(lambda: house.revive(), told=house.told)
    house.settle()
    assert house.one("select max(attempts) from inbox") == 1


def talk_to_nobody(house: House) -> None:
    """The number is no row's: what is said is kept and shown."""
    house.say("hola", number="999000000000001")
    until(lambda: house.revive() and house.one("select count(*) from inbox") == 1, told=house.told)
    [row] = house.ask("select state, error from inbox")
    assert (row.state, row.error) == ("buried", "no desk answers on this number")


def has_rung(house: House, name: str) -> bool:
    rung = house.one("select count(*) from inbox where kind = 'timer' and content ->> 'name' = %(name)s", name=name)
    return house.quiet() and bool(rung)


def talk_and_be_warned(house: House) -> None:
    """Time passes by hand: the customer is silent too long, is warned, and is left."""
    house.say("hola")
    house.settle()
    for name in ("inactivity_warn", "inactivity_close"):
        house.run("update timers set due_at = now(), rest_s = null where name = %(name)s", name=name)
        until(partial(has_rung, house, name), told=house.told)


def talk_and_postpone(house: House) -> None:
    """The warning is due, but the customer has just spoken: it is set to ring later."""
    house.say("hola")
    house.settle()
    house.run("update timers set due_at = now()")
    until(lambda: house.revive() and house.one("select min(due_at) > now() from timers"), told=house.told)
    talk(house)


def die_before_the_call(house: House) -> None:
    """A reply was marked as going out, and its sender is gone."""
    house.say("hola")
    until(lambda: house.one("select count(*) from outbox where state = 'waiting'"), told=house.told)
    house.run("update outbox set state = 'claimed', claimed_at = now() - interval '1 hour'")
    until(lambda: house.revive(), told=house.told)
    house.work("sender")
    house.settle()
    assert house.one("select unknowns from outbox") == 1


def show_a_label(house: House) -> None:
    """The code is told by a photo: acknowledged once, looked into, and answered once."""
    house.work(WORKERS if house.doomed_is("media") else "media")
    for line in REPORT[:2]:
        house.say(line)
        house.settle()
    house.show(LABEL)
    until(lambda: house.revive() and house.quiet(), 60, told=house.told)
    [result] = house.ask("select content from inbox where kind = 'media_result'")
    assert result.content["codes"] == ["4045101"]
    texts = [row.text for row in house.ask("select text from report.outbox order by id")]
    assert sum("viendo tu foto" in text for text in texts) == 1
    assert sum("VR-16" in text for text in texts) == 1


def resolve_the_ticket(house: House) -> None:
    """Staff want it resolved: it is, once, and the customer hears of it once."""
    talk(house)
    db = Database(house.url)
    with db.transaction() as tx:
        [ticket] = tickets.newest(tx)
        found = tickets.find(tx, ticket.number)
        assert found is not None
        tickets.ask_status(tx, found, "resolved", by="ana", expected="pending")
    db.close()
    until(lambda: house.revive() and house.quiet(), 60, told=house.told)
    assert house.ask("select before, after, by from ticket_changes") == [("pending", "resolved", "ana")]
    assert house.one("select count(*) from tickets where status = 'resolved' and resolved_at is not null") == 1
    assert house.one("select count(*) from report.outbox where text like '%%quedó resuelto%%'") == 1


def files_fail_once(house: House) -> None:
    house.exchange.faults.put({"bare_5xx": 503, "times": 1, "for": "media"})


def files_come_slowly(house: House) -> None:
    house.exchange.faults.put({"latency_ms": 1000, "times": 1, "for": "media"})


def refuse_once(code: int) -> Stage:
    return lambda house: house.exchange.faults.put({"error_code": code, "times": 1})


def statuses_come_first(house: House) -> None:
    """Statuses do not carry our id, and overtake the answer that tells the platform's."""
    house.exchange.faults.put({"no_callback_id": True})
    house.exchange.faults.put({"hang_s": 0.2})


@dataclass(frozen=True)
class Case:
    """Who dies, what goes wrong besides, what is said meanwhile, and settings of its own."""

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
    "sessions.release": Case(stage=no_menu, play=talk_after_mending),
    "inbox.note_failure": Case(stage=no_menu, play=talk_after_mending),
    "sessions.give_back": Case(play=talk_through_an_outage, settings=(("COMMIT_TIMEOUT_S", "0.5"),)),
    "sessions.forgive": Case(stage=no_history, play=talk_past_the_buried, settings=(("EVENT_ATTEMPTS", "1"),)),
    "outbox.claim": Case(),
    "outbox.mark": Case(),
    "outbox.reword": Case(stage=looks_shut, settings=(("WINDOW_S", "0.000001"),)),
    "outbox.hold_customer": Case(stage=refuse_once(131056)),
    "outbox.hold_number": Case(stage=refuse_once(130429)),
    "graph": Case(),
    "timers.fire": Case(play=talk_and_be_warned),
    "timers.postpone": Case(play=talk_and_postpone),
    "outbox.rescue": Case("conversation,janitor", play=die_before_the_call),
    "outbox.settle": Case("conversation,janitor", play=die_before_the_call),
    "deliveries.parked": Case(stage=statuses_come_first),
    "records.want_media": Case(play=show_a_label),
    "media.claim": Case("media", play=show_a_label),
    "media.renew": Case("media", stage=files_come_slowly, play=show_a_label),
    "media.put_off": Case("media", stage=files_fail_once, play=show_a_label),
    "media.finish": Case("media", play=show_a_label),
    "photos.add": Case("media", play=show_a_label),
    "inbox.add_own": Case("media", play=show_a_label),
}

ELSEWHERE = {
    "inbox.replay": "a person puts a dead letter back, by hand",
    "sessions.borrow": "a dry run: its transaction is always taken back",
    "outbox.give_time": "postpones the settling of unknown sends, and nothing else: doing it again is harmless",
    "outbox.resume_number": "a person lets a number send again, by hand",
    "records.answer_surveys": "a record beside a turn: written with sessions.save or not at all, as records.open_tickets",
    "records.give_up": "a record beside a turn, as records.open_tickets",
    "records.finish_surveys": "a record beside a turn, as records.open_tickets",
    "media.purge": "retention, as inbox.purge",
    "photos.purge": "retention, as inbox.purge",
}
"""Writes of the same tables that are not between a POST and its delivery status, or ride with one that is here."""

PLACES = [f"{name}:{moment}" for name in CASES if name != "graph" for moment in COMMIT] + list(CALLS)


@pytest.mark.parametrize("place", PLACES)
def test_who_dies_there_loses_nothing_and_doubles_nothing(place: str, db_url: str, tmp_path: Path) -> None:
    case = CASES[place.partition(":")[0]]
    with House(db_url, tmp_path, **dict(case.settings)) as house:
        case.stage(house)
        house.doom(case.who, place)
        if case.who == "web":
            house.work()
        else:
            house.web()
        case.play(house)
        assert house.revive(), f"nobody ever came to {place}"
        house.settle()
        house.check()


TABLES_OF_THE_PATH = (
    "contacts", "inbox", "sessions", "steps", "records", "timers", "outbox", "deliveries", "media", "photos",
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
