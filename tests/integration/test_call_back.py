"""A number to call back: staff see it in part where they look, unmask it by an audited click, and it goes with its person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.erasing import Eraser
from core.store.db import Database
from core.store.files.photos import Folder
from core.tombstone import AliasDigest
from core.tombstone_file import TombstoneFile
from tests.integration.crew import Rooms, text
from tests.integration.person_told import SECRET, traces
from tests.integration.staff import Visitor, signed_in

HER, OTHER = "5215550000001", "5215550000002"
NUMBER = "81 1222 3344"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    """The first customer asks for a person and leaves a number; the second sends the card of somebody to call."""
    made = Rooms(db)
    for n, said in enumerate(("quiero hablar con una persona", f"llámenme al {NUMBER}")):
        made.hear(text(said, wamid=f"wamid.{n}", sender=HER))
        made.work()
    for n, event in enumerate((card("<b>Juan</b>", "+52 1 55 8765 4321"), text("sí", wamid="wamid.yes", sender=OTHER))):
        made.clock.forward(60 + n)
        made.hear(event)
        made.work()
    yield made
    made.close()


def card(name: str, number: str) -> dict[str, Any]:
    stamp = str(int(datetime.now(UTC).timestamp()))
    person = {"name": {"formatted_name": name}, "phones": [{"phone": number}]}
    return {"id": "wamid.card", "from": OTHER, "timestamp": stamp, "type": "contacts", "contacts": [person]}


@pytest.fixture
def ana(rooms: Rooms) -> Visitor:
    return signed_in(rooms.db, "operator", email="ana@turno.example", desks=["field-service"])


def seen(rooms: Rooms) -> list[tuple[str, str]]:
    return [
        (row.who, row.subject)
        for row in rooms.ask("select who, subject from audit where did = 'saw a phone number' order by id")
    ]


def test_the_line_of_those_who_wait_tells_whom_to_call_in_part(rooms: Rooms, ana: Visitor) -> None:
    page = ana.get("/admin/conversations").text
    assert "call back ••••••3344" in page and "call back ••••••4321 (&lt;b&gt;Juan&lt;/b&gt;)" in page
    assert "<b>Juan" not in page and seen(rooms) == []


def test_the_page_of_a_conversation_shows_the_number_at_a_click_that_is_audited(rooms: Rooms, ana: Visitor) -> None:
    page = ana.get("/admin/conversations/1").text
    assert "Call back" in page and "••••••3344" in page and "Wants a call" in page
    assert seen(rooms) == []
    assert NUMBER in ana.post("/admin/conversations/1/callback", on="/admin/conversations/1").text
    assert seen(rooms) == [("ana@turno.example", "conversation:1")]
    shown = ana.post("/admin/conversations/2/callback", on="/admin/conversations/2").text
    assert "+52 1 55 8765 4321 (&lt;b&gt;Juan&lt;/b&gt;)" in shown and "<b>Juan" not in shown


def test_whoever_may_not_see_numbers_sees_none_of_it(rooms: Rooms) -> None:
    viewer = signed_in(rooms.db, "viewer", email="viewer@turno.example", desks=["field-service"])
    page = viewer.get("/admin/conversations/1").text
    assert "••••••3344" in page and NUMBER not in page and "/callback" not in page
    assert viewer.post("/admin/conversations/1/callback", on="/admin/account").status_code == 403
    hotel = signed_in(rooms.db, "operator", email="hotel@turno.example", desks=["hotel"])
    assert hotel.post("/admin/conversations/1/callback", on="/admin/account").status_code == 404
    assert seen(rooms) == []


def test_a_conversation_that_staff_close_wants_no_call_any_more(rooms: Rooms, ana: Visitor) -> None:
    ana.post("/admin/conversations/1/close", on="/admin/conversations/1")
    rooms.work()
    assert "Call back" not in ana.get("/admin/conversations/1").text


def test_the_number_goes_with_its_person(rooms: Rooms, tmp_path: Path) -> None:
    eraser = Eraser(
        rooms.db, AliasDigest(SECRET), TombstoneFile(tmp_path / "tombstones.jsonl"), Folder(tmp_path / "photos")
    )
    assert traces(rooms.db.url, NUMBER) != []
    [her] = rooms.ask("select contact_id from conversations where id = 1")
    assert eraser.erase(int(her.contact_id))
    assert traces(rooms.db.url, NUMBER) == []
