"""The queues page: what waits on which number, and the switches, by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot import desks
from core.store.db import Database
from dashboard import Tools
from tests.integration.crew import NUMBER, Rooms, text
from tests.integration.staff import Visitor, signed_in

PAGE = "/admin/queues"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    made.ask("insert into desks (id, name, language, timezone, menu) values ('hotel', 'Hotel', 'es', 'UTC', 'menu')")
    made.ask("insert into channels (kind, address, desk_id) values ('whatsapp', '777', 'hotel')")
    yield made
    made.close()


def staff(rooms: Rooms, role: str = "operator", **how: Any) -> Visitor:
    return signed_in(rooms.db, role, tools=Tools(diagrams=desks.diagrams()), **how)


def audited(rooms: Rooms) -> list[Any]:
    return rooms.ask("select who, did, subject, why, desk from audit where did not like '%%sign%%' order by id")


def test_the_page_tells_what_waits_on_each_number(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"), text("hola", wamid="wamid.2", sender="5215550000002"))
    rooms.work()
    rooms.hear(text("menú", wamid="wamid.3"))
    page = staff(rooms).get(PAGE).text
    assert NUMBER in page and "777" in page
    assert "<dt>Events wait</dt><dd><b>1</b>" in page and "<dt>Sends wait</dt><dd><b>2</b>" in page


def test_sends_that_wait_for_a_person_are_listed_and_masked_for_who_only_looks_on(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"), text("hola", wamid="wamid.2", sender="5215550000002"))
    rooms.work()
    rooms.ask(
        "update outbox set state = 'unknown', error = 'the sender stopped in the middle' where id = (select min(id) from outbox)"
    )
    rooms.ask("update outbox set state = 'parked', error = 'OutsideWindow' where state = 'waiting'")
    said = rooms.said()[0].splitlines()[0]
    page = staff(rooms).get(PAGE).text
    assert "1 unknown" in page and "1 parked" in page and "the sender stopped in the middle" in page
    assert said in page and said not in staff(rooms, "viewer").get(PAGE).text


def test_leases_errands_and_processes_are_shown(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    assert rooms.worker.claim() != []
    rooms.ask(
        "insert into errands (conversation_id, event_id, service, what, key) select id, 1, 'photo', 'code', '1' from conversations"
    )
    rooms.ask(
        "insert into heartbeats (process, kind, host, pid, jobs) values ('p', 'workers', 'box', 7, array['sender'])"
    )
    page = staff(rooms).get(PAGE).text
    assert "1 conversation <" in page and "<b>1</b> photo" in page and "box:7" in page


def test_sending_of_a_number_is_paused_with_a_reason_and_a_time_and_resumed(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    visitor = staff(rooms)
    form = {"kind": "sending", "subject": NUMBER}
    assert visitor.post("/admin/queues/off", on=PAGE, **form, why=" ").status_code == 400
    page = visitor.post("/admin/queues/off", on=PAGE, **form, why="a wrong price", **{"for": "1h"}).text
    assert "a wrong price" in page and "operator@turno.example" in page and "on again" in page
    rooms.send()
    assert rooms.carrier.accepted == [], "nothing goes out meanwhile"
    visitor.post("/admin/queues/on", on=PAGE, **form)
    rooms.send()
    assert len(rooms.carrier.accepted) == 1
    who, subject = "operator@turno.example", f"sending:{NUMBER}"
    assert audited(rooms) == [
        (who, "turned off", subject, "a wrong price", "field-service"), (who, "turned on", subject, "", "field-service"),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "subject"), [("ai", ""), ("flow", "refrigerator")])
def test_the_ai_and_a_flow_are_turned_off_and_on(rooms: Rooms, kind: str, subject: str) -> None:
    visitor = staff(rooms)
    visitor.post("/admin/queues/off", on=PAGE, kind=kind, subject=subject, why="maintenance", **{"for": "15m"})
    [row] = rooms.ask("select kind, subject, off, reason, extract(epoch from until - now())::int as left from switches")
    assert (row.kind, row.subject, row.off, row.reason) == (kind, subject, True, "maintenance")
    assert 800 < row.left <= 900
    visitor.post("/admin/queues/on", on=PAGE, kind=kind, subject=subject)
    assert rooms.ask("select off from switches") == [(False,)]


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "flow", "subject": "menu"},
        {"kind": "flow", "subject": "nowhere"},
        {"kind": "ai", "subject": "x"},
        {"kind": "sending", "subject": "12345"},
        {"kind": "everything", "subject": ""},
    ],
)
def test_what_is_no_switch_is_not_turned(rooms: Rooms, form: dict[str, str]) -> None:
    assert staff(rooms).post("/admin/queues/off", on=PAGE, **form, why="x", **{"for": "1h"}).status_code == 404
    assert rooms.ask("select 1 from switches") == []


def test_a_time_that_is_none_is_refused(rooms: Rooms) -> None:
    answer = staff(rooms).post("/admin/queues/off", on=PAGE, kind="ai", subject="", why="x", **{"for": "9y"})
    assert answer.status_code == 400 and rooms.ask("select 1 from switches") == []


def test_who_only_looks_on_turns_nothing(rooms: Rooms) -> None:
    visitor = staff(rooms, "viewer")
    assert "Turn off" not in visitor.get(PAGE).text
    assert visitor.post("/admin/queues/off", on=PAGE, kind="ai", subject="", why="x").status_code == 403
    assert visitor.post("/admin/queues/numbers/1/resume", on=PAGE).status_code == 403


def test_staff_of_one_desk_see_and_pause_its_numbers_and_touch_nothing_of_the_house(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    rooms.ask("update outbox set state = 'parked'")
    visitor = staff(rooms, desks=["hotel"])
    page = visitor.get(PAGE).text
    assert "777" in page and NUMBER not in page and "parked" not in page
    form = {"why": "x", "for": "1h"}
    assert visitor.post("/admin/queues/off", on=PAGE, kind="ai", subject="", **form).status_code == 403
    assert visitor.post("/admin/queues/off", on=PAGE, kind="sending", subject=NUMBER, **form).status_code == 404
    assert visitor.post("/admin/queues/off", on=PAGE, kind="sending", subject="777", **form).status_code == 200
    [number] = rooms.ask("select id from channels where address = %(n)s", n=NUMBER)
    assert visitor.post(f"/admin/queues/numbers/{number.id}/resume", on=PAGE).status_code == 404


def test_a_pause_the_platform_asked_for_is_ended_by_hand(rooms: Rooms) -> None:
    rooms.ask(
        "update channels set paused_until = now() + interval '1 hour', paused_why = 'Suspended: 190' where address = %(n)s",
        n=NUMBER,
    )
    [number] = rooms.ask("select id from channels where address = %(n)s", n=NUMBER)
    visitor = staff(rooms)
    assert "Suspended: 190" in visitor.get(PAGE).text
    assert "Suspended: 190" not in visitor.post(f"/admin/queues/numbers/{number.id}/resume", on=PAGE).text
    assert audited(rooms)[-1][1:3] == ("resumed a number", f"number:{number.id}")


def test_the_page_stands_on_an_empty_database(db: Database) -> None:
    page = signed_in(db, "viewer").get(PAGE)
    assert page.status_code == 200 and "There is no number" in page.text
