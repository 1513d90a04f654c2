"""What every answer of the window carries, and what it says when something goes wrong."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from core.errors import Unreachable
from core.store.db import Database
from dashboard.assets import FOLDER
from tests.integration.staff import Visitor, signed_in, web
from tests.integration.test_health import PRODUCTION

PAGES = ("/admin/sign-in", "/admin/", "/admin/nowhere")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_is_not_ours(db: Database, path: str) -> None:
    headers = signed_in(db).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_in_production_everything_is_over_tls(db: Database) -> None:
    visitor = Visitor(web(db, **PRODUCTION))
    answer = visitor.client.get("/admin/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-turno-door=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_anything_inline_or_from_elsewhere(db: Database, path: str) -> None:
    page = signed_in(db).get(path).text
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page) == []
    assert re.findall(r'(?:src|href|action)="(?!/admin/)[^"]*"', page.replace('href="#main"', "")) == []


def test_files_are_kept_for_ever_under_the_address_of_their_content_and_no_other(db: Database) -> None:
    visitor = Visitor(web(db))
    page = visitor.get("/admin/sign-in").text
    found = re.search(r'href="(/admin/static/(\w+)/window\.css)"', page)
    assert found
    answer = visitor.client.get(found[1])
    assert hashlib.sha256(answer.data).hexdigest().startswith(found[2])
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert visitor.client.get("/admin/static/another/window.css").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.css", "../__init__.py", "%2e%2e/guard.py", "/etc/passwd", "../../setup.cfg"])
def test_nothing_but_the_files_of_the_window_is_given_out(db: Database, name: str) -> None:
    assert Visitor(web(db)).client.get(f"/admin/static/x/{name}").status_code in (303, 308, 404)


def test_what_others_wrote_is_here_unchanged() -> None:
    listed = [line.split()[:2] for line in (FOLDER / "VENDORED").read_text().splitlines()]
    assert [name for _, name in listed] == sorted(path.name for path in FOLDER.glob("*.min.*"))
    for digest, name in listed:
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_a_database_that_is_away_is_said_on_a_page(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = signed_in(db)

    def away(*_: object, **__: object) -> None:
        raise Unreachable("no connection to the database: at 10.0.0.1")

    monkeypatch.setattr(Database, "at_once", away)
    answer = visitor.get("/admin/")
    assert answer.status_code == 503
    assert "does not answer" in answer.text and "10.0.0.1" not in answer.text


def test_a_bug_of_ours_is_told_without_its_details(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = signed_in(db)

    def wrong(*_: object, **__: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(Database, "at_once", wrong)
    answer = visitor.get("/admin/")
    assert (answer.status_code, "a secret detail" in answer.text) == (500, False)


def test_a_page_that_is_not_there_is_said_on_a_page_with_the_navigation(db: Database) -> None:
    answer = signed_in(db).get("/admin/nowhere/at/all")
    assert answer.status_code == 404
    assert "Sign out" in answer.text


def test_every_template_has_its_place() -> None:
    """A template that nobody names is dead."""
    room = Path(FOLDER).parent
    code = "\n".join(path.read_text() for path in [*room.rglob("*.py"), *room.rglob("*.html")])
    assert [path.name for path in room.rglob("*.html") if f'"{path.name}"' not in code] == []
