"""STOP is the person's: said to one of our numbers, or in WhatsApp's own settings, it holds on all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command

from core.store.db import Database
from core.store.path import facts
from core.wire import whatsapp
from tests.integration.crew import DESK, NUMBER, Rooms, text
from tests.integration.staff import signed_in
from tests.integration.test_schema import config

SECOND = "100000000000009"
ROSA, LUIS = "5215550000001", "5215550000002"
WARNED = "¿Sigues ahí?"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """A desk with two numbers. Rosa is asked something on each of them."""
    made = Rooms(db)
    made.ask(
        "insert into channels (kind, address, desk_id) values ('whatsapp', %(second)s, %(desk)s) returning id",
        second=SECOND, desk=DESK["desks"][0]["id"],
    )  # fmt: skip
    for number in (NUMBER, SECOND):
        say(made, "quiero reportar un refrigerador", number)
    yield made
    made.close()


def say(rooms: Rooms, words: str, number: str = NUMBER, sender: str = ROSA) -> None:
    rooms.hear(text(words, wamid=f"wamid.{number}.{sender}.{words}", sender=sender), number=number)
    rooms.work()


def prefer(rooms: Rooms, value: str, at: int, who: str = ROSA) -> None:
    """What Meta posts when somebody turns our messages off or on in WhatsApp."""
    told = {"wa_id": who, "category": "marketing_messages", "value": value, "timestamp": at}
    change = {"metadata": {"phone_number_id": NUMBER}, "user_preferences": [told]}
    entry = {"id": "1", "changes": [{"field": "user_preferences", "value": change}]}
    rooms.door.accept(whatsapp.parse(json.dumps({"entry": [entry]}).encode()))
    rooms.work()


def warned(rooms: Rooms) -> int:
    """Ring the timer of every conversation that waits for its customer. How many were told something."""
    before = len(rooms.said())
    rooms.ask("update timers set due_at = now() - interval '1 hour', rest_s = null where name = 'inactivity_warn'")
    with rooms.db.transaction() as tx:
        rooms.janitor._fire(tx)
    rooms.work()
    return len(rooms.said()) - before


def opted_out(rooms: Rooms) -> list[bool]:
    return [row.out for row in rooms.ask("select opted_out_at is not null as out from contacts order by id")]


def test_stop_holds_on_every_number_and_alta_on_any_of_them_takes_it_back(rooms: Rooms) -> None:
    say(rooms, "STOP", NUMBER)
    assert (opted_out(rooms), warned(rooms)) == ([True], 0)
    say(rooms, "alta", SECOND)
    say(rooms, "refrigerador otra vez", NUMBER)
    say(rooms, "refrigerador otra vez", SECOND)
    assert (opted_out(rooms), warned(rooms)) == ([False], 2)


def test_somebody_else_on_the_same_number_is_still_told(rooms: Rooms) -> None:
    say(rooms, "STOP")
    say(rooms, "quiero reportar un refrigerador", sender=LUIS)
    assert (opted_out(rooms), warned(rooms)) == ([True, False], 1)


def test_the_settings_of_whatsapp_count_as_stop_and_start_and_are_not_answered(rooms: Rooms) -> None:
    said = len(rooms.said())
    heard = rooms.ask("select max(heard_at) as at from sessions")[0].at
    prefer(rooms, "stop", 1_790_000_000)
    prefer(rooms, "stop", 1_790_000_000)
    assert (opted_out(rooms), len(rooms.said()), warned(rooms)) == ([True], said, 0)
    assert rooms.ask("select max(heard_at) as at from sessions")[0].at == heard, "nobody wrote: no window is opened"
    prefer(rooms, "resume", 1_790_000_100)
    assert opted_out(rooms) == [False]
    assert [row.retries for row in rooms.ask("select retries from inbox where kind = 'opt_out' order by id")] == [1, 0]


def test_a_stranger_may_turn_us_off_before_ever_writing(rooms: Rooms) -> None:
    prefer(rooms, "stop", 1_790_000_000, who=LUIS)
    say(rooms, "quiero reportar un refrigerador", sender=LUIS)
    assert (opted_out(rooms), warned(rooms)) == ([False, True], 2)


def test_the_last_word_counts_when_two_numbers_are_written_to_at_once(rooms: Rooms) -> None:
    for n, (words, number) in enumerate((("STOP", NUMBER), ("alta", SECOND))):
        rooms.hear(text(words, wamid=f"wamid.once.{n}", sender=ROSA), number=number)
    rooms.work()
    assert opted_out(rooms) == [False]


def test_a_session_that_cannot_be_read_forgets_no_opt_out(rooms: Rooms) -> None:
    say(rooms, "STOP")
    rooms.ask("""update sessions set memory = '{"slots": 7}'""")
    say(rooms, "quiero reportar un refrigerador", NUMBER)
    say(rooms, "refrigerador", NUMBER)
    assert (opted_out(rooms), warned(rooms)) == ([True], 0)


def test_staff_see_it(rooms: Rooms) -> None:
    say(rooms, "STOP")
    page = signed_in(rooms.db, "operator", email="ana@turno.example").get("/admin/conversations/1").text
    assert "Wants nothing from us by ourselves" in page


def test_one_query_tells_of_a_whole_group(rooms: Rooms) -> None:
    say(rooms, "STOP")
    say(rooms, "hola", sender=LUIS)
    ids = [row.id for row in rooms.ask("select id from conversations order by id")]
    with rooms.db.transaction() as tx:
        found = facts.find(tx, "opted_out", [(each, "person") for each in [*ids, 99]])
    assert [found[each, "person"] for each in [*ids, 99]] == [True, True, False, False]


def noted(rooms: Rooms) -> list[Any]:
    return [row.it for row in rooms.ask("select memory #> '{notes,opted_out}' as it from sessions order by 1")]


def test_what_an_earlier_version_notes_in_a_session_becomes_the_persons(rooms: Rooms) -> None:
    rooms.ask("update sessions set memory = jsonb_set(memory, '{notes,opted_out}', 'true') where conversation_id = 1")
    assert warned(rooms) == 1, "the other number does not know yet"
    assert (opted_out(rooms), noted(rooms)) == ([True], [None, None])


def test_the_notes_that_there_are_move_to_the_people_and_back(empty_url: str) -> None:
    command.upgrade(config(empty_url), "0029")
    with psycopg.connect(empty_url) as connection:
        connection.execute(
            "insert into desks (id, name, language, timezone, menu) values ('d', 'D', 'es', 'UTC', 'menu')"
        )
        connection.execute("insert into channels (kind, address, desk_id) values ('whatsapp', '1', 'd')")
        connection.execute("insert into contacts (name) values ('Rosa'), ('Luis'), ('Odd')")
        connection.execute("insert into conversations (channel_id, contact_id) select 1, id from contacts order by id")
        connection.execute(
            """insert into sessions (conversation_id, memory) values (1, '{"notes": {"opted_out": true, "a": 1}}'),
            (2, '{"notes": {"a": 1}}'), (3, '{"notes": ["opted_out"]}')"""
        )
    both = """select c.opted_out_at is not null, s.memory
        from sessions s join contacts c on c.id = s.conversation_id order by 1 desc, c.id"""
    rest = [(False, {"notes": {"a": 1}}), (False, {"notes": ["opted_out"]})]
    command.upgrade(config(empty_url), "head")
    with psycopg.connect(empty_url) as connection:
        assert connection.execute(both).fetchall() == [(True, {"notes": {"a": 1}}), *rest]
    command.downgrade(config(empty_url), "0029")
    with psycopg.connect(empty_url) as connection:
        assert connection.execute(both).fetchall() == [(True, {"notes": {"a": 1, "opted_out": True}}), *rest]
