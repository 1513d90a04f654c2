"""A person is erased: nothing of them can be read anywhere, whatever happens at that moment, and no restore brings them back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.workers.retention import Retention
from core.erasing import Eraser, finish
from core.errors import Broken
from core.messages import Delivery
from core.store.db import Database
from core.store.files.photos import Folder
from core.store.path import deliveries
from core.store.people import person
from core.store.people.person import NOT_PERSONAL, PERSONAL, Gone
from core.store.staff import audit
from core.store.tables import metadata
from core.tombstone import AliasDigest
from core.tombstone_file import TombstoneFile
from tests.integration.crew import Rooms, text
from tests.integration.person_told import (
    BROWSER,
    NAME,
    OTHER_PHONE,
    PHONE,
    SECRET,
    WORDS,
    contact,
    conversation,
    files,
    hear,
    tell,
    traces,
)
from tests.waiting import until

TRACES = (PHONE, NAME, BROWSER, *WORDS, "wamid.told", "wamid.buried", "wamid.broken")


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "photos")


@pytest.fixture
def eraser(db: Database, folder: Folder, tmp_path: Path) -> Eraser:
    return Eraser(db, AliasDigest(SECRET), TombstoneFile(tmp_path / "tombstones.jsonl"), folder)


def test_every_table_is_either_a_persons_or_said_to_be_none() -> None:
    assert set(metadata.tables) == PERSONAL | set(NOT_PERSONAL)


def test_nothing_of_an_erased_person_is_left_in_any_column_of_any_table(
    rooms: Rooms, eraser: Eraser, folder: Folder, tmp_path: Path
) -> None:
    her = tell(rooms, folder)
    told = " ".join(traces(rooms.db.url, *TRACES))
    assert all(word in told for word in TRACES), "she was everywhere before"
    seen = {line.split(".")[0] for line in traces(rooms.db.url, *TRACES)}
    assert {"contacts", "aliases", "inbox", "outbox", "deliveries", "steps", "tickets", "surveys", "timers"} <= seen
    assert {"web_sessions", "ticket_changes"} <= seen
    assert files(tmp_path) != []
    parts: list[Gone] = []
    assert eraser.erase(her, parts.append)
    assert traces(rooms.db.url, *TRACES) == []
    assert files(tmp_path) == []
    assert {gone.part for gone in parts} == {
        *(
            "sends",
            "events",
            "steps",
            "errands",
            "quotes",
            "bookings",
            "own_files",
            "proofs",
            "photos",
            "tickets",
            "contacts",
        )
    }
    assert PHONE not in (tmp_path / "tombstones.jsonl").read_text()


def test_others_and_the_statistics_stay(rooms: Rooms, eraser: Eraser, folder: Folder) -> None:
    her = tell(rooms, folder)
    eraser.erase(her)
    assert traces(rooms.db.url, OTHER_PHONE) != []
    [ticket] = rooms.ask("select kind, status, summary, content, conversation_id from tickets")
    assert ticket == ("refrigerator", "cancelled", "", {}, None)
    assert rooms.ask("select rating from survey_answers") == [(5,)]
    assert rooms.ask("select state, content, conversation_id, quote_id from bookings") == [("booked", {}, None, None)]
    assert rooms.ask("select status, comment from surveys") == [("completed", "")]


def test_erasing_twice_or_going_on_after_a_crash_ends_the_same(rooms: Rooms, eraser: Eraser, folder: Folder) -> None:
    her = tell(rooms, folder)
    assert eraser.cut_off(her)
    assert list(finish(rooms.db, most=2)) != []  # the janitor began, and died
    assert eraser.erase(her)
    assert not eraser.erase(her)
    assert traces(rooms.db.url, *TRACES) == []


def test_what_was_only_cut_off_is_taken_away_by_the_janitor(rooms: Rooms, eraser: Eraser, folder: Folder) -> None:
    eraser.cut_off(tell(rooms, folder))
    retention = Retention(rooms.db, rooms.ear, rooms.settings)
    while retention.run_once():
        pass
    assert traces(rooms.db.url, *TRACES) == []


def test_a_turn_that_is_under_way_writes_nothing_after_the_cut(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    rooms.hear(text("menú", wamid="wamid.2", sender=PHONE))
    claims = rooms.worker.load(rooms.worker.claim())
    turns = rooms.worker.step(rooms.worker.read(claims))
    assert len(turns) == 1
    eraser.cut_off(contact(rooms))
    before = rooms.ask("select count(*) as c from outbox")
    rooms.worker.commit(turns)
    assert rooms.ask("select count(*) as c from outbox") == before
    assert rooms.ask("select 1 from steps where event_id = %(id)s", id=turns[0].event.id) == []


def test_an_erasure_waits_for_a_turn_that_is_being_committed_and_takes_it_too(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    her, own = contact(rooms), conversation(rooms)
    with rooms.db.transaction() as tx:
        tx._cursor.execute("update sessions set version = version + 1 where conversation_id = %s", [own])
        erasing = threading.Thread(target=eraser.erase, args=(her,))
        erasing.start()
        tx._cursor.execute(
            "insert into outbox (channel_id, conversation_id, correlation_id, kind, text)"
            " select channel_id, id, '', 'text', 'decided meanwhile' from conversations where id = %s", [own],
        )  # fmt: skip
    erasing.join(30)
    assert traces(rooms.db.url, "decided meanwhile", PHONE) == []


def test_who_writes_again_is_a_stranger_even_to_a_door_that_knew_them(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    hear(rooms, "hola", wamid="wamid.2")
    before = contact(rooms)
    eraser.erase(before)
    hear(rooms, "hola de nuevo", wamid="wamid.3")
    assert contact(rooms) != before
    assert [row.external_id for row in rooms.ask("select external_id from inbox")] == ["wamid.3"]


def test_a_message_that_arrives_in_the_middle_of_the_erasure_is_a_strangers(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    her = contact(rooms)
    eraser.cut_off(her)
    with rooms.db.transaction() as tx:
        while gone := person.erase_some(tx, her, size=500):
            if gone.part == "contacts":
                break
        arriving = threading.Thread(target=rooms.hear, args=(text("hola", wamid="wamid.2", sender=PHONE),))
        arriving.start()
    arriving.join(30)
    rooms.work()
    assert contact(rooms) != her
    assert [row.external_id for row in rooms.ask("select external_id from inbox")] == ["wamid.2"]


def test_somebody_whose_conversation_goes_while_the_door_writes_is_met_anew(rooms: Rooms) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    with rooms.db.transaction() as tx:
        tx._cursor.execute("delete from contacts")
        arriving = threading.Thread(target=rooms.hear, args=(text("hola", wamid="wamid.2", sender=PHONE),))
        arriving.start()
        _until_somebody_waits(rooms)
    arriving.join(30)
    assert [row.external_id for row in rooms.ask("select external_id from inbox")] == ["wamid.2"]


def _until_somebody_waits(rooms: Rooms) -> None:
    until(lambda: rooms.ask("select 1 from pg_locks where not granted"))


def test_a_late_copy_of_what_was_erased_brings_nobody_back(rooms: Rooms, eraser: Eraser, folder: Folder) -> None:
    her = tell(rooms, folder)
    eraser.erase(her)
    hear(rooms, f"hola, {WORDS[1]}", wamid="wamid.told.2")
    assert traces(rooms.db.url, *TRACES) == []


def test_a_status_that_comes_after_the_erasure_is_forgotten(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    rooms.send()
    [sent] = rooms.ask("select id from outbox")
    eraser.erase(contact(rooms))
    rooms.hear(statuses=[{
        "id": "wamid.late", "status": "read", "timestamp": "1790000000", "recipient_participant_id": PHONE,
        "biz_opaque_callback_data": str(sent.id),
    }])  # fmt: skip
    assert traces(rooms.db.url, PHONE) != []
    Retention(rooms.db, rooms.ear, rooms.settings).run_once()
    assert traces(rooms.db.url, PHONE) == []


def test_a_restored_backup_brings_nobody_back_but_leaves_who_came_by_their_own_will(
    rooms: Rooms, eraser: Eraser, folder: Folder
) -> None:
    eraser.erase(tell(rooms, folder))
    hear(rooms, "hola, soy yo de nuevo", wamid="wamid.new")
    back = contact(rooms)
    rooms.ask("delete from tombstones")  # the backup is older than the erasure
    rooms.ask(
        "insert into contacts (id, name, created_at) overriding system value values (900, 'Ausente', '2020-01-01')"
    )
    rooms.ask("insert into aliases (scope, kind, value, contact_id) values ('default', 'bsuid', 'MX.77', 900)")
    assert eraser.again() == 0
    assert contact(rooms) == back
    rooms.ask("update contacts set created_at = '2020-01-01' where id = %(id)s", id=back)
    assert eraser.again() == 1
    assert traces(rooms.db.url, PHONE, "soy yo de nuevo") == []
    assert traces(rooms.db.url, "Ausente") != []
    assert rooms.ask("select count(*) as c from tombstones")[0].c == 2


def test_tombstones_of_another_secret_are_not_passed_over(rooms: Rooms, eraser: Eraser, tmp_path: Path) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    eraser.erase(contact(rooms))
    other = Eraser(rooms.db, AliasDigest("another secret of sixteen"), TombstoneFile(tmp_path / "tombstones.jsonl"))
    with pytest.raises(Broken, match="another ERASURE_SECRET"):
        other.again()


def test_without_a_secret_nobody_can_be_erased() -> None:
    with pytest.raises(Broken, match="ERASURE_SECRET"):
        AliasDigest("")


def test_the_tombstone_tells_nothing_without_the_secret(rooms: Rooms, eraser: Eraser, tmp_path: Path) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    eraser.erase(contact(rooms))
    [line] = (tmp_path / "tombstones.jsonl").read_text().splitlines()
    alias = person.Alias("", "wa_id", PHONE)
    assert (
        json.loads(line)["digest"]
        == AliasDigest(SECRET).digest(alias)
        != AliasDigest("another secret of sixteen").digest(alias)
    )


def test_a_photo_that_somebody_else_sent_too_stays(
    rooms: Rooms, eraser: Eraser, folder: Folder, tmp_path: Path
) -> None:
    her = tell(rooms, folder)
    hear(rooms, "hola", wamid="wamid.other.2", sender=OTHER_PHONE)
    rooms.ask(
        "insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at)"
        " select %(c)s, 2, purpose, sha256, bytes, received_at from photos", c=conversation(rooms, OTHER_PHONE),
    )  # fmt: skip
    eraser.erase(her)
    assert len(files(tmp_path)) == 1


def test_what_staff_asked_the_database_about_a_person_goes_too(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    rooms.ask("insert into staff (email, name, role) values ('ana@turno.example', 'Ana', 'analyst')")
    apart = f"{PHONE[:3]} {PHONE[3:6]}-{PHONE[6:]}"
    for about in (PHONE, apart, OTHER_PHONE):
        rooms.ask(
            "insert into console_runs (staff_id, sql, outcome, ms) select id, %(q)s, 'ok', 1 from staff",
            q=f"… '{about}'",
        )
        rooms.ask("insert into console_queries (staff_id, name, sql) select id, %(q)s, %(q)s from staff", q=about)
    eraser.erase(contact(rooms))
    assert traces(rooms.db.url, PHONE) == traces(rooms.db.url, apart) == []
    assert traces(rooms.db.url, OTHER_PHONE) != []


def test_what_staff_asked_about_a_person_by_name_goes_too(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    rooms.ask("update contacts set name = 'José García'")
    rooms.ask("insert into staff (email, name, role) values ('ana@turno.example', 'Ana', 'analyst')")
    for about in ("name = 'JOSÉ GARCIA'", "name ~ 'jose  garcía'", "name = 'José Garcíarena'", "name = 'García'"):
        rooms.ask("insert into console_runs (staff_id, sql, outcome, ms) select id, %(q)s, 'ok', 1 from staff", q=about)
        rooms.ask("insert into console_queries (staff_id, name, sql) select id, %(q)s, %(q)s from staff", q=about)
    eraser.erase(contact(rooms))
    left = ["name = 'José Garcíarena'", "name = 'García'"]
    assert [row.sql for row in rooms.ask("select sql from console_runs order by id")] == left
    assert [row.sql for row in rooms.ask("select sql from console_queries order by id")] == left


def test_a_name_that_is_a_word_of_sql_takes_no_query_along(rooms: Rooms, eraser: Eraser) -> None:
    hear(rooms, "hola", wamid="wamid.1")
    rooms.ask("update contacts set name = 'select'")
    rooms.ask("insert into staff (email, name, role) values ('ana@turno.example', 'Ana', 'analyst')")
    rooms.ask("insert into console_runs (staff_id, sql, outcome, ms) select id, 'select 1', 'ok', 1 from staff")
    eraser.erase(contact(rooms))
    assert len(rooms.ask("select id from console_runs")) == 1


def test_numbers_in_a_reason_and_in_a_platforms_error_are_masked_as_they_are_written(rooms: Rooms) -> None:
    with rooms.db.transaction() as tx:
        audit.note(tx, who="ana", did="looked", subject="thing:1", why=f"asked by {PHONE}, ana@example.com")
        deliveries.apply(tx, [Delivery("wamid.x", "failed", at=datetime.now(UTC), error=f"({PHONE}) is not reachable")])
    assert traces(rooms.db.url, PHONE) == []
    assert rooms.ask("select why from audit")[0].why == "asked by [PHONE_REDACTED], [EMAIL_REDACTED]"
    assert rooms.ask("select error from deliveries")[0].error == "([PHONE_REDACTED]) is not reachable"
