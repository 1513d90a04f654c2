"""What was decided is said once, in order, and nothing of unknown outcome is repeated blindly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from bot.workers.sender import Sender
from core.errors import OutsideWindow, Rejected, Suspended, Throttled, Undecided, Unreachable
from core.messages import Identity, Outbound
from core.settings import Settings
from core.store import outbox
from core.store.db import Database
from core.store.outbox import Pace, Result
from tests.integration.crew import NUMBER, SETTINGS, RecordingCarrier, Rooms, text

ROSA, LUIS = "5215550000001", "5215550000002"


@pytest.fixture
def rooms(db: Database) -> Iterator[Rooms]:
    made = Rooms(db)
    yield made
    made.close()


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


def test_an_unknown_send_is_settled_by_the_status_that_carries_our_id(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    [row] = rooms.ask("select id, state from outbox")
    assert row.state == "unknown"
    rooms.hear(statuses=[status("delivered", "wamid.THEIRS", biz_opaque_callback_data=str(row.id))])
    time_is_over(rooms)
    rooms.send()
    assert [(r.state, r.external_id) for r in rooms.ask("select state, external_id from outbox")] == [
        ("delivered", "wamid.THEIRS")
    ]
    assert accepted(rooms) == []


def test_an_unknown_reply_that_no_status_tells_of_goes_once_more_and_never_again(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer"), Undecided("no answer")]
    rooms.send()
    time_is_over(rooms)
    assert states(rooms) == ["waiting"]
    rooms.send()
    assert states(rooms) == ["unknown"]
    time_is_over(rooms)
    rooms.send()
    [row] = rooms.ask("select state, unknowns, error, settle_at from outbox")
    assert (row.state, row.unknowns, row.settle_at) == ("unknown", 2, None)
    assert row.error.startswith("for staff")
    assert accepted(rooms) == []


def test_what_the_bot_began_by_itself_is_never_repeated(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.ask("update outbox set initiative = true")
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    time_is_over(rooms)
    rooms.send()
    [row] = rooms.ask("select state, error from outbox")
    assert row.state == "unknown" and row.error.startswith("for staff")
    assert accepted(rooms) == []


def test_the_next_reply_waits_until_the_one_before_is_decided(rooms: Rooms) -> None:
    ask_something(rooms)
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    assert states(rooms) == ["unknown", "waiting"]
    first = rooms.ask("select min(id) as id from outbox")[0].id
    rooms.hear(statuses=[status("sent", "wamid.T", biz_opaque_callback_data=str(first))])
    rooms.send()
    assert states(rooms) == ["sent", "sent"]


def test_an_answer_written_down_too_late_keeps_the_reply_from_going_twice(rooms: Rooms) -> None:
    """The sender could not write down for so long that the janitor gave it up; the platform had accepted."""
    ask_something(rooms)
    assert rooms.sender.run_once() == 1
    while not rooms.sender.told:
        rooms.ear.wait("turno_outbox", 0.05)
    rooms.ask("update outbox set claimed_at = now() - interval '1 hour'")
    time_is_over(rooms)  # rescued
    time_is_over(rooms)  # and to go once more
    assert states(rooms) == ["waiting"]
    rooms.send()
    assert states(rooms) == ["sent"]
    assert len(accepted(rooms)) == 1


def test_statuses_get_their_whole_time_again_after_we_were_away(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    rooms.ask("update outbox set settle_at = now() - interval '1 hour'")
    rooms.janitor.run_once()
    [row] = rooms.ask("select state, settle_at > now() + interval '100 s' as later from outbox")
    assert (row.state, row.later) == ("unknown", True)


def test_a_send_marked_by_a_sender_that_died_is_unknown_first(rooms: Rooms) -> None:
    ask_something(rooms)
    with rooms.db.transaction() as tx:
        claim(tx, rooms.settings)
    rooms.ask("update outbox set claimed_at = now() - interval '1 hour'")
    rooms.janitor.run_once()
    [row] = rooms.ask("select state, unknowns, settle_at > now() as waits from outbox")
    assert (row.state, row.unknowns, row.waits) == ("unknown", 1, True)


def test_a_throttled_customer_waits_and_others_do_not(rooms: Rooms) -> None:
    ask_something(rooms, ROSA)
    rooms.carrier.errors = [Throttled("slow", code=131056, scope="customer")]
    rooms.send()
    ask_something(rooms, ROSA, LUIS)
    rooms.send()
    assert [to for _, to, _ in rooms.carrier.accepted] == [LUIS]
    rooms.ask("update conversations set send_after = now(); update outbox set due_at = now()")
    rooms.send()
    assert states(rooms) == ["sent"] * 3


def test_a_throttled_number_waits_with_all_its_customers(rooms: Rooms) -> None:
    ask_something(rooms, ROSA)
    rooms.carrier.errors = [Throttled("slow", code=130429)]
    rooms.send()
    ask_something(rooms, LUIS)
    rooms.send()
    assert accepted(rooms) == []
    rooms.ask("update channels set paused_until = now(); update outbox set due_at = now()")
    rooms.send()
    assert states(rooms) == ["sent"] * 2


def test_a_suspended_number_rests_until_somebody_resumes_it(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Suspended("restricted", code=368)]
    rooms.send()
    rooms.ask("update outbox set due_at = now()")
    rooms.send()
    [channel] = rooms.ask(
        "select paused_until > now() as paused, paused_why from channels where address = %(n)s", n=NUMBER
    )
    assert channel.paused and "restricted" in channel.paused_why
    assert states(rooms) == ["waiting"]
    with rooms.db.transaction() as tx:
        assert outbox.resume_number(tx, "whatsapp", NUMBER)
    rooms.send()
    assert states(rooms) == ["sent"]


def test_what_is_refused_for_good_fails_and_the_next_goes_on(rooms: Rooms) -> None:
    ask_something(rooms)
    ask_something(rooms)
    rooms.carrier.errors = [Rejected("no such recipient", code=131026)]
    rooms.send()
    assert [(r.state, r.error_code) for r in rooms.ask("select state, error_code from outbox order by id")] == [
        ("failed", 131026),
        ("sent", None),
    ]


def test_what_never_left_is_tried_again(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Unreachable("no connection")]
    rooms.send()
    assert states(rooms) == ["waiting"]
    rooms.ask("update outbox set due_at = now()")
    rooms.send()
    assert states(rooms) == ["sent"]
    assert rooms.ask("select attempts, unknowns from outbox")[0][:2] == (2, 0)


def shut_the_window(rooms: Rooms) -> None:
    rooms.ask("update sessions set heard_at = now() - interval '25 hours'")


def test_after_24_hours_without_a_template_a_reply_is_parked_and_never_tried(rooms: Rooms) -> None:
    ask_something(rooms)
    shut_the_window(rooms)
    rooms.send()
    [row] = rooms.ask("select state, error from outbox")
    assert row.state == "parked" and "24 hours" in row.error
    assert accepted(rooms) == []


def test_after_24_hours_the_numbers_template_goes_instead(rooms: Rooms) -> None:
    ask_something(rooms)
    shut_the_window(rooms)
    rooms.ask("""update channels set fallback_template = '{"name": "again", "language": "es", "parameters": []}'""")
    rooms.send()
    [(_, _, outbound)] = rooms.carrier.accepted
    assert outbound.kind == "template" and outbound.template is not None and outbound.template.name == "again"
    [row] = rooms.ask("select state, content -> 'instead_of' ->> 'kind' as was from outbox")
    assert (row.state, row.was) == ("sent", "buttons")


def test_a_window_that_shut_while_we_sent_parks_the_reply(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [OutsideWindow("re-engagement", code=131047)]
    rooms.send()
    assert states(rooms) == ["parked"]


def claim(tx: Any, settings: Settings, size: int = 64) -> list[Any]:
    pace = Pace(settings.pace_number_per_s, settings.pace_customer_s, settings.pace_customer_burst, settings.window_s)
    return outbox.claim(tx, channel_kind="whatsapp", size=size, pace=pace)


def fill(rooms: Rooms, *, customers: int, each: int = 1) -> None:
    """So many replies for so many customers, put there at once."""
    ask_something(rooms, *(f"52155500{n:05}" for n in range(customers)))
    rooms.ask("delete from outbox")
    rooms.ask(
        "insert into outbox (channel_id, conversation_id, correlation_id, kind, text) "
        "select channel_id, id, 'c', 'text', 'x' from conversations, generate_series(1, %(each)s)",
        each=each,
    )


def race(rooms: Rooms, senders: int, rounds: int, settings: Settings) -> list[Any]:
    """What several senders claim who ask at the same moments."""
    together = Barrier(senders)

    def one() -> list[Any]:
        taken = []
        for _ in range(rounds):
            together.wait(20)
            with rooms.db.transaction() as tx:
                claimed = claim(tx, settings)
                outbox.mark(tx, [Result(each.id, "sent") for each in claimed])
            taken += claimed
        return taken

    with ThreadPoolExecutor(senders) as pool:
        return [each for done in [pool.submit(one) for _ in range(senders)] for each in done.result(60)]


def test_the_pace_of_a_number_is_exact_with_two_senders_at_once(rooms: Rooms) -> None:
    fill(rooms, customers=60)
    slow = SETTINGS.model_copy(update={"pace_number_per_s": 20.0})
    rooms.ask("update channels set pace_at = now() + interval '1 hour'")
    assert race(rooms, 2, 1, slow) == [], "a number that has spent its pace sends nothing"
    rooms.ask("update channels set pace_at = '-infinity'")
    before = rooms.ask("select clock_timestamp() as now")[0].now
    taken = race(rooms, 2, 10, slow)
    spent_s = (rooms.ask("select clock_timestamp() as now")[0].now - before).total_seconds()
    assert 2 <= len(taken) <= 2 + 18 * spent_s + 1, "a tenth of the rate at once, then nine tenths a second"
    assert len({each.id for each in taken}) == len(taken)


def test_the_pace_of_a_customer_is_exact_with_two_senders_at_once(rooms: Rooms) -> None:
    fill(rooms, customers=1, each=60)
    fast = SETTINGS.model_copy(update={"pace_number_per_s": 100_000.0})
    taken = race(rooms, 2, 55, fast)
    assert len(taken) == 45, "the burst, and not one more for six seconds"
    ids = [each.id for each in taken]
    assert len(set(ids)) == 45
    [customer] = rooms.ask("select extract(epoch from pace_at - now()) as ahead_s from conversations")
    assert 45 * 6 - 30 < customer.ahead_s <= 45 * 6


def test_replies_to_customers_go_before_what_the_bot_began(rooms: Rooms) -> None:
    fill(rooms, customers=6)
    rooms.ask("update outbox set initiative = true where id <= (select min(id) + 2 from outbox)")
    with rooms.db.transaction() as tx:
        first = claim(tx, rooms.settings, size=3)
    assert [each.outbound.initiative for each in first] == [False] * 3


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
    sender = Sender(rooms.db, rooms.ear, carrier, rooms.settings)
    sender.run_once()
    assert carrier.asked.wait(20)
    assert states(rooms) == ["claimed"], "marked before the first byte goes out"
    carrier.answer.set()
    sender.drain()
    assert states(rooms) == ["sent"]


def test_a_status_faster_than_the_answer_is_not_undone(rooms: Rooms) -> None:
    ask_something(rooms)
    carrier = SlowCarrier()
    sender = Sender(rooms.db, rooms.ear, carrier, rooms.settings)
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
