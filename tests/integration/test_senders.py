"""Senders that end, answers that come late, and locks nobody waits for."""

from __future__ import annotations

from threading import Event

from bot.channels.whatsapp import CHANNEL as WHATSAPP
from bot.workers.sender import Sender
from core.messages import Identity, Outbound
from tests.integration.crew import NUMBER, RecordingCarrier, Rooms
from tests.integration.sending import ask_something, claim, fill, states, status


class SlowCarrier(RecordingCarrier):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answer = Event(), Event()

    def send(self, address: str, outbound: Outbound, to: Identity, callback_id: str) -> str:
        self.asked.set()
        assert self.answer.wait(20)
        return super().send(address, outbound, to, callback_id)


def test_a_sender_that_drains_waits_for_its_calls_and_writes_them_down(rooms: Rooms) -> None:
    ask_something(rooms)
    carrier = SlowCarrier()
    sender = Sender(rooms.db, rooms.ear, WHATSAPP, carrier, rooms.settings)
    sender.run_once()
    assert carrier.asked.wait(20)
    assert states(rooms) == ["claimed"], "marked before the first byte goes out"
    carrier.answer.set()
    sender.drain()
    assert states(rooms) == ["sent"]


def test_a_status_faster_than_the_answer_is_not_undone(rooms: Rooms) -> None:
    ask_something(rooms)
    carrier = SlowCarrier()
    sender = Sender(rooms.db, rooms.ear, WHATSAPP, carrier, rooms.settings)
    sender.run_once()
    assert carrier.asked.wait(20)
    [row] = rooms.ask("select id from outbox")
    rooms.hear(statuses=[status("read", "wamid.T", biz_opaque_callback_data=str(row.id))])
    carrier.answer.set()
    sender.drain()
    assert states(rooms) == ["read"]


def test_the_door_and_a_sender_do_not_wait_for_each_other(rooms: Rooms) -> None:
    """A POST that brings messages and statuses holds its number's key while a sender claims on that number."""
    fill(rooms, customers=2)
    with rooms.db.transaction() as door:
        door._cursor.execute(
            "insert into inbox (channel_id, external_id, kind) select id, 'wamid.x', 'text' from channels "
            "where address = %s",
            (NUMBER,),
        )
        with rooms.db.transaction() as sender:
            sender._cursor.execute("set local lock_timeout = '2s'")
            assert len(claim(sender, rooms.settings)) == 2
