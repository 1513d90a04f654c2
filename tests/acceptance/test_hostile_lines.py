"""While somebody writes what is hard to read, everybody else is answered at once: real processes, a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from core.store.db import Database
from tests import businesses
from tests.acceptance.house import House
from tests.adversaries import TYPED, filled
from tests.integration.platform import IT_DESK, IT_NUMBER
from tests.waiting import until

HOSTILE = tuple(filled(part, TYPED) for part in ("@", ".", "\U0001d160", "👍", " \n", "a' ", "1 ", "no es "))
ATTACKERS = 4
MOST_S = 4.0
"""So long may somebody else wait, more than when nobody writes anything hostile: the machine may have other things to do."""
PATIENCE_S = 60.0


def test_others_are_answered_while_hostile_lines_are_read(db: Database, tmp_path: Path) -> None:
    with House(db.url, tmp_path, LEASE_S="30") as house:
        with db.transaction() as tx:
            businesses.put(tx, IT_DESK)
        house.open()
        house.work()
        answered_s(house, "5215550000099")  # the processes are there
        alone, beside = [], []
        for number, line in enumerate(HOSTILE):  # in turns, so that a machine with other things to do slows down both
            alone.append(answered_s(house, f"52155500020{number:02}"))
            beside.append(beside_s(house, number, line))
            house.settle(PATIENCE_S)
        print(f"alone {max(alone):.2f} s at most, beside {len(HOSTILE) * ATTACKERS} hostile lines {max(beside):.2f} s")
        assert max(beside) <= max(alone) + MOST_S, (alone, beside)
        assert house.ask("select external_id from inbox where state <> 'done'") == []
        spoken_to = {sent["to"] for sent in house.accepted if sent["number"] == IT_NUMBER}
        assert len(spoken_to) == len(HOSTILE) * ATTACKERS, "who writes it is answered too"


def beside_s(house: House, number: int, line: str) -> float:
    """How long somebody at the other desk waits while some of the first desk have sent this line."""
    for attacker in range(ATTACKERS):
        house.say(line, customer=f"549341555{number:02}{attacker:02}", number=IT_NUMBER)
    return answered_s(house, f"52155500010{number:02}")


def answered_s(house: House, customer: str) -> float:
    """How long somebody waits for an answer."""
    begun, before = monotonic(), len(house.accepted)
    house.say("hola", customer=customer)
    until(lambda: any(sent["to"] == customer for sent in house.accepted[before:]), PATIENCE_S, told=house.told)
    return monotonic() - begun
