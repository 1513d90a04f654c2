"""What tests of sending share: replies that wait, and how they stand."""

from __future__ import annotations

from typing import Any

from core.settings import Settings
from core.store.path import outbox
from core.store.path.outbox import Pace, Way
from tests.integration.crew import Rooms, text

ROSA, LUIS = "5215550000001", "5215550000002"


def ask_something(rooms: Rooms, *senders: str) -> None:
    """Each of them says hello, and a reply for each waits."""
    tag = len(rooms.ask("select 1 from inbox"))
    rooms.hear(*(text("hola", wamid=f"wamid.{sender}.{tag}", sender=sender) for sender in senders or (ROSA,)))
    rooms.work()


def states(rooms: Rooms) -> list[str]:
    return [row.state for row in rooms.ask("select state from outbox order by id")]


def accepted(rooms: Rooms) -> list[str]:
    return [callback for callback, _, _ in rooms.carrier.accepted]


def status(state: str, wamid: str, **more: Any) -> dict[str, Any]:
    return {"id": wamid, "status": state, "timestamp": "1790000000", "recipient_id": ROSA, **more}


def time_is_over(rooms: Rooms) -> None:
    """No status has told of an unknown send in its time."""
    rooms.janitor.run_once()
    rooms.ask("update outbox set settle_at = now() where state = 'unknown' and settle_at is not null")
    for chore in rooms.janitor._chores:
        chore.due_at = 0
    rooms.janitor.run_once()


def claim(tx: Any, settings: Settings, size: int = 64) -> list[Any]:
    pace = Pace(settings.pace_number_per_s, settings.pace_customer_s, settings.pace_customer_burst)
    return outbox.claim(tx, Way("whatsapp", ("bsuid", "wa_id"), settings.window_s), size=size, pace=pace)


def fill(rooms: Rooms, *, customers: int, each: int = 1) -> None:
    """So many replies for so many customers, put there at once."""
    ask_something(rooms, *(f"52155500{n:05}" for n in range(customers)))
    rooms.ask("delete from outbox")
    rooms.ask(
        "insert into outbox (channel_id, conversation_id, correlation_id, kind, text) "
        "select channel_id, id, 'c', 'text', 'x' from conversations, generate_series(1, %(each)s)",
        each=each,
    )
