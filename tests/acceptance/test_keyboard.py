"""What opens, renews itself or goes away while somebody uses the window by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.furnished import DESK, PHONE, admin, heard, sign_in
from tests.acceptance.house import House

FOCUSED = "() => { globalThis.kept = document.activeElement; return kept.textContent.trim(); }"
STILL_THERE = "() => kept === document.activeElement && kept.isConnected"
HERE = "() => document.activeElement.textContent.trim()"


@pytest.fixture
def page(browser: Any, furnished: House) -> Iterator[Any]:
    """Ana's browser, signed in; it complains of nothing: no policy broken, no script failed."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    sign_in(opened, furnished)
    opened.locator("body.inside").wait_for()
    yield opened
    context.close()
    assert problems == []


def focused(page: Any) -> Any:
    return page.locator(":focus")


def test_the_menu_of_a_phone_opens_is_gone_through_and_gives_the_focus_back(furnished: House, page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto(admin(furnished, "people"))
    for way_out in (["Escape"], ["Tab", "Enter"], ["Tab", "Tab", "Escape"]):
        page.get_by_role("button", name="Menu").focus()
        page.keyboard.press("Enter")
        page.get_by_role("navigation", name="Pages").wait_for()
        for key in way_out:
            page.keyboard.press(key)
        page.get_by_role("navigation", name="Pages").wait_for(state="hidden")
        assert focused(page).inner_text() == "Menu", way_out
    page.keyboard.press("Enter")
    links = page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts()
    page.keyboard.press("Tab")
    passed = []
    for _ in links:
        page.keyboard.press("Tab")
        passed.append(focused(page).inner_text())
    assert passed == links and "Dead letters" in links
    page.get_by_role("link", name="Audit").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Audit").wait_for()


def test_what_is_folded_opens_is_filled_in_and_is_folded_again(furnished: House, page: Any) -> None:
    page.goto(admin(furnished, "queues"))
    page.get_by_text("Turn off…").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("moving house")
    assert focused(page).input_value() == "moving house"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_label("is turned off").first.wait_for(state="hidden")
    assert focused(page).inner_text() == "Turn off…"


def test_a_state_of_the_flow_map_is_opened_with_enter(furnished: House, page: Any) -> None:
    page.goto(admin(furnished, "boards/conversations"))
    page.get_by_role("region", name="Map of refrigerator").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="In one state").wait_for()


def test_a_query_is_written_run_and_left_without_a_mouse(furnished: House, page: Any) -> None:
    page.goto(admin(furnished, "console"))
    page.get_by_label("One SELECT").focus()
    page.keyboard.type("select 40 + 2 as answer")
    page.keyboard.press("Tab")
    assert focused(page).inner_text() == "Run", "the editor lets one go"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answer").wait_for()
    page.get_by_role("cell", name="42").wait_for()


def test_going_through_the_times_of_a_board_asks_for_nothing_until_enter(furnished: House, page: Any) -> None:
    page.goto(admin(furnished, "boards/reports"))
    page.get_by_label("Time", exact=True).focus()
    before = page.get_by_label("Time", exact=True).input_value()
    page.evaluate(FOCUSED)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_label("Time", exact=True).input_value()
    assert chosen != before and page.evaluate(STILL_THERE)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**since={chosen}*")


def test_who_is_inside_a_panel_stays_there_when_its_answer_comes(furnished: House, page: Any) -> None:
    """The panel was asked for before they went in."""
    page.goto(admin(furnished, "boards/reports"), wait_until="networkidle")
    panel = page.locator(".panel[data-refresh]").filter(has=page.locator("td a")).first
    path = panel.get_attribute("hx-get")
    held: list[Any] = []
    page.route(lambda url: url.endswith(path), lambda route: held.append(route))
    panel.evaluate("one => htmx.trigger(one, 'refresh')")
    page.wait_for_function("one => one.classList.contains('htmx-request')", arg=panel.element_handle())
    panel.locator("td a").first.focus()
    page.evaluate(FOCUSED)
    with page.expect_response(lambda response: response.url.endswith(path)):
        held[0].continue_()
    page.wait_for_function("one => !one.classList.contains('htmx-request')", arg=panel.element_handle())
    assert page.evaluate(STILL_THERE)


def test_a_panel_rests_while_somebody_is_inside_and_the_others_go_on(furnished: House, page: Any) -> None:
    page.clock.install()
    page.goto(admin(furnished, "boards/now"), wait_until="networkidle")
    panel = page.locator(".panel[data-refresh]:has(a)").first
    panel.get_by_role("link").first.focus()
    page.evaluate(FOCUSED)
    mine, asked = panel.get_attribute("hx-get"), []
    assert int(panel.get_attribute("data-refresh")) <= 30
    page.on("request", lambda request: asked.append(request.url) if "/piece" in request.url else None)
    with page.expect_request("**/events-waiting/piece"):
        page.clock.fast_forward("00:30")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STILL_THERE)
    assert asked and not [url for url in asked if url.endswith(mine)]


def test_a_conversation_that_goes_on_takes_nobody_away(furnished: House, page: Any, there: dict[str, Any]) -> None:
    """New lines come; the line one stands in is drawn anew; and what one stood at is there no more."""
    page.goto(admin(furnished, f"conversations/{there['talk']}"))
    page.get_by_text("Live", exact=True).wait_for()
    link = page.locator(".bubble.out .perma").last
    line = link.evaluate("one => one.closest('.line').id")
    link.focus()
    page.evaluate(FOCUSED)
    heard(furnished, "sigo aquí")
    page.get_by_role("log").get_by_text("sigo aquí").wait_for()
    assert page.evaluate(STILL_THERE)

    furnished.run("update outbox set attempts = 2 where id = %(id)s", id=int(line[1:]))
    page.locator(f"#{line}").get_by_title("Tries").wait_for()
    assert page.evaluate(HERE) == line
    page.get_by_role("button", name="Take over").focus()
    held = "update sessions set agent = 'eva@turno.example' where conversation_id = %(id)s"
    furnished.run(held, id=there["talk"])
    page.get_by_text("holds this conversation").wait_for()
    assert page.evaluate("() => document.activeElement.id") == "acts"
    page.keyboard.press("Tab")
    assert page.locator("#acts :focus").inner_text() == "Take it from eva@turno.example"
    furnished.run("update sessions set agent = null where conversation_id = %(id)s", id=there["talk"])


def test_who_takes_over_and_answers_goes_on_writing(furnished: House, page: Any, there: dict[str, Any]) -> None:
    page.goto(admin(furnished, f"conversations/{there['talk']}"))
    page.get_by_role("link", name="Skip to the actions").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page).inner_text() == "Take over"
    page.keyboard.press("Enter")
    for said in ("ya voy", "estoy en camino"):
        page.locator("textarea#f-text:focus").wait_for()
        page.keyboard.type(said)
        page.keyboard.press("Control+Enter")
        page.get_by_role("log").get_by_text(said).wait_for()
    page.locator("textarea#f-text:focus").wait_for()
    page.get_by_role("button", name="Release").press("Enter")
    page.get_by_role("button", name="Take over").wait_for()


def test_a_number_shown_whole_is_where_the_focus_is(furnished: House, page: Any, there: dict[str, Any]) -> None:
    page.goto(admin(furnished, f"conversations/{there['talk']}"))
    page.get_by_role("button", name="show").focus()
    page.keyboard.press("Enter")
    page.get_by_text("5215550000077").wait_for()
    assert page.evaluate(HERE) == "5215550000077"
