"""Staff at the window, a customer at the phone page, and the whole house between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot import flows
from core.store.db import Database
from dashboard import Tools
from simulator import serve
from tests.acceptance.conftest import Opening
from tests.acceptance.house import House
from tests.acceptance.test_phone_walks import AT_ONCE, Phone
from tests.integration.staff import PASSWORD, account, web

ME = "ana@turno.example"


@pytest.fixture
def house(db_url: str, tmp_path: Path) -> Iterator[House]:
    with House(db_url, tmp_path) as made:
        made.run("update desks set settings = settings || %(at_once)s::jsonb", at_once=AT_ONCE)
        made.open()
        made.work()
        yield made
        made.settle()
        made.check()


@pytest.fixture
def root(db: Database) -> Iterator[str]:
    account(db, ME)
    server = serve.server(web(db, Tools(diagrams=flows.diagrams(), places=flows.places)), "127.0.0.1", 0)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/admin"
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(house: House, opening: Opening) -> Iterator[Phone]:
    with opening(house.phone) as page:
        yield Phone(page, house)


@pytest.fixture
def window(browser: Any, root: str) -> Iterator[Any]:
    """Ana's browser, signed in; it complains of nothing: no policy broken, no script failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(f"{root}/conversations")
    page.get_by_label("E-mail").fill(ME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("body.inside").wait_for()
    yield page
    context.close()
    assert problems == []


def transcript(window: Any) -> Any:
    return window.get_by_role("log", name="Transcript")


def test_a_conversation_is_watched_taken_over_answered_and_released(phone: Phone, window: Any) -> None:
    phone.write("refrigerador")
    phone.read("código SAP")
    window.reload()
    window.get_by_role("link", name="refrigerator.filling").click()
    transcript(window).get_by_text("refrigerador", exact=True).wait_for()

    phone.write("quiero hablar con una persona")
    transcript(window).get_by_text("quiero hablar con una persona").wait_for()  # by itself
    window.get_by_text("A person is wanted").wait_for()

    window.get_by_role("button", name="Take over").click()
    window.get_by_text("You hold this conversation now.").wait_for()
    phone.read("Ana Prado te atiende a partir de ahora")
    window.get_by_role("textbox", name="Answer").fill("Está detrás de la puerta")
    window.get_by_role("button", name="Answer").click()
    window.get_by_text("Said.").wait_for()
    phone.read("Está detrás de la puerta")
    transcript(window).locator(".bubble.staff .tick.read").wait_for()  # the phone shows it, and so it was read

    window.get_by_role("textbox", name="Answer").fill("y otra cosa")
    phone.write("ya la vi")
    transcript(window).get_by_text("ya la vi").wait_for()
    assert window.get_by_role("textbox", name="Answer").input_value() == "y otra cosa", "what is being written stays"

    window.get_by_label("Release").select_option("vehicle.filling")
    window.get_by_role("button", name="Release").click()
    window.get_by_text("Released: the bot goes on. It stands at vehicle.filling.").wait_for()
    phone.read("número de empleado")


def test_a_resolved_ticket_brings_the_survey_to_the_phone(phone: Phone, window: Any) -> None:
    phone.write("Hola, el refrigerador con código 4045101 no enfría bien desde ayer")
    phone.press("Sí")
    number = phone.ticket()
    window.get_by_role("link", name="Tickets").first.click()
    window.get_by_role("link", name=number).click()
    window.get_by_label("New status").select_option("resolved")
    window.get_by_label("A note the customer reads").fill("Cambiamos el motor")
    window.get_by_role("button", name="Change, and tell the customer").click()
    window.get_by_text(f"{number} is resolved now.").wait_for()
    phone.read("Cambiamos el motor")
    phone.read("¿Nos dices cómo te atendimos?")
    with window.expect_download() as file:
        window.goto(window.url.rpartition("/")[0])
        window.get_by_role("link", name="CSV").click()
    assert number in Path(file.value.path()).read_text(encoding="utf-8")
