"""The browser of the tests of pages, and the house that some of them look at."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import browser as browsers
from tests.acceptance.furnished import AXE, DESK, furnish, sign_in, talk, what_there_is
from tests.acceptance.house import House
from tests.conftest import TEMPLATE, fresh_database

Opening = Any
"""`opening(url)`: a page, as a context; it may say nothing on the console that is an error."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = browsers.find()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium or Chrome here, and CI must not go without")
        warnings.warn("SKIPPED: no Chromium or Chrome here, so the pages were not tried", stacklevel=1)
        pytest.skip("no Chromium or Chrome here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opening(browser: Any) -> Opening:
    @contextmanager
    def opened(url: str) -> Iterator[Any]:
        context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="es-MX")
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(url)
        page.wait_for_selector("html[data-ready]")
        yield page
        context.close()
        assert problems == []

    return opened


@pytest.fixture(scope="module")
def furnished(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a month behind it, and one conversation going on, which asks for a person."""
    for url in fresh_database(postgres, TEMPLATE):
        with House(url, tmp_path_factory.mktemp("house")) as made:
            furnish(url)
            made.open()
            made.work("conversation")
            talk(made)
            yield made


@pytest.fixture(scope="module")
def there(furnished: House) -> dict[str, Any]:
    """What there is to look at."""
    return what_there_is(furnished)


@pytest.fixture(scope="module")
def ana(browser: Any, furnished: House) -> Iterator[Any]:
    """Ana's browser, signed in, with axe in every page."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", bypass_csp=True)
    context.add_init_script(path=AXE)
    page = context.new_page()
    sign_in(page, furnished)
    page.locator("body.inside").wait_for()
    yield page
    context.close()


@pytest.fixture
def stranger(browser: Any) -> Iterator[Any]:
    """The browser of somebody nobody knows, with axe in every page."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", bypass_csp=True, locale="es-MX")
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()
