"""The window in a real browser: with and without JavaScript, wide and on a phone, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Blueprint, render_template_string

from core.store.db import Database
from dashboard.guard import allowed
from dashboard.pages import PAGES
from dashboard.window import Window
from simulator import serve
from tests.integration.crew import Rooms, text
from tests.integration.staff import PASSWORD, account, web

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
ME = "ana@turno.example"


@pytest.fixture
def root(db: Database) -> Iterator[str]:
    """The address of a window in which Ana is admin."""
    account(db, ME)
    server = serve.server(web(db), "127.0.0.1", 0)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/admin"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page that complains of nothing: no policy broken, no script failed."""
    context = browser.new_context(viewport=DESK, java_script_enabled=request.param)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    yield opened
    context.close()
    assert problems == []


def sign_in(page: Any, root: str, to: str = "/") -> None:
    page.goto(root + to)
    page.get_by_label("E-mail").fill(ME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("body.inside").wait_for()


def test_somebody_signs_in_looks_around_and_signs_out(page: Any, root: str) -> None:
    sign_in(page, root, "/audit?did=signed+in")
    assert page.url.endswith("/audit?did=signed+in")
    page.get_by_role("link", name="My account").click()
    page.get_by_role("heading", name="Active sessions").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_text("You are signed out.").wait_for()
    page.go_back()
    page.reload()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_person_is_added_and_comes_in_by_the_link(page: Any, root: str, browser: Any) -> None:
    sign_in(page, root, "/people")
    page.get_by_label("Name").fill("Eva Luz")
    page.get_by_label("E-mail").fill("eva@turno.example")
    page.get_by_label("every desk").check()
    page.get_by_role("button", name="Add, and make the link").click()
    link = page.locator("pre").inner_text().partition("/admin")[2]
    theirs = browser.new_context().new_page()
    theirs.goto(root + link)
    theirs.get_by_label("Password").fill(PASSWORD)
    theirs.get_by_label("The same again").fill(PASSWORD)
    theirs.get_by_role("button", name="Come in").click()
    theirs.get_by_text("Eva Luz").wait_for()
    theirs.context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_menu_opens(page: Any, root: str) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, root, "/people")
    for path in (
        "/boards/now",
        "/people",
        "/people/1",
        "/account",
        "/audit",
        "/queues",
        "/letters",
        "/letters/replay",
        "/contacts",
    ):
        page.goto(root + path, wait_until="networkidle")  # a board without scripts loads itself whole
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="People").click()
    page.get_by_role("heading", name="People", exact=True).wait_for()


def test_the_keyboard_reaches_the_page_past_the_navigation(page: Any, root: str) -> None:
    sign_in(page, root, "/people")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1


PIECES = """{% extends "layout.html" %}{% import "macros.html" as m %}
{% block title %}Pieces{% endblock %}{% block main %}{{ m.phone("5215550000077", conversation) }}{% endblock %}"""


class Pieces:
    """A page of the test's own, made of what the pages of the window are made of."""

    def add_to(self, blueprint: Blueprint, _: Window) -> None:
        @blueprint.get("/pieces/<int:conversation>")
        @allowed("viewer")
        def pieces(conversation: int) -> str:
            return render_template_string(PIECES, conversation=conversation)


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.PAGES", (*PAGES, Pieces()))


@pytest.fixture
def conversation(db: Database) -> int:
    rooms = Rooms(db)
    rooms.hear(text("hola", wamid="wamid.1", sender="5215550000077"))
    rooms.close()
    with db.transaction() as tx:
        tx._cursor.execute("select id from conversations")
        [(id,)] = tx._cursor.fetchall()
    return int(id)


def test_a_number_is_shown_whole_after_one_click(pieces: None, page: Any, root: str, conversation: int) -> None:
    sign_in(page, root, f"/pieces/{conversation}")
    page.get_by_text("••••••0077").wait_for()
    page.get_by_role("button", name="show").click()
    page.get_by_text("5215550000077").wait_for()
