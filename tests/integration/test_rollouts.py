"""Two versions at work: each conversation is answered by one of them, from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store import rollouts
from core.store.db import Database
from core.version import VERSION
from tests.integration.crew import Rooms, text

NEW = "9.9.9"
MANY = 60
REST_S = 1800.0


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def begin(rooms: Rooms, share: float, *conversations: int) -> None:
    with rooms.db.transaction() as tx:
        rollouts.begin(tx, NEW, share=share, conversations=conversations, rest_s=REST_S)


def widen(rooms: Rooms, share: float) -> None:
    with rooms.db.transaction() as tx:
        assert rollouts.widen(tx, share)


def sql(rooms: Rooms, statement: str) -> None:
    with rooms.db.transaction() as tx:
        tx._cursor.execute(statement)


def all_say(rooms: Rooms, words: str) -> None:
    """Each of many customers says it."""
    for number in range(MANY):
        rooms.hear(text(words, wamid=f"wamid.{words}.{number}", sender=f"52155500{number:05}"))


def work(rooms: Rooms, release: str) -> set[int]:
    """A worker of this version does all that it may; the conversations that it answered."""
    worker = rooms.new_worker(release=release)
    before = versions(rooms)
    while worker.run_once():
        """Until nothing is left for it."""
    return {id for id, version in versions(rooms).items() if version != before.get(id)}


def versions(rooms: Rooms) -> dict[int, int]:
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select conversation_id, version from sessions")
        return dict(tx._cursor.fetchall())


def test_without_a_rollout_any_version_answers_anybody(rooms: Rooms) -> None:
    all_say(rooms, "hola")
    assert len(work(rooms, NEW)) == MANY


def test_the_new_version_takes_its_share_and_the_others_take_the_rest(rooms: Rooms) -> None:
    begin(rooms, 25)
    all_say(rooms, "hola")
    new, old = work(rooms, NEW), work(rooms, VERSION)
    assert len(new | old) == MANY and not new & old
    assert 5 <= len(new) <= 28


def test_a_conversation_under_way_stays_where_it_began_while_the_share_grows(rooms: Rooms) -> None:
    begin(rooms, 10)
    all_say(rooms, "hola")
    new, old = work(rooms, NEW), work(rooms, VERSION)
    widen(rooms, 100)
    all_say(rooms, "ayuda")
    assert work(rooms, NEW) == new
    assert work(rooms, VERSION) == old
    sql(rooms, "update sessions set heard_at = now() - interval '1 hour'")
    all_say(rooms, "menú")
    assert work(rooms, NEW) == new | old


def test_listed_customers_meet_the_new_version_whatever_its_share(rooms: Rooms) -> None:
    all_say(rooms, "hola")
    first = min(versions(rooms))
    begin(rooms, 0, first)
    assert work(rooms, NEW) == {first}
    assert first not in work(rooms, VERSION)


def test_a_version_that_is_withdrawn_takes_nothing_and_the_others_go_on_in_mid_conversation(rooms: Rooms) -> None:
    begin(rooms, 100)
    all_say(rooms, "refrigerador")
    assert len(work(rooms, NEW)) == MANY
    with rooms.db.transaction() as tx:
        assert rollouts.withdraw(tx)
    all_say(rooms, "4045101")
    assert work(rooms, NEW) == set()
    assert len(work(rooms, VERSION)) == MANY


def test_a_share_that_grows_keeps_those_it_had(rooms: Rooms) -> None:
    begin(rooms, 20)
    all_say(rooms, "hola")
    few = work(rooms, NEW)
    work(rooms, VERSION)
    sql(rooms, "update sessions set heard_at = now() - interval '1 hour'")
    widen(rooms, 60)
    all_say(rooms, "menú")
    assert few < work(rooms, NEW)


def test_when_it_is_over_any_version_answers_anybody_again(rooms: Rooms) -> None:
    begin(rooms, 50)
    all_say(rooms, "hola")
    work(rooms, NEW)
    with rooms.db.transaction() as tx:
        assert rollouts.finish(tx)
    assert work(rooms, NEW) and work(rooms, NEW) == set()
