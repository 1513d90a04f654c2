"""A person uses the phone page in a real browser, with a small business at the other end of the webhook."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.acceptance.conftest import Opening
from tests.unit.simulator import stage
from tests.unit.simulator.stage import LUCIA, NUMBER, Simulated


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with stage.business() as business, stage.simulated(business) as made:
        yield made


@pytest.fixture
def page(opening: Opening, simulated: Simulated) -> Iterator[Any]:
    with opening(f"{simulated.url}/simulator/") as opened:
        yield opened


def _answer(simulated: Simulated, nth: int, *sends: dict[str, Any]) -> None:
    """As soon as the nth message comes, mark it read and answer."""

    def act() -> None:
        wamid = simulated.business.wait("messages", nth)[nth - 1]["id"]
        simulated.graph(f"{NUMBER}/messages", {"messaging_product": "whatsapp", "status": "read", "message_id": wamid})
        for send in sends:
            simulated.send(**send)

    Thread(target=act, daemon=True).start()


def _interactive(**interactive: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"body": {"text": "¿Qué *equipo* es?"}, **interactive}}


def _buttons(*titles: str) -> dict[str, Any]:
    buttons = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    return _interactive(type="button", action={"buttons": buttons})


def _log(page: Any) -> Any:
    return page.get_by_role("log")


def test_a_text_goes_out_ticks_turn_blue_and_a_pressed_button_comes_back(simulated: Simulated, page: Any) -> None:
    _answer(simulated, 1, _buttons("Refrigerador", "Vehículo"))
    page.get_by_role("textbox").fill("Hola <b>ñ</b>")
    page.keyboard.press("Enter")
    _log(page).get_by_text("Hola <b>ñ</b>").wait_for()
    _log(page).get_by_role("button", name="Vehículo").click()
    pressed = simulated.business.wait("messages", 2)[1]
    assert pressed["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "id-Vehículo", "title": "Vehículo"},
    }
    assert pressed["context"]["id"] == simulated.ask("accepted")["accepted"][0]["id"]
    _log(page).locator(".ticks.read").first.wait_for()
    assert _log(page).locator("strong").inner_text() == "equipo"


def test_a_row_of_a_list_is_chosen_with_the_keyboard_alone(simulated: Simulated, page: Any) -> None:
    rows = [{"id": "r1", "title": "No enfría"}, {"id": "r2", "title": "Hace ruido", "description": "mucho"}]
    simulated.send(**_interactive(type="list", action={"button": "Ver", "sections": [{"rows": rows}]}))
    _log(page).get_by_role("button", name="Ver").focus()
    for key in ("Enter", "ArrowDown", "Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    chosen = simulated.business.wait("messages", 1)[0]["interactive"]
    assert chosen["list_reply"] == {"id": "r2", "title": "Hace ruido", "description": "mucho"}


def test_a_place_and_a_drawn_label_and_a_voice_note_are_sent(simulated: Simulated, page: Any) -> None:
    for name in ("Foto de una etiqueta", "Nota de voz de ejemplo", "Ubicación"):
        page.get_by_role("button", name="Adjuntar").click()
        page.get_by_role("menuitem", name=name).click()
        if "Foto" in name:
            page.get_by_label("Añade un comentario").fill("miren cómo gotea")
            page.keyboard.press("Enter")
    page.get_by_role("button", name="Parque Fundidora").click()
    sent = {message["type"]: message for message in simulated.business.wait("messages", 3)}
    assert sent["image"]["image"]["mime_type"] == "image/jpeg"
    assert sent["image"]["image"]["caption"] == "miren cómo gotea"
    assert sent["audio"]["audio"]["voice"] is True
    assert sent["location"]["location"]["name"] == "Parque Fundidora"


def test_a_sticker_and_a_contact_are_sent_and_what_the_business_says_gets_a_reaction(
    simulated: Simulated, page: Any
) -> None:
    link = {"name": "cta_url", "parameters": {"display_text": "Ver", "url": "https://x.example/?text=a%20b"}}
    simulated.send(**_interactive(type="cta_url", action=link))
    assert _log(page).get_by_role("link", name="Ver").get_attribute("href") == "https://x.example/?text=a%20b"
    page.get_by_role("button", name="Adjuntar").click()
    page.get_by_role("menuitem", name="Sticker").click()
    page.get_by_role("button", name="Sticker 👍").click()
    page.get_by_role("button", name="Adjuntar").click()
    page.get_by_role("menuitem", name="Contacto").click()
    page.keyboard.press("Enter")
    sent = {message["type"]: message for message in simulated.business.wait("messages", 2)}
    assert sent["sticker"]["sticker"]["mime_type"] == "image/webp"
    assert sent["contacts"]["contacts"][0]["phones"][0]["phone"] == "+52 81 5550 1234"
    for pressed in ("Reaccionar", "❤️"):
        page.get_by_role("button", name=pressed).focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="quitar la reacción").click()
    emoji = [message["reaction"].get("emoji") for message in simulated.business.wait("messages", 4)[2:]]
    assert emoji == ["❤️", None]
    page.get_by_role("textbox").fill("😀😀")
    page.keyboard.press("Enter")
    _log(page).locator(".jumbo").wait_for()
    page.get_by_title("Perfil de la empresa").click()
    page.get_by_role("dialog", name="Perfil de la empresa").get_by_text("+15550100001").wait_for()


def test_a_chat_that_is_open_is_reported_read_and_one_that_is_not_waits_unread(simulated: Simulated, page: Any) -> None:
    simulated.send(biz_opaque_callback_data="here")
    read = simulated.wait_change("seen", number=NUMBER, customer=LUCIA)
    simulated.send("100000000000002", biz_opaque_callback_data="elsewhere")
    page.get_by_role("button", name="Mesa Clara Soporte").get_by_label("1 sin leer").wait_for()
    assert read["customer"] == LUCIA
    seen = [s["biz_opaque_callback_data"] for s in simulated.business.wait("statuses", 5) if s["status"] == "read"]
    assert seen == ["here"]


def test_a_fault_is_switched_on_in_the_drawer(simulated: Simulated, page: Any) -> None:
    page.get_by_role("button", name="Fallas a propósito").click()
    page.get_by_role("switch", name="Rechazar con código").click()
    page.get_by_role("switch", name="Rechazar con código", checked=True).wait_for()
    assert simulated.send().json()["error"]["code"] == 131056


def test_on_a_phone_one_thing_fills_the_screen(simulated: Simulated, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Hotel Mirador").click()
    page.get_by_role("button", name="Volver a los chats").click()
    page.get_by_role("tab", name="Noa").click()
    page.get_by_text("número oculto").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_page_speaks_english_too(page: Any) -> None:
    page.get_by_role("button", name="Switch to English").click()
    assert page.get_by_role("textbox").get_attribute("placeholder") == "Type a message"


def test_a_new_customer_is_added(simulated: Simulated, page: Any) -> None:
    page.get_by_role("button", name="Añadir").click()
    page.get_by_label("Nombre").fill("Ana Prado")
    page.get_by_label("Oculta su número").check()
    page.get_by_role("button", name="Crear cliente").click()
    page.get_by_role("tab", name="Ana", selected=True).wait_for()
    page.get_by_role("textbox").fill("Hola")
    page.keyboard.press("Enter")
    assert simulated.business.wait("messages", 1)[0]["from_user_id"].startswith("MX.")


def test_a_chat_opens_whole_so_that_nothing_typed_meanwhile_is_lost(simulated: Simulated, page: Any) -> None:
    asked: list[Any] = []
    page.route(lambda url: "/chat?number=" in url, lambda route: asked.append(route))
    page.get_by_role("button", name="Añadir").click()
    page.get_by_label("Nombre").fill("Ana Prado")
    with page.expect_request(lambda request: "/chat?number=" in request.url):
        page.get_by_role("button", name="Crear cliente").click()
    ana = page.get_by_role("tab", name="Ana")
    ana.wait_for()
    assert ana.get_attribute("aria-selected") == "false"
    for route in asked:
        route.continue_()
    page.get_by_role("tab", name="Ana", selected=True).wait_for()
    page.get_by_role("textbox").fill("Hola")
    page.keyboard.press("Enter")
    assert simulated.business.wait("messages", 1)[0]["text"] == {"body": "Hola"}
