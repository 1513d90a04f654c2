"""Switches moved at the command line while a real worker process runs: what customers are answered changes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.ai_double import AiDouble
from tests.acceptance.house import House
from tests.integration.crew import NUMBER
from tests.waiting import until

ROOT = Path(__file__).parents[2]
PATIENT = {
    "SEND_TIMEOUT_S": "30",
    "UNKNOWN_SETTLE_S": "120",
    "LEASE_S": "60",
    "AI_EXTRACT_S": "30",
    "AI_TERM_S": "30",
    "AI_INTENT_S": "30",
}
"""Nothing here is slow on purpose."""
UNKNOWN = "disculpe señorita el botellero amaneció bien raro y quién sabe qué tenga, van {} veces"
"""What the rules do not understand and the AI does. Each time another sentence, so that no answer is remembered."""


@pytest.fixture
def ai() -> Iterator[AiDouble]:
    with AiDouble() as double:
        yield double


@pytest.fixture
def house(db_url: str, tmp_path: Path, ai: AiDouble) -> Iterator[House]:
    smart = {"SMART_MODE": "true", "OPENAI_API_KEY": "key", "OPENAI_BASE_URL": ai.url}
    with House(db_url, tmp_path, **PATIENT, **smart) as made:
        made.open()
        made.work()
        yield made
        made.settle(60)
        made.check()


def switch(house: House, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "switches", *words, "--by", "ana"],
        cwd=ROOT,
        env={**os.environ, **house.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def answer(house: House, text: str, customer: str) -> str:
    """Say it; what the platform accepted as the answer."""
    wamid = house.say(text, customer=customer)
    until(lambda: reply(house, wamid), 60, told=house.told)
    return str(reply(house, wamid).text)


def reply(house: House, wamid: str) -> Any:
    rows = house.ask(
        "select o.text from outbox o join inbox i on i.id = o.event_id"
        " where i.external_id = %(wamid)s and o.sent_at is not null",
        wamid=wamid,
    )
    return rows[0] if rows else None


class Strangers:
    """People who have never written, and a number for each."""

    def __init__(self, house: House):
        self.house, self.count = house, 0

    def answered(self, text: str) -> str:
        self.count += 1
        return answer(self.house, text.format(self.count), f"52155500001{self.count:02}")

    def until_answered(self, text: str, words: str) -> None:
        """Another one asks, until one is answered so: a process hears of a switch within a moment."""
        until(lambda: words in self.answered(text), 60, told=self.house.told)


ROSA = "5215550000777"
MENU, CODE, RESTS = "¿Qué equipo", "código SAP", "en mantenimiento"


def test_the_ai_is_left_alone_while_it_is_off_and_helps_again_when_it_is_on(house: House, ai: AiDouble) -> None:
    strangers = Strangers(house)
    assert CODE in strangers.answered(UNKNOWN) and ai.state.calls == 1
    switch(house, "off", "ai")
    strangers.until_answered(UNKNOWN, MENU)
    asked = ai.state.calls
    assert MENU in strangers.answered(UNKNOWN) and ai.state.calls == asked
    switch(house, "on", "ai")
    strangers.until_answered(UNKNOWN, CODE)
    assert ai.state.calls > asked


def test_a_flow_that_is_off_lets_nobody_in_and_who_is_inside_goes_on_later(house: House) -> None:
    strangers = Strangers(house)
    assert CODE in answer(house, "refrigerador", ROSA)
    switch(house, "off", "flow", "refrigerator", "--reason", "the list is being changed")
    strangers.until_answered("mi refrigerador no enfría", RESTS)
    assert RESTS in answer(house, "4045101", ROSA)
    assert "número de empleado" in strangers.answered("carro")
    switch(house, "on", "flow", "refrigerator")
    strangers.until_answered("refrigerador", CODE)
    assert "¿Es correcto?" in answer(house, "ya?", ROSA)


def test_a_number_that_is_off_says_nothing_until_it_is_on_again(house: House) -> None:
    switch(house, "off", "sending", NUMBER)
    wamid = house.say("hola", customer=ROSA)
    until(lambda: house.one("select count(*) from outbox where state = 'waiting'"), 60, told=house.told)
    assert reply(house, wamid) is None and house.accepted == []
    switch(house, "on", "sending", NUMBER)
    until(lambda: reply(house, wamid), 60, told=house.told)
