"""Staff at the window, a customer at the phone page, and the whole house between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.store.db import Database
from core.store.path import inbox
from tests.acceptance.conftest import Opening
from tests.acceptance.house import House
from tests.acceptance.test_phone_walks import AT_ONCE, Phone
from tests.integration.staff import PASSWORD, account

ME = "ana@turno.example"
PATIENCE_MS = 90_000
"""Longest a page may take to show something: nothing waits so long but on a machine with much else to do."""

DEAD = """
    insert into inbox (channel_id, conversation_id, external_id, kind, text, state, attempts, error, finished_at)
    select channel_id, id, 'wamid.dead', 'text', '54321', 'buried', 5, 'Broken: it was a full moon', now()
    from conversations returning id
"""
"""What the customer said, and a bug of ours that is mended by now did not let take effect."""

UNSEEN = """
    Object.defineProperty(document, "hidden", { configurable: true, get: () => globalThis.unseen === true });
"""
"""The page is hidden when the test says so: a browser without a screen never hides one."""


@pytest.fixture
def house(db_url: str, tmp_path: Path) -> Iterator[House]:
    with House(db_url, tmp_path) as made:
        made.run("update desks set settings = settings || %(at_once)s::jsonb", at_once=AT_ONCE)
        made.open()
        made.work()
        yield made
        made.settle(90)
        made.check()


@pytest.fixture
def root(db: Database, house: House) -> str:
    """The window of the house's own web side."""
    account(db, ME)
    return f"http://127.0.0.1:{house.port}/admin"


@pytest.fixture
def phone(house: House, opening: Opening) -> Iterator[Phone]:
    with opening(house.phone) as page:
        page.set_default_timeout(PATIENCE_MS)
        yield Phone(page, house)


@pytest.fixture
def window(browser: Any, root: str) -> Iterator[Any]:
    """Ana's browser, signed in; it complains of nothing: no policy broken, no script failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(PATIENCE_MS)
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


def standing(window: Any, flow: str, state: str) -> Any:
    """The state of a flow in which somebody stands, on the map of that flow."""
    return window.get_by_role("region", name=f"Map of {flow}").get_by_role("link", name=f"{state}: 1")


def test_a_day_at_the_window(phone: Phone, window: Any, root: str) -> None:
    watched_on_the_map(phone, window, root)
    taken_over_answered_and_released(phone, window)
    a_dead_letter_is_replayed(phone, window)
    number = reported(phone)
    a_file_holds(window, number)
    a_resolved_ticket_brings_the_survey(phone, window, number)


def watched_on_the_map(phone: Phone, window: Any, root: str) -> None:
    """It moves from state to state by itself, and a click on the state opens it."""
    phone.write("refrigerador")
    phone.read("código SAP")
    window.goto(f"{root}/boards/conversations")
    standing(window, "refrigerator", "filling").wait_for()
    phone.write("4045101")
    phone.read("¿Es correcto?")
    standing(window, "refrigerator", "confirming equipment").wait_for()  # the page renewed itself
    standing(window, "refrigerator", "confirming equipment").click()
    window.get_by_role("heading", name="In one state").wait_for()
    window.get_by_role("table").get_by_role("link").first.click()
    transcript(window).get_by_text("refrigerador", exact=True).wait_for()


def taken_over_answered_and_released(phone: Phone, window: Any) -> None:
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

    released_by_another(phone)
    window.get_by_text("You had written, and it was not sent: “y otra cosa”").wait_for()
    window.get_by_role("button", name="Take over").click()
    window.get_by_text("You hold this conversation now.").wait_for()
    window.wait_for_function("document.getElementById('f-text')?.value === 'y otra cosa'")
    window.get_by_role("textbox", name="Answer").fill("")

    window.get_by_label("Release").select_option("vehicle.filling")
    window.get_by_role("button", name="Release").click()
    window.get_by_text("Released: the bot goes on. It stands at vehicle.filling.").wait_for()
    phone.read("número de empleado")


def released_by_another(phone: Phone) -> None:
    """As from another browser, or a shell."""
    [found] = phone.house.ask("select id from conversations")
    database = Database(phone.house.url)
    with database.transaction() as tx:
        content = {"action": "release", "agent": ME, "state": ""}
        inbox.add_own(tx, found.id, "agent:from-elsewhere", "agent", content)
    database.close()


def reported(phone: Phone) -> str:
    """A report is made; its number."""
    phone.write("cancelar")
    phone.read("cancelé el reporte")
    phone.write("Hola, el refrigerador con código 4045101 no enfría bien desde ayer")
    phone.read("«no enfría bien desde ayer»")
    phone.press("Sí")
    return phone.ticket()


def a_dead_letter_is_replayed(phone: Phone, window: Any) -> None:
    [dead] = phone.house.ask(DEAD)
    window.get_by_role("link", name="Dead letters").click()
    window.get_by_role("link", name=str(dead.id), exact=True).click()
    window.get_by_role("button", name="Dry run").click()
    window.get_by_role("heading", name="Replies to the customer").wait_for()
    assert "¿Qué le pasa al vehículo?" in window.locator("#trial").inner_text()
    assert phone.house.one("select state from inbox where id = %(id)s", id=dead.id) == "buried", "it was only tried"
    window.get_by_role("button", name="Replay").click()
    window.get_by_text("It is back in line.").wait_for()
    phone.read("¿Qué le pasa al vehículo?")


def a_file_holds(window: Any, number: str) -> None:
    window.get_by_role("link", name="Tickets").first.click()
    with window.expect_download() as file:
        window.get_by_role("link", name="CSV").click()
    assert number in Path(file.value.path()).read_text(encoding="utf-8")


def a_resolved_ticket_brings_the_survey(phone: Phone, window: Any, number: str) -> None:
    window.get_by_role("link", name=number).click()
    window.get_by_label("New status").select_option("resolved")
    window.get_by_label("A note the customer reads").fill("Cambiamos el motor")
    window.get_by_role("button", name="Change, and tell the customer").click()
    window.get_by_text(f"{number} is resolved now.").wait_for()
    phone.read("Cambiamos el motor")
    phone.read("¿Nos dices cómo te atendimos?")


def test_a_board_renews_itself_while_somebody_looks_and_rests_while_it_is_hidden(window: Any, root: str) -> None:
    asked: list[str] = []
    window.add_init_script(UNSEEN)
    window.clock.install()
    window.on("request", lambda request: asked.append(request.url) if request.url.endswith("/piece") else None)
    window.goto(f"{root}/boards/now")
    window.get_by_text("Loading…").first.wait_for(state="detached")
    window.wait_for_load_state("networkidle")

    with window.expect_request("**/events-waiting/piece"):
        window.clock.fast_forward("00:10")
    window.wait_for_load_state("networkidle")

    window.evaluate("globalThis.unseen = true")
    asked.clear()
    window.clock.run_for("05:00")
    assert asked == [], "a page that nobody sees asks for nothing"

    with window.expect_request("**/events-waiting/piece"):
        window.evaluate("globalThis.unseen = false; document.dispatchEvent(new Event('visibilitychange'))")
