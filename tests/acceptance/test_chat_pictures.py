"""A guest in a real browser sees the rooms on offer; what cannot be shown leaves nothing broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.script import toml_file
from core.store.db import Database
from tests import businesses
from tests.acceptance.house import House

DEMO = Path(bot.__file__).parent / "desks" / "hotel" / "demo.toml"
BROKEN = "https://127.0.0.1:1/gone.jpg"


@pytest.fixture
def house(db_url: str, tmp_path: Path) -> Iterator[House]:
    described = toml_file.read(DEMO)
    next(kind for kind in described["desks"][0]["room_types"] if kind["code"] == "premium_double")["photo"] = BROKEN
    with House(db_url, tmp_path) as house:
        database = Database(db_url)
        with database.transaction() as tx:
            businesses.put(tx, described)
        database.close()
        house.open()
        house.work("conversation,media,janitor")
        yield house


@pytest.fixture
def page(browser: Any, house: House) -> Iterator[Any]:
    """The chat; a photo that is gone is an error in the browser's console, and nowhere on the page."""
    with browser.new_context(viewport={"width": 1280, "height": 860}, locale="es-AR") as context:
        opened = context.new_page()
        opened.goto(f"http://127.0.0.1:{house.port}/chat/?desk=hotel-mirador")
        opened.wait_for_selector("html[data-ready]")
        yield opened


def test_rooms_are_seen_as_they_look_and_a_photo_that_is_gone_leaves_its_words(house: House, page: Any) -> None:
    log = page.get_by_role("log")
    log.get_by_text("Hotel Mirador").first.wait_for()
    page.get_by_role("textbox").fill("habitación del 3 de enero al 6 de enero para 2 adultos")
    page.keyboard.press("Enter")
    log.get_by_role("img", name="Doble estándar").wait_for()
    log.get_by_text("vista al lago").first.wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('img.photo')].every(i => i.complete && i.naturalWidth === 800)"
    )
    shown = page.evaluate("[...document.querySelectorAll('img.photo')].map(i => i.src.slice(0, 5))")
    assert shown and set(shown) == {"blob:"}
    page.reload()
    log.get_by_role("img", name="Doble estándar").wait_for()
    assert house.ask("select 1 from own_files") != []
