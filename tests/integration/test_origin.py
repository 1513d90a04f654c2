"""The inbox keeps whose an event is: written when it is accepted, and named for a version that does not write it."""

from __future__ import annotations

import psycopg
from alembic import command

from core.kinds import KINDS
from core.messages import Event
from core.store.db import Database
from core.store.path import inbox
from tests.integration.crew import Rooms, text
from tests.integration.test_schema import config

BEFORE = "0025"
NEWER = {"opt_out", "errand", "hold"}
"""Kinds that came later: whichever version writes them writes their origin."""
WRITTEN = "insert into inbox (channel_id, external_id, kind) select id, 'id of ' || %(kind)s, %(kind)s from channels"


def origins(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        return dict(connection.execute("select kind, origin from inbox order by id").fetchall())


def expected() -> dict[str, str]:
    return {kind: Event("id", kind).origin for kind in (*KINDS, "of tomorrow") if kind not in NEWER}


def write_as_before(url: str) -> None:
    """Events as a version wrote them that knew no origin."""
    with psycopg.connect(url) as connection:
        connection.execute("insert into channels (kind, address) values ('whatsapp', '1') on conflict do nothing")
        for kind in expected():
            connection.execute(WRITTEN, {"kind": kind})


def test_the_database_names_the_origin_of_what_the_version_before_writes(db: Database) -> None:
    write_as_before(db.url)
    assert origins(db.url) == expected()


def test_what_was_there_before_is_filled(empty_url: str) -> None:
    command.upgrade(config(empty_url), BEFORE)
    write_as_before(empty_url)
    command.upgrade(config(empty_url), "head")
    assert origins(empty_url) == expected()
    command.downgrade(config(empty_url), BEFORE)
    command.upgrade(config(empty_url), "head")
    assert origins(empty_url) == expected()


def test_a_migration_that_broke_off_goes_on(empty_url: str) -> None:
    """Its batches are commits of their own, so it may have been ended among them."""
    command.upgrade(config(empty_url), BEFORE)
    write_as_before(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("alter table inbox add column origin text")
        connection.execute("update inbox set origin = 'timer' where kind = 'timer'")
    command.upgrade(config(empty_url), "head")
    assert origins(empty_url) == expected()


def test_every_event_of_ours_is_accepted_with_its_origin(db: Database) -> None:
    rooms = Rooms(db)
    rooms.ask("drop trigger inbox_origin on inbox")
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    rooms.ask("update timers set due_at = now(), rest_s = null")
    with db.transaction() as tx:
        rooms.janitor._fire(tx)
        [row] = rooms.ask("select id from conversations")
        inbox.add_own(tx, row.id, "agent:1", "agent", {"action": "take_over", "agent": "ana"})
    assert origins(db.url) == {"text": "customer", "timer": "timer", "agent": "agent"}
    assert {row.origin for row in rooms.ask("select origin from report.inbox")} == {"customer", "timer", "agent"}
    rooms.close()
