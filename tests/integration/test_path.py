"""The path of a message: door, inbox, turn, outbox, platform, and what its status says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.store.db import Database
from tests.integration.crew import Rooms, text


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def test_a_report_is_made_from_the_first_word_to_its_number(rooms: Rooms) -> None:
    for turn, said in enumerate(["hola", "refrigerador", "4045101", "sí", "no enfría desde ayer"]):
        rooms.hear(text(said, wamid=f"wamid.{turn}"))
        assert rooms.work() > 0
        rooms.send()
    [ticket] = rooms.ask("select * from report.tickets")
    assert ticket.number.startswith("TKT-") and ticket.kind == "refrigerator"
    assert any(ticket.number in said for said in rooms.said())
    assert {row.state for row in rooms.ask("select state from report.outbox")} == {"sent"}
    versions = [row.version for row in rooms.ask("select version from report.steps order by version")]
    assert versions == list(range(1, len(versions) + 1))


def test_a_copy_only_counts(rooms: Rooms) -> None:
    message = text("hola", wamid="wamid.same")
    rooms.hear(message, message)
    rooms.hear(message)
    rooms.work()
    rooms.hear(message)
    rooms.work()
    [row] = rooms.ask("select * from report.inbox")
    assert (row.retries, row.state) == (3, "done")
    assert row.last_retry_at is not None
    assert len(rooms.said()) == 1


def test_a_status_moves_a_reply_forward_and_never_back(rooms: Rooms) -> None:
    rooms.hear(text("hola", wamid="wamid.1"))
    rooms.work()
    rooms.send()
    [reply] = rooms.ask("select * from report.outbox")
    seen = []
    for state in ("read", "sent", "delivered", "failed"):
        rooms.hear(statuses=[status(state, reply.external_id)])
        seen += [row.state for row in rooms.ask("select state from report.outbox")]
    assert seen == ["read"] * 4


def test_a_status_that_comes_before_its_send_is_known_waits_for_it(rooms: Rooms) -> None:
    rooms.hear(statuses=[status("delivered", "wamid.1")])
    rooms.hear(text("hola", wamid="wamid.in"))
    rooms.work()
    rooms.send()
    rooms.janitor.run_once()
    states = {row.external_id: row.state for row in rooms.ask("select external_id, state from report.outbox")}
    assert states == {"wamid.1": "delivered"}


def status(state: str, wamid: str, **more: object) -> dict[str, object]:
    return {"id": wamid, "status": state, "timestamp": "1790000000", "recipient_id": "5215550000001", **more}
