"""Made-up pasts: as many messages as asked for, the same for the same seed, and such as the program itself could write."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from bench import seed
from bot.commands.demo import put
from core.store.db import Database

UNTIL = datetime(2026, 3, 15, 15, 30, tzinfo=UTC)
TABLES = "contacts conversations sessions inbox steps outbox deliveries tickets surveys survey_answers timers".split()


@pytest.fixture
def demo(db: Database) -> Database:
    with db.transaction() as tx:
        put(tx)
    return db


def digests(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        return {table: connection.execute(digest(table)).fetchall()[0][0] for table in TABLES}


def digest(table: str) -> bytes:
    rows = {"deliveries": "id, received_at", "sessions": "conversation_id, version, state, updated_at"}
    chosen = rows.get(table, "*")
    return f"select md5(string_agg(t::text, '|' order by t::text)) from (select {chosen} from {table}) t".encode()


def empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "truncate contacts, deliveries, happenings, heartbeats, last_posts, tickets restart identity cascade"
        )


def test_the_same_seed_makes_the_same_past(demo: Database) -> None:
    seed.fill(demo.url, 300, seed=7, until=UNTIL)
    first = digests(demo.url)
    empty(demo.url)
    seed.fill(demo.url, 300, seed=7, until=UNTIL)
    assert digests(demo.url) == first
    empty(demo.url)
    seed.fill(demo.url, 300, seed=8, until=UNTIL)
    assert digests(demo.url)["inbox"] != first["inbox"]


def test_a_past_holds_together(demo: Database) -> None:
    seed.fill(demo.url, 1200, until=UNTIL)
    with psycopg.connect(demo.url) as connection:

        def count(sql: str) -> int:
            return int(connection.execute(sql.encode()).fetchall()[0][0])

        assert count("select count(*) from inbox") == count("select count(*) from steps") == 1200
        steps = "select {} from steps where conversation_id = s.conversation_id"
        for last in ("coalesce(max(version), 0)", "count(*)"):
            assert count(f"select count(*) from sessions s where version <> ({steps.format(last)})") == 0
        assert count("select count(*) from inbox where received_at > '2026-03-15 15:30+00'") == 0
        back = "select received_at < lag(received_at) over (order by id) as back from inbox"
        assert count(f"select count(*) from ({back}) t where back") == 0
        of_another = "deliveries d join outbox o on o.id = d.outbox_id where d.external_id <> o.external_id"
        assert count(f"select count(*) from {of_another}") == 0
        assert count("select count(*) from heartbeats where at <= '2026-03-15 15:30+00'") == 4
        assert min(count(f"select count(*) from {table}") for table in TABLES) > 0
        assert count("select count(distinct to_flow) from steps") == 4


def test_made_up_people_do_not_go_among_others(demo: Database) -> None:
    with psycopg.connect(demo.url) as connection:
        connection.execute("insert into contacts (name) values ('Rosa')")
    with pytest.raises(seed.NotEmpty):
        seed.fill(demo.url, 100)
