"""Somebody uses the chat page in a real browser, with the real web side, workers and database behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from core.store.db import Database
from tests import businesses
from tests.acceptance.conftest import Opening
from tests.acceptance.house import House
from tests.integration.crew import DESK
from tests.pictures import barcode, written
from tests.waiting import until

TIME = re.compile(r"\b\d\d:\d\d\b")


class Shop(BaseHTTPRequestHandler):
    """Another site, with our one tag on its page."""

    def do_GET(self) -> None:
        port, _, desk = self.path.rpartition("=")[2].partition("/")
        tag = f'<script src="http://127.0.0.1:{port}/chat/widget.js" data-desk="{desk}" data-hello-after="0"></script>'
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(f'<html lang="es"><body><h1>Shop</h1>{tag}'.encode())

    def log_message(self, *_: object) -> None:
        """Quietly."""


@pytest.fixture
def shop() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def house(db_url: str, tmp_path: Path, shop: str) -> Iterator[House]:
    with House(db_url, tmp_path, WEBCHAT_ORIGINS=shop) as house:
        house.environ["PUBLIC_URL"] = f"http://127.0.0.1:{house.port}"
        database = Database(db_url)
        with database.transaction() as tx:
            businesses.put(tx, {"desks": [{**DESK["desks"][0], "web": ["field-service"]}]})
        database.close()
        house.open()
        house.work("conversation,media,janitor")
        yield house


@pytest.fixture
def page(opening: Opening, house: House) -> Iterator[Any]:
    with opening(f"http://127.0.0.1:{house.port}/chat/") as opened:
        opened.get_by_role("button", name="Refrigerador").wait_for()
        yield opened


def say(page: Any, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def test_a_report_is_made_by_words_and_buttons_and_is_there_after_a_reload(house: House, page: Any) -> None:
    log = page.get_by_role("log")
    say(page, "refrigerador 4045101, no enfría <b>ñ</b>")
    log.get_by_text("VR-16").first.wait_for()
    page.reload()
    log.get_by_text("4045101, no enfría <b>ñ</b>").wait_for()
    log.get_by_role("button", name="Sí").click()
    log.get_by_text("TKT-").wait_for()
    assert [row.kind for row in house.ask("select kind from tickets")] == ["refrigerator"]
    assert page.get_by_role("button", name="Sí").is_disabled()
    assert page.locator(":focus").get_attribute("placeholder") == "Escribe un mensaje", "one writes on after a button"
    page.locator(".turn.ours .ticks.read").nth(1).wait_for()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Ver el ticket").click()
    add_and_take_back(house, popup.value)


def add_and_take_back(house: House, ticket: Any) -> None:
    """On the page of the ticket."""
    assert ticket.locator("[aria-current=step]").inner_text().startswith("Recibido")
    ticket.get_by_label("Agregar un detalle").fill("y hace ruido")
    ticket.get_by_role("button", name="Agregar").click()
    ticket.get_by_role("listitem").get_by_text("y hace ruido").wait_for()
    ticket.get_by_text("Cancelar este reporte").click()
    ticket.get_by_role("button", name="Sí, cancelarlo").click()
    ticket.get_by_role("status").get_by_text("quedó cancelado").wait_for()
    assert [row.status for row in house.ask("select status from tickets")] == ["cancelled"]


def timeless(turns: Any) -> list[str]:
    """What stands in the bubbles. A line's minute may be the browser's first and the server's later."""
    return [TIME.sub("", text) for text in turns.all_inner_texts()]


def test_a_greeting_is_of_nobody_until_the_first_line_and_then_nothing_doubles(house: House, page: Any) -> None:
    turns, button = page.get_by_role("log").locator(".turn"), page.get_by_role("button", name="Refrigerador")
    page.reload()
    button.wait_for()
    assert turns.count() == 1
    assert house.ask("select 1 from contacts union all select 1 from inbox union all select 1 from outbox") == []
    button.click()
    until(lambda: turns.count() == 3)  # the greeting, the button, its answer
    with page.expect_response("**/api/messages"):
        page.evaluate("dispatchEvent(new Event('online'))")
    shown = timeless(turns)
    assert len(shown) == 3
    page.reload()
    until(lambda: timeless(turns) == shown)
    assert [row.kind for row in house.ask("select kind from inbox order by id")] == ["request_welcome", "choice"]


def test_two_tabs_show_the_same_conversation(house: House, page: Any) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Refrigerador").wait_for()
    say(page, "mi vehículo no arranca")
    other.bring_to_front()
    other.get_by_role("log").get_by_text("mi vehículo no arranca").wait_for()
    assert house.ask("select count(*) as n from conversations")[0].n == 1


def test_what_is_written_without_a_connection_goes_out_once_when_it_is_back(house: House, browser: Any) -> None:
    context = browser.new_context(locale="es-MX", viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{house.port}/chat/")
    page.get_by_role("button", name="Refrigerador").wait_for()
    page.wait_for_function("caches.open('turno-chat-1').then((kept) => kept.keys()).then((all) => all.length > 12)")
    send = page.get_by_role("button", name="Enviar", exact=True).bounding_box()
    assert send["x"] + send["width"] <= 320 and page.evaluate("document.documentElement.scrollWidth") == 320
    context.set_offline(True)
    say(page, "mi refrigerador no enfría")
    page.locator(".clock").wait_for()
    page.locator("header").get_by_text("sin conexión").wait_for()
    page.reload()
    page.locator(".clock").wait_for()
    assert page.locator(".log .turn").count() == 2 and page.locator(".strip").is_visible(), (
        "old lines are there, and the truth"
    )
    context.set_offline(False)
    page.locator(".turn.ours .ticks").wait_for()
    page.locator(".strip").wait_for(state="hidden")
    said = house.ask("select text from inbox where kind = 'text'")
    context.close()
    assert [row.text for row in said] == ["mi refrigerador no enfría"]


def test_a_refusal_of_something_else_drops_no_line_that_waits(house: House, browser: Any) -> None:
    context = browser.new_context(locale="es-MX")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{house.port}/chat/")
    page.get_by_role("button", name="Refrigerador").wait_for()
    page.route("**/api/chat", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/api/chat")):
        say(page, "refrigerador 4045101")
    page.route("**/api/messages", lambda route: route.fulfill(status=403, json={"error": "forbidden"}))
    with page.expect_response("**/api/messages") as refused:
        page.evaluate("dispatchEvent(new Event('online'))")
    assert refused.value.status == 403
    page.unroute("**/api/chat")
    page.unroute("**/api/messages")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("log").get_by_text("VR-16").first.wait_for()
    assert len(house.ask("select 1 from inbox where text = 'refrigerador 4045101'")) == 1
    context.close()


def test_a_photo_of_a_barcode_is_looked_at_and_its_result_comes_into_the_chat(page: Any) -> None:
    photo = {"name": "label.jpg", "mimeType": "image/jpeg", "buffer": written(barcode("4045101"))}
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("log").get_by_text("VR-16").first.wait_for()
    page.reload()
    page.get_by_role("button", name="Abrir: Foto").click()
    page.get_by_role("dialog", name="Foto").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    start_over_and_come_back(page)


def start_over_and_come_back(page: Any) -> None:
    again = page.get_by_role("button", name="Empezar de nuevo")
    again.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancelar").click()
    assert page.locator(".turn.ours").count() == 1
    again.click()
    page.get_by_role("dialog").get_by_role("button", name="Empezar de nuevo").click()
    page.locator(".turn.ours").wait_for(state="detached")
    page.get_by_role("button", name="Volver a la conversación anterior").click()
    page.get_by_role("log").get_by_text("VR-16").first.wait_for()


def test_what_was_seen_is_marked_read(house: House, page: Any) -> None:
    say(page, "refrigerador")
    until(lambda: [row.state for row in house.ask("select state from outbox")] == ["read", "read"])


def test_another_site_opens_the_chat_with_one_tag_and_the_keyboard(house: House, shop: str, browser: Any) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{shop}/?tag={house.port}")
    page.get_by_role("button", name="Do you need help?").press("Enter")
    chat = page.frame_locator("iframe")
    chat.get_by_role("button", name="Refrigerator").wait_for()
    assert (
        chat.locator("html").get_attribute("lang") == "en" and chat.get_by_placeholder("Write a message").is_visible()
    )
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    chat.get_by_role("textbox").fill("refrigerator 4045101")
    chat.get_by_role("textbox").press("Enter")
    chat.get_by_role("log").get_by_text("VR-16").first.wait_for()
    chat.get_by_role("button", name="Close the chat").press("Enter")
    page.locator("iframe").wait_for(state="hidden")
    before = house.one("select max(id) from outbox")
    house.run("update timers set due_at = now(), rest_s = null where name = 'inactivity_warn'")
    page.get_by_role("button", name="Open the chat: 1 unread messages").press("Enter")
    until(lambda: [row.state for row in house.ask(f"select state from outbox where id > {before}")] == ["read"])
    page.get_by_role("button", name="Open the chat", exact=True).wait_for(state="hidden")
    context.close()
