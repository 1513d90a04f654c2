"""A person at the phone page, the whole house behind it, and staff at the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands import demo
from core.store.db import Database
from tests.acceptance.conftest import Opening
from tests.acceptance.house import House
from tests.waiting import until

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"TKT-[0-9A-F]{8}")
AT_ONCE = '{"survey_after_h": 0, "survey_from_h": 0, "survey_to_h": 24, "survey_reminder_h": 0}'
QUESTIONS = 6
PARK = (25.679, -100.286)


class Phone:
    """What a person does with the page: reads, writes, presses."""

    def __init__(self, page: Any, house: House):
        self._page, self.house = page, house
        self._log = page.get_by_role("log")

    def write(self, text: str) -> None:
        self._page.get_by_role("textbox").fill(text)
        self._page.keyboard.press("Enter")

    def read(self, words: str) -> None:
        self._log.get_by_text(words).last.wait_for()

    def press(self, title: str) -> None:
        self._log.get_by_role("button", name=title).last.click()

    def give_place(self, name: str) -> None:
        self._page.get_by_role("button", name="Adjuntar").click()
        self._page.get_by_role("menuitem", name="Ubicación").click()
        self._page.get_by_role("button", name=name).click()

    def ticket(self) -> str:
        """The number of the report that was just made."""
        self.read("Reporte creado")
        return NUMBER.findall(self._log.inner_text())[-1]


@pytest.fixture
def phone(opening: Opening, db_url: str, tmp_path: Path) -> Iterator[Phone]:
    with House(db_url, tmp_path) as house:
        db = Database(db_url)
        with db.transaction() as tx:
            demo.put(tx)
        db.close()
        house.run("update desks set settings = settings || %(at_once)s::jsonb", at_once=AT_ONCE)
        house.open()
        house.work()
        with opening(house.phone) as page:
            yield Phone(page, house)
        house.settle()
        house.check()


def staff(house: House, *command: str) -> None:
    """What somebody of staff does at the command line."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=ROOT,
        env={**os.environ, **house.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_vehicle_is_reported_with_a_correction_and_a_pin_and_its_report_is_looked_up(phone: Phone) -> None:
    phone.write("hola")
    phone.press("Vehículo")
    phone.read("número de empleado")
    phone.write("54321")
    phone.read("código SAP")
    phone.write("483765")
    phone.read("¿Qué le pasa al vehículo?")
    phone.write("no enciende")
    phone.read("¿Dónde estás?")
    phone.write("Cambia el problema a que se sobrecalienta el motor")
    phone.read("lo cambié")
    phone.give_place("Parque Fundidora")
    number = phone.ticket()
    phone.read("Tiempo estimado")

    phone.write("mis reportes")
    phone.read("Tus últimos reportes")
    phone.write(number)
    phone.read("Tu reporte está en espera")

    [ticket] = phone.house.ask("select number, kind, summary, content from tickets")
    assert (ticket.number, ticket.kind) == (number, "vehicle")
    assert "sobrecalienta el motor" in ticket.summary
    pin = ticket.content["given"]["location"]["value"]
    assert (round(pin["latitude"], 3), round(pin["longitude"], 3)) == PARK


def test_a_resolved_report_brings_a_survey_of_six_questions_and_a_comment(phone: Phone) -> None:
    phone.write("Hola, el refrigerador con código 4045101 no enfría bien desde ayer")
    phone.press("Sí")
    number = phone.ticket()
    staff(phone.house, "tickets", number, "resolved", "--by", "Ana")
    phone.read("¿Nos dices cómo te atendimos?")
    phone.press("Aceptar")
    for question in range(1, QUESTIONS + 1):
        phone.read(f"{question}️⃣")
        phone.press("Excelente" if question % 2 else "Regular")
    phone.read("¿Quieres agregar un comentario?")
    phone.press("Sí")
    phone.read("Escribe tu comentario")
    phone.write("Todo muy rápido")
    phone.read("por tu comentario")

    answers = phone.house.ask("select question, rating from survey_answers order by question")
    assert [tuple(row) for row in answers] == [(n, 5 if n % 2 else 3) for n in range(1, QUESTIONS + 1)]
    [survey] = phone.house.ask("select status, comment from surveys")
    assert tuple(survey) == ("completed", "Todo muy rápido")


def test_a_person_takes_over_answers_and_gives_the_conversation_back(phone: Phone) -> None:
    phone.write("refrigerador")
    phone.read("código SAP")
    phone.write("quiero hablar con una persona")
    phone.read("Ya avisé a una persona del equipo")
    conversation = str(phone.house.one("select id from report.conversations"))
    who = (conversation, "--agent", "ana", "--name", "Ana")

    staff(phone.house, "people", "take_over", *who)
    phone.read("Ana te atiende a partir de ahora")
    phone.write("no encuentro la etiqueta")
    until(lambda: phone.house.one("select count(*) from inbox where text = 'no encuentro la etiqueta'"))
    phone.house.settle()
    staff(phone.house, "people", "answer", *who, "--text", "Está detrás de la puerta")
    phone.read("Está detrás de la puerta")
    staff(phone.house, "people", "release", *who)
    phone.read("Te atiende otra vez el asistente automático")
    phone.write("4045101")
    phone.read("¿Es correcto?")

    told = phone.house.ask("select author, text from report.transcript order by at, text")
    asked = next(n for n, row in enumerate(told) if row.text == "no encuentro la etiqueta")
    assert (told[asked + 1].author, told[asked + 1].text) == ("agent", "Está detrás de la puerta")
