"""What is kept of a conversation comes back as it was, whoever reads it, however it came."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from bot.channels.marks import Marks
from bot.engine import step as engine
from bot.workers.conversation import ConversationWorker
from core.store.db import Database
from core.store.path import inbox, sessions
from tests.integration.crew import Rooms, press, text


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


def write(rooms: Rooms, *bodies: str) -> None:
    for body in bodies:
        rooms.hear(text(body, wamid=f"wamid.{len(rooms.said())}.{body}"))
        rooms.work()


def slots(rooms: Rooms) -> dict[str, str]:
    [row] = rooms.ask("select memory -> 'slots' as slots from sessions")
    return {name: slot[0] for name, slot in row.slots.items()}


def test_two_workers_by_turns_put_each_answer_where_it_was_asked(rooms: Rooms) -> None:
    workers = [rooms.worker, rooms.new_worker()]
    for turn, body in enumerate(["carro", "54321", "4837657", "no enciende el motor"]):
        rooms.worker = workers[turn % 2]
        write(rooms, body)
    assert slots(rooms) == {"employee_number": "54321", "sap_code": "4837657", "problem": "no enciende el motor"}


def test_a_session_is_read_back_as_it_was_written(rooms: Rooms) -> None:
    write(rooms, "carro", "54321")
    rooms.hear(text("4837657", wamid="wamid.next"))
    [conversation] = rooms.worker.claim()
    [claimed] = rooms.worker.load([conversation])
    [ready] = rooms.worker.read([claimed])
    [turn] = rooms.worker.step([ready])
    rooms.worker.commit([turn])
    write_again = text("no enciende el motor", wamid="wamid.after")
    rooms.hear(write_again)
    rooms.worker.claim()
    with rooms.db.transaction() as tx:
        [again] = sessions.load(tx, [conversation], token=rooms.worker.token)
    assert again.session == turn.after
    assert engine.expects(again.session) == engine.expects(turn.after)


@pytest.mark.parametrize("memory", ['"{\\"slots\\": 1}"', "[]", "7", '{"slots": "0123"}', '{"slots": {"a": {"0": 1}}}'])
def test_a_memory_that_is_no_memory_is_put_aside_and_its_pieces_become_no_slots(rooms: Rooms, memory: str) -> None:
    write(rooms, "refrigerador")
    rooms.ask("update sessions set memory = %(memory)s::jsonb", memory=memory)
    write(rooms, "hola")
    assert slots(rooms) == {}
    [row] = rooms.ask("select note from report.steps order by version desc limit 1")
    assert "could not be read" in row.note


def test_a_copy_leaves_what_the_customer_wrote_in_the_transcript_once(rooms: Rooms) -> None:
    for _ in range(3):
        rooms.hear(text("refrigerador", wamid="wamid.same"))
        rooms.work()
    told = rooms.ask("select author, text from report.transcript order by at")
    assert [row.text for row in told if row.author == "customer"] == ["refrigerador"]
    assert [row.retries for row in rooms.ask("select retries from report.inbox where kind = 'text'")] == [2]


def test_what_staff_answer_is_theirs_in_the_transcript(rooms: Rooms) -> None:
    write(rooms, "refrigerador")
    [row] = rooms.ask("select id from report.conversations")
    for number, content in enumerate([{"action": "take_over", "agent": "ana"}, {"action": "answer", "agent": "ana"}]):
        with rooms.db.transaction() as tx:
            inbox.add_own(tx, row.id, f"agent:{number}", "agent", {**content, "text": "Ya voy"}, text="Ya voy")
        rooms.work()
    told = rooms.ask("select author, text from report.transcript order by at, outbound_id")
    assert [t.author for t in told if t.text == "Ya voy"] == ["agent"]


@pytest.mark.parametrize("view", ["report.transcript", "console.transcript"])
def test_what_staff_do_is_never_a_customers_word(rooms: Rooms, view: str) -> None:
    write(rooms, "refrigerador")
    [row] = rooms.ask("select id from report.conversations")
    for kind, said in (("ticket", ""), ("echo", "Le llamo yo")):
        with rooms.db.transaction() as tx:
            inbox.add_own(tx, row.id, f"{kind}:1", kind, {}, text=said)
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select set_config('turno.desks', '*', true)")
        tx._cursor.execute(f"select author, kind from {view}")
        told = {(line.author, line.kind) for line in tx._cursor.fetchall()}
    assert ("agent", "echo") in told
    assert [kind for author, kind in told if author == "customer"] == ["text"]
    assert "ticket" not in {kind for _, kind in told}


def bury_next(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as during:
        during.setattr(engine, "step", broken)
        rooms.work()
    assert len(rooms.ask("select 1 from inbox where state = 'buried'")) == 1


def replay(rooms: Rooms) -> None:
    [dead] = rooms.ask("select id from inbox where state = 'buried'")
    with rooms.db.transaction() as tx:
        assert inbox.replay(tx, dead.id)
    rooms.work()


def test_a_buried_button_is_replayed_as_the_button_it_was(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    write(rooms, "hola")
    rooms.hear(press("report_vehicle|menu|1|1", wamid="wamid.press"))
    bury_next(rooms, monkeypatch)
    replay(rooms)
    assert rooms.ask("select flow from sessions")[0].flow == "vehicle"


def test_a_buried_photo_is_replayed_as_the_photo_it_was(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    write(rooms, "refrigerador")
    image = {"id": "media-7", "mime_type": "image/jpeg", "sha256": "x"}
    rooms.hear({**text("", wamid="wamid.photo"), "type": "image", "image": image})
    bury_next(rooms, monkeypatch)
    replay(rooms)
    assert [row.media_id for row in rooms.ask("select content ->> 'media_id' as media_id from errands")] == ["media-7"]


class Stuck:
    """A marker that comes to no end."""

    def __init__(self) -> None:
        self.begun, self.freed = Event(), Event()

    def mark_read(self, address: str, wamid: str, typing: bool) -> bool:
        self.begun.set()
        return self.freed.wait(60)


def test_a_side_task_that_hangs_costs_nobody_an_answer(rooms: Rooms) -> None:
    stuck = Stuck()
    marks = Marks({"whatsapp": stuck}, enabled=True)
    reader = rooms.worker._reader
    rooms.worker = ConversationWorker(rooms.db, rooms.bell, rooms.ear, reader, rooms.clock, rooms.settings, marks)
    write(rooms, "hola", "refrigerador", "4045101")
    assert stuck.begun.wait(10) and len(rooms.said()) == 3
    stuck.freed.set()
    marks.close()
