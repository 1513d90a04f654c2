"""The browser of the tests of pages."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import browser as browsers

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
