"""Customers and numbers that must be slowed down are, exactly, with any number of senders."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from core.errors import Suspended, Throttled
from core.settings import Settings
from core.store.path import outbox
from core.store.path.outbox import Result
from tests.integration.crew import NUMBER, SETTINGS, Rooms
from tests.integration.sending import LUIS, ROSA, accepted, ask_something, claim, fill, states


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
