"""One event kills every worker that steps it. It alone becomes a dead letter; a hundred others are answered once."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.forks import POISON
from tests.acceptance.house import House
from tests.waiting import until

CUSTOMERS = 100
ATTEMPTS = 5
POISONED = "5215550000500"


def test_a_hundred_are_answered_beside_the_one_that_kills(db_url: str, tmp_path: Path) -> None:
    with House(db_url, tmp_path, EVENT_ATTEMPTS=str(ATTEMPTS)) as house:
        house.open()
        for number in range(CUSTOMERS):
            house.say("hola", customer=f"52155500{number:05}")
            if number == CUSTOMERS // 2:
                house.say(POISON, customer=POISONED)
        until(lambda: house.one("select count(*) from inbox") == CUSTOMERS + 1, 60, told=house.told)
        house.work("sender,janitor")
        deaths = work_until_rest(house)
        house.settle(60)
        house.check()
        rows = house.ask("select text, state, attempts, error from inbox")
        assert [row.text for row in rows if row.state == "buried"] == [POISON]
        assert {row.attempts for row in rows if row.state == "done"} == {1}
        assert deaths == 1 + ATTEMPTS, "once beside the others, and then alone"
        assert len(house.accepted) == CUSTOMERS + 1
        told = house.ask("select text from report.outbox where text like '%%no pude atender%%'")
        assert len(told) == 1


def work_until_rest(house: House) -> int:
    """A worker, and another one whenever it has died. How many died."""
    crew = [house.mortal("conversation")]

    def rested() -> bool:
        if crew[-1].killed:
            crew.append(house.mortal("conversation"))
        return not house.one("select count(*) from inbox where state = 'waiting'")

    until(rested, 120, told=house.told)
    return sum(worker.killed for worker in crew)
