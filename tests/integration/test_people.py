"""Who is who, however the platform names them: nobody is lost, and no two people are made one by guess."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from core.messages import News
from core.store.db import Database
from tests.integration.crew import Rooms, parse, text
from webhook.door import Door

NOW = str(int(time.time()))
PHONE, OTHER_PHONE = "5215550000001", "5215550000002"
BSUID, OTHER_BSUID = "MX.13491208655302741918", "MX.99999999999999999999"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def hear(rooms: Rooms, wamid: str, *, phone: str | None = None, user: str | None = None, says: str = "hola") -> None:
    """One message from somebody who is named by a phone, by a business-scoped id, or by both."""
    message: dict[str, Any] = {"id": wamid, "timestamp": NOW, "type": "text", "text": {"body": says}}
    contact: dict[str, Any] = {"profile": {"name": "Rosa"}}
    if phone is not None:
        message["from"] = contact["wa_id"] = phone
    if user is not None:
        message["from_user_id"] = contact["user_id"] = user
    rooms.hear(message, contacts=[contact])
    rooms.work()


def conversations(rooms: Rooms) -> list[list[str]]:
    """The wamids of each conversation."""
    rows = rooms.ask(
        "select array_agg(external_id order by id) as said from inbox where conversation_id is not null "
        "group by conversation_id order by min(id)"
    )
    return [row.said for row in rows]


def aliases(rooms: Rooms) -> dict[str, int]:
    return {row.value: row.contact_id for row in rooms.ask("select value, contact_id from aliases")}


def test_a_customer_of_whom_only_the_business_scoped_id_is_known_is_answered_by_it(rooms: Rooms) -> None:
    hear(rooms, "wamid.1", user=BSUID)
    rooms.send()
    assert [to for _, to, _ in rooms.carrier.accepted] == [BSUID]


@pytest.mark.parametrize("phone", ["", BSUID])
def test_a_phone_that_is_empty_or_holds_the_business_scoped_id_is_no_phone(rooms: Rooms, phone: str) -> None:
    hear(rooms, "wamid.1", phone=phone, user=BSUID)
    hear(rooms, "wamid.2", user=BSUID)
    assert conversations(rooms) == [["wamid.1", "wamid.2"]]
    assert set(aliases(rooms)) == {BSUID}


def test_a_business_scoped_id_in_from_alone_is_understood(rooms: Rooms) -> None:
    hear(rooms, "wamid.1", phone=BSUID)
    hear(rooms, "wamid.2", user=BSUID)
    assert conversations(rooms) == [["wamid.1", "wamid.2"]]


def test_a_customer_known_by_phone_who_later_shows_both_keeps_the_conversation(rooms: Rooms) -> None:
    hear(rooms, "wamid.1", phone=PHONE)
    hear(rooms, "wamid.2", phone=PHONE, user=BSUID)
    hear(rooms, "wamid.3", user=BSUID)
    assert conversations(rooms) == [["wamid.1", "wamid.2", "wamid.3"]]


def test_a_recycled_phone_of_somebody_else_never_merges_two_people(rooms: Rooms) -> None:
    hear(rooms, "wamid.1", phone=PHONE, user=BSUID)
    hear(rooms, "wamid.2", phone=PHONE, user=OTHER_BSUID)
    hear(rooms, "wamid.3", phone=PHONE, user=BSUID)
    assert conversations(rooms) == [["wamid.1", "wamid.3"], ["wamid.2"]]
    known = aliases(rooms)
    assert known[BSUID] != known[OTHER_BSUID]


def test_a_recycled_phone_in_the_same_post_never_merges_two_people(rooms: Rooms) -> None:
    def message(wamid: str, user: str) -> dict[str, Any]:
        return {
            "id": wamid,
            "from": PHONE,
            "from_user_id": user,
            "timestamp": NOW,
            "type": "text",
            "text": {"body": "hola"},
        }

    rooms.hear(message("wamid.1", BSUID), message("wamid.2", OTHER_BSUID), contacts=[])
    rooms.work()
    assert conversations(rooms) == [["wamid.1"], ["wamid.2"]]


def changed(wamid: str, old: str, new: str) -> dict[str, Any]:
    return {
        "id": wamid,
        "from": old,
        "timestamp": NOW,
        "type": "system",
        "system": {"body": "changed", "type": "user_changed_number", "wa_id": new},
    }


def test_a_changed_number_keeps_the_conversation(rooms: Rooms) -> None:
    hear(rooms, "wamid.1", phone=PHONE)
    rooms.hear(changed("wamid.2", PHONE, OTHER_PHONE), contacts=[])
    hear(rooms, "wamid.3", phone=OTHER_PHONE)
    assert conversations(rooms) == [["wamid.1", "wamid.2", "wamid.3"]]
    rooms.send()
    assert rooms.carrier.accepted[-1][1] == OTHER_PHONE, "answers go to the new number"


def test_a_changed_number_counts_before_the_rest_of_its_post(rooms: Rooms) -> None:
    hear(rooms, "wamid.1", phone=PHONE)
    said = {"id": "wamid.2", "from": OTHER_PHONE, "timestamp": NOW, "type": "text", "text": {"body": "soy yo"}}
    rooms.hear(said, changed("wamid.3", PHONE, OTHER_PHONE), contacts=[])
    rooms.work()
    assert len(conversations(rooms)) == 1


def test_a_stranger_met_by_two_posts_at_once_is_one_person(rooms: Rooms) -> None:
    for n in range(10):
        together = Barrier(2)

        def meet(half: int, n: int = n, together: Barrier = together) -> None:
            together.wait(20)
            message = {
                "id": f"wamid.{n}.{half}",
                "from": f"52155501000{n:02}",
                "from_user_id": f"MX.5555555555{n}",
                "timestamp": NOW,
                "type": "text",
                "text": {"body": "hola"},
            }
            Door(rooms.db, rooms.bell).accept(parse([message], contacts=[]))

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(meet, half) for half in range(2)]:
                done.result(30)
    assert rooms.ask("select count(*) from contacts")[0].count == 10
    assert rooms.ask("select count(*) from conversations")[0].count == 10
    assert rooms.ask("select count(*) from inbox where conversation_id is null")[0].count == 0


def test_a_stranger_who_writes_to_two_numbers_in_one_post_is_one_person_with_two_conversations(rooms: Rooms) -> None:
    message = {"from": PHONE, "from_user_id": BSUID, "timestamp": NOW, "type": "text", "text": {"body": "hola"}}
    one, two = (parse([{**message, "id": f"wamid.{n}"}], number=n, contacts=[]) for n in ("901", "902"))
    rooms.door.accept(News(one.events + two.events))
    assert rooms.ask("select count(*) from contacts")[0].count == 1
    assert conversations(rooms) == [["wamid.901"], ["wamid.902"]]


def test_somebody_who_was_deleted_meanwhile_is_met_anew(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.ask("delete from contacts")
    rooms.hear(text("hola", wamid="wamid.2"))
    assert rooms.work() > 0
    [row] = rooms.ask("select external_id, state from report.inbox where conversation_id is not null")
    assert (row.external_id, row.state) == ("wamid.2", "done")
