"""Somebody with a broken computer uses the chat page of the IT help desk, or its button on another site, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands import demo
from core.store.db import Database
from tests.acceptance.conftest import Opening
from tests.acceptance.house import House
from tests.acceptance.test_chat_page import say, shop
from tests.pictures import wall, written
from tests.waiting import until

__all__ = ["shop"]

NUMBER = re.compile(r"TCK-\d{8}-[0-9A-F]{6}")
PATIENCE_MS = 60_000


@pytest.fixture
def house(db_url: str, tmp_path: Path, shop: str) -> Iterator[House]:
    with House(db_url, tmp_path, WEBCHAT_ORIGINS=shop, LIMIT_CHAT_SESSION="") as house:
        house.environ["PUBLIC_URL"] = f"http://127.0.0.1:{house.port}"
        database = Database(db_url)
        with database.transaction() as tx:
            demo.put(tx)
        database.close()
        house.open()
        house.work("conversation,media,janitor")
        yield house


@pytest.fixture
def page(opening: Opening, house: House) -> Iterator[Any]:
    with opening(address(house)) as opened:
        opened.set_default_timeout(PATIENCE_MS)
        yield opened


def address(house: House) -> str:
    return f"http://127.0.0.1:{house.port}/chat/?desk=it-desk"


def press(page: Any, title: str) -> None:
    """The newest button of that name."""
    page.get_by_role("log").get_by_role("button", name=title).last.click()


def read(page: Any, words: str) -> None:
    page.get_by_role("log").get_by_text(words).last.wait_for()


def come_in(page: Any) -> None:
    """The greeting is there, with the notice in one line."""
    read(page, "¿En qué te puedo ayudar?")
    read(page, "Guardo lo que me cuentes")


def test_a_case_goes_from_the_greeting_to_the_public_page_of_its_ticket(house: House, page: Any) -> None:
    assert page.get_by_role("textbox").get_attribute("placeholder") == "Escribí un mensaje"
    come_in(page)
    say(page, "mi compu no prende")
    press(page, "Notebook")
    read(page, "¿Funcionó?")
    page.reload()
    read(page, "mi compu no prende")
    read(page, "¿Funcionó?")
    assert page.get_by_role("log").get_by_text("Guardo lo que me cuentes").count() == 1
    page.locator("input[type=file]").set_input_files(
        {"name": "screen.jpg", "mimeType": "image/jpeg", "buffer": written(wall())}
    )
    read(page, "Contame con palabras qué se ve")
    press(page, "Sigue igual")
    read(page, "probemos otra cosa")
    say(page, "técnico")
    read(page, "Voy a crear un ticket")
    press(page, "Confirmar")
    read(page, "Ticket creado")
    number = NUMBER.findall(page.get_by_role("log").inner_text())[-1]
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Ver el ticket").click()
    opened.value.get_by_role("heading", name=number).wait_for()
    opened.value.get_by_text("Pendiente").wait_for()
    assert "notebook: no enciende" in opened.value.get_by_role("main").inner_text()
    assert page.get_by_role("button", name="Confirmar").last.is_disabled()
    assert [row.number for row in house.ask("select number from tickets")] == [number]


def test_two_tabs_are_one_conversation_and_a_button_pressed_in_one_is_inert_in_the_other(
    house: House, page: Any
) -> None:
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE_MS)
    other.goto(address(house))
    read(other, "¿En qué te puedo ayudar?")
    press(page, "Sin internet")
    read(page, "¿Funcionó?")
    other.bring_to_front()
    read(other, "¿Funcionó?")
    assert other.get_by_role("button", name="Sin internet").first.is_disabled()
    press(other, "Sigue igual")
    read(other, "probemos otra cosa")
    page.bring_to_front()
    read(page, "probemos otra cosa")
    assert house.ask("select count(*) as n from conversations")[0].n == 1


def test_what_is_pressed_without_a_connection_counts_once_when_it_is_back(house: House, browser: Any) -> None:
    context = browser.new_context(locale="es-AR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address(house))
    come_in(page)
    context.set_offline(True)
    press(page, "Sin internet")
    page.locator(".clock").wait_for()
    context.set_offline(False)
    read(page, "¿Funcionó?")
    pressed = house.ask("select text from inbox where kind = 'choice' and text like '%%Sin internet%%'")
    context.close()
    assert len(pressed) == 1


def test_another_site_has_the_help_desk_by_one_tag_with_the_keyboard_and_on_a_phone(
    house: House, shop: str, browser: Any
) -> None:
    context = browser.new_context(locale="es-AR", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{shop}/?tag={house.port}/it-desk")
    page.get_by_role("button", name="Abrir el chat").press("Enter")
    chat = page.frame_locator("iframe")
    chat.get_by_role("button", name="Sin internet").last.press("Enter")
    chat.get_by_role("log").get_by_text("¿Funcionó?").first.wait_for()
    chat.get_by_role("textbox").fill("sigue igual")
    chat.get_by_role("textbox").press("Enter")
    chat.get_by_role("log").get_by_text("probemos otra cosa").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chat.get_by_role("button", name="Cerrar el chat").click()
    page.locator("iframe").wait_for(state="hidden")
    until(lambda: house.one("select count(*) from steps") >= 3, 60)
    context.close()
