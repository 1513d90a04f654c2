"""Photos are looked into in turn: who shows much keeps nobody waiting, and visitors of the chat keep no customer."""

from __future__ import annotations

from core.store.path import errands
from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms, text
from tests.integration.errands import want


def wanted(rooms: Rooms, conversation: int, count: int) -> None:
    [before] = rooms.ask("select count(*) as n from errands")
    for n in range(count):
        want(rooms, "photo", "code", f"{before.n + n}", conversation=conversation, media_id="x")


def conversations(rooms: Rooms, kind: str) -> list[int]:
    query = "select v.id from conversations v join channels c on c.id = v.channel_id where c.kind = %(kind)s order by 1"
    return [row.id for row in rooms.ask(query, kind=kind)]


def claimed(rooms: Rooms, size: int) -> list[int]:
    with rooms.db.transaction() as tx:
        return [each.conversation_id for each in errands.claim(tx, [(None, "photo", size)], token=1, lease_s=60)]


def test_each_conversation_has_its_turn_and_customers_come_before_visitors(chatroom: Rooms) -> None:
    for _ in range(2):
        Browser(client(chatroom, webchat_wait_s=0.01)).say("hola")
    chatroom.hear(text("hola", wamid="wamid.1"))
    chatroom.work()
    flooding, visitor = conversations(chatroom, "web")
    [customer] = conversations(chatroom, "whatsapp")
    wanted(chatroom, flooding, 6)
    wanted(chatroom, visitor, 1)
    wanted(chatroom, customer, 1)
    assert claimed(chatroom, 1) == [customer]
    assert sorted(claimed(chatroom, 2)) == sorted([flooding, visitor])
    wanted(chatroom, visitor, 1)
    assert claimed(chatroom, 2).count(flooding) == 1, "one that is looked into already counts"
    assert len(claimed(chatroom, 10)) == 4
