"""A tab in the background rings when somebody waits for a person; the count and the list renew themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.store.db import Database
from tests.acceptance.house import ROSA, House
from tests.integration.staff import PASSWORD, account
from tests.waiting import until

ME, OTHER = "ana@turno.example", "5215550000042"
PATIENCE_MS = 60_000

NOTED = """
    globalThis.rung = [];
    globalThis.tones = 0;
    Object.defineProperty(document, "hidden", { configurable: true, get: () => globalThis.unseen === true });
    globalThis.Notification = class {
      static permission = "default";
      static async requestPermission() { return (this.permission = "granted"); }
      constructor(title, options) { rung.push([title, options.tag]); }
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) { globalThis.tones += 1; return start.apply(this, at); };
"""
"""What the page rings is noted, and it is hidden when the test says so: a browser without a screen hides none."""


@pytest.fixture
def house(db_url: str, tmp_path: Any) -> Iterator[House]:
    with House(db_url, tmp_path) as made:
        made.open()
        made.work("conversation")
        yield made


@pytest.fixture
def tabs(browser: Any, db: Database, house: House) -> Iterator[Any]:
    """Ana's browser, signed in; `tabs(path)` opens one more page."""
    account(db, ME)
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(NOTED)
    problems: list[str] = []

    def opened(path: str) -> Any:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"http://127.0.0.1:{house.port}/admin{path}")
        return page

    page = opened("/conversations")
    page.get_by_label("E-mail").fill(ME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("body.inside").wait_for()
    page.close()
    yield opened
    context.close()
    assert problems == []


def true_of(page: Any, what: str) -> None:
    """Wait until this holds in the page, whose policy lets nobody evaluate a text in it."""
    until(lambda: bool(page.evaluate(what)), 60, told=page.title)


def asks(house: House, customer: str) -> None:
    house.say("quiero hablar con una persona", customer=customer)


def test_a_tab_in_the_background_rings_and_counts_and_the_list_renews_itself(house: House, tabs: Any) -> None:
    away = tabs("/account")
    away.get_by_role("button", name="Ring when one waits").click()
    away.get_by_text("By sound, and by a notification").wait_for()
    true_of(away, "tones === 2")  # a sample
    away.evaluate("unseen = true")
    watched = tabs("/conversations")
    assert watched.get_by_role("button", name="Ring when one waits").get_attribute("aria-pressed") == "true"
    assert not watched.title().startswith("(")

    asks(house, ROSA)
    true_of(away, "document.title.startsWith('(1) ')")
    watched.get_by_role("heading", name="Wait for a person").wait_for()  # by itself
    watched.get_by_role("link", name="Conversations 1 wait for a person").wait_for()
    until(lambda: _rung(away) + _rung(watched) == 1, 30, told=house.told)  # one tab rings for all

    asks(house, OTHER)
    true_of(away, "document.title.startsWith('(2) ')")
    watched.locator("#list .line .person").nth(1).wait_for()
    shown = watched.locator("#list .line .person").evaluate_all("all => all.map(one => one.id)")
    first = house.one("select min(conversation_id) from sessions where person_wanted is not null")
    assert shown[0] == f"w{first}", "who waits longest stands on top"
    watched.close()

    house.run(
        "update sessions set memory = memory #- '{notes,person_wanted_at}' where conversation_id = %(id)s", id=first
    )
    true_of(away, "document.title.startsWith('(1) ')")
    before = away.evaluate("rung.length")
    house.run(
        "update sessions set memory = jsonb_set(memory, '{notes,person_wanted_at}', to_jsonb(now()::text))"
        " where conversation_id = %(id)s",
        id=first,
    )
    true_of(away, f"rung.length === {before + 1}")
    assert away.evaluate("rung.at(-1)") == ["2 customers wait for a person", "turno-waiting"]


def _rung(page: Any) -> int:
    """How often it rang: two tones each time, after those of the button."""
    tones: int = page.evaluate("tones")
    sample = 2 if "/account" in page.url else 0
    return (tones - sample) // 2


def test_nothing_rings_before_the_button_was_pressed(house: House, tabs: Any) -> None:
    page = tabs("/boards/now")
    page.evaluate("unseen = true")
    asks(house, ROSA)
    true_of(page, "document.title.startsWith('(1) ')")
    assert page.evaluate("[rung.length, tones]") == [0, 0]
