"""Who may pass: every page says whom it lets in, every form is from this session, and the end of one is said clearly."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from core.store.db import Database
from dashboard import guard
from tests.integration.staff import FROM_HERE, PASSWORD, Visitor, account, signed_in, web

OPEN_TO_ALL = {
    "window.sign_in",
    "window.sign_in_now",
    "window.sign_in_code",
    "window.sign_in_code_now",
    "window.welcome",
    "window.come_in",
    "window.static",
}


def rules(app: Flask) -> list[str]:
    return [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin")]


def test_every_page_says_whom_it_lets_in_and_only_the_listed_are_open_to_all(db: Database) -> None:
    app = web(db)
    whom = {endpoint: guard.whom(app.view_functions[endpoint]) for endpoint in rules(app)}
    assert len(whom) > 3
    assert [endpoint for endpoint, role in whom.items() if role is None] == []
    assert {endpoint for endpoint, role in whom.items() if role == guard.PUBLIC} == OPEN_TO_ALL


def test_a_page_that_says_nothing_lets_nobody_in(db: Database) -> None:
    visitor = signed_in(db)
    app: Flask = visitor.client.application
    app.view_functions["window.home"] = lambda: "a secret"
    answer = visitor.get("/admin/")
    assert answer.status_code == 500
    assert "a secret" not in answer.text


def test_who_is_not_signed_in_is_sent_to_sign_in_and_learns_nothing(db: Database) -> None:
    visitor = Visitor(web(db))
    for path in ("/admin/", "/admin/nowhere", "/admin/people"):
        answer = visitor.client.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/admin/sign-in?next=")


def test_a_role_below_is_refused_in_words(db: Database) -> None:
    viewer = signed_in(db, "viewer")
    answer = viewer.post("/admin/conversations/1/phone", on="/admin/")
    assert answer.status_code == 403
    assert "operator" in answer.text and "viewer" in answer.text


def test_an_address_without_its_slash_is_the_first_page_too(db: Database) -> None:
    assert "Sign out" in signed_in(db).get("/admin").text


# --- forms ------------------------------------------------------------------------------------------------------------


def csrf_of(visitor: Visitor) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', visitor.get("/admin/").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_right_word(db: Database, headers: dict[str, str]) -> None:
    visitor = signed_in(db)
    answer = visitor.client.post("/admin/sign-out", data={"csrf": csrf_of(visitor)}, headers=headers)
    assert answer.status_code == 403
    assert "Nothing was done" in answer.text
    assert "Sign out" in visitor.get("/admin/").text, "still signed in"


@pytest.mark.parametrize("word", ["", "0" * 64, "ñ" * 64, "\udcff"])
def test_a_form_without_the_word_of_its_session_is_refused(db: Database, word: str) -> None:
    visitor = signed_in(db)
    body = b"csrf=" + word.encode("utf-8", "surrogateescape")
    answer = visitor.client.post(
        "/admin/sign-out", data=body, headers={**FROM_HERE, "Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 403
    assert "Sign out" in visitor.get("/admin/").text


def test_a_form_of_an_earlier_session_is_refused_when_it_is_sent_again(db: Database) -> None:
    visitor = signed_in(db)
    old = csrf_of(visitor)
    visitor.send("/admin/sign-out", {"csrf": old})
    visitor.sign_in("admin@turno.example")
    answer = visitor.send("/admin/sign-out", {"csrf": old})
    assert answer.status_code == 403
    assert "another time" in answer.text


def test_the_word_of_one_session_is_worth_nothing_in_another(db: Database) -> None:
    mine, other = signed_in(db), signed_in(db, "viewer")
    assert mine.send("/admin/sign-out", {"csrf": csrf_of(other)}).status_code == 403


def test_a_session_that_is_over_in_mid_action_does_nothing_and_leads_back(db: Database) -> None:
    visitor = signed_in(db)
    word = csrf_of(visitor)
    with db.transaction() as tx:
        tx._cursor.execute("delete from staff_sessions")
    answer = visitor.send("/admin/conversations/7/phone", {"csrf": word}, referrer="/admin/boards/now?since=7d")
    assert "Nothing was done" in answer.text
    assert 'name="next" value="/admin/boards/now?since=7d"' in answer.text
    with db.transaction() as tx:
        assert tx._cursor.execute("select 1 from audit where did like 'saw%'").fetchall() == []
    back = visitor.post(
        "/admin/sign-in", email="admin@turno.example", password=PASSWORD, next="/admin/boards/now?since=7d"
    )
    assert back.request.full_path == "/admin/boards/now?since=7d"


WORDS = 'Mañana a las 9 <b>"vamos"</b>\ncon la pieza'
AREA = re.compile(r'<textarea id="f-written"[^>]*>([^<]*)</textarea>')


def given_back(page: str) -> str:
    """What somebody had written, on the page that tells that nothing was done with it."""
    found = AREA.search(page)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize("field", ["text", "note", "why", "sql"])
def test_what_was_written_when_a_session_ended_is_there_after_signing_in(db: Database, field: str) -> None:
    visitor = signed_in(db)
    word = csrf_of(visitor)
    with db.transaction() as tx:
        tx._cursor.execute("delete from staff_sessions")
    turned_away = visitor.send("/admin/console", {"csrf": word, field: WORDS}, referrer="/admin/boards/now?since=7d")
    assert turned_away.status_code == 401
    assert "Nothing was done" in turned_away.text
    for password in ("not this one", PASSWORD):
        hidden = re.search(r'name="written" value="([^"]*)"', visitor.last.text if visitor.last else "")
        assert hidden
        visitor.post(
            "/admin/sign-in", email="admin@turno.example", password=password, next="/admin/boards/now?since=7d",
            written=html.unescape(hidden[1]),
        )  # fmt: skip
    assert visitor.last
    assert given_back(visitor.last.text) == WORDS
    assert 'href="/admin/boards/now?since=7d"' in visitor.last.text
    assert "Sign out" in visitor.get("/admin/boards/now").text


def test_what_was_written_is_given_back_with_every_refusal(db: Database) -> None:
    visitor = signed_in(db, "viewer")
    forged = visitor.send("/admin/account/password", {"csrf": "0" * 64, "text": WORDS}, referrer="/admin/account")
    assert (forged.status_code, given_back(forged.text)) == (403, WORDS)
    assert 'href="/admin/account"' in forged.text
    role = visitor.post("/admin/console", on="/admin/account", sql=WORDS)
    assert (role.status_code, given_back(role.text)) == (403, WORDS)


def test_a_page_from_elsewhere_puts_no_words_into_the_window(db: Database) -> None:
    for visitor in (signed_in(db), Visitor(web(db))):
        answer = visitor.client.post(
            "/admin/console", data={"text": "call this number"}, headers={"Origin": "https://elsewhere.example"}
        )
        assert answer.status_code == 403
        assert "call this number" not in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "/admin/\\..\\x", "javascript:alert(1)",
        "/admin", "/administrator", "/elsewhere", "/admin/\r\nX: y", "/admin/ñ", "/admin/sign-out", "\t//x", "/admin/" + "x" * 2000,
        "/admin/../../x", "/admin/..", "/admin/%2e%2e/x", "/admin/.%2E/%2e%2e/x", "/admin/%252e%252e/x", "/admin/x%2f..%2fy", "/admin/..;/x",
    ],
)  # fmt: skip
def test_signing_in_never_leads_out_of_the_window(db: Database, wanted: str) -> None:
    account(db)
    visitor = Visitor(web(db))
    answer = visitor.sign_in(next=wanted)
    assert (answer.status_code, answer.request.path) == (200, "/admin/boards/now")


def test_a_page_that_renews_itself_says_in_its_place_that_the_session_is_over(db: Database) -> None:
    answer = Visitor(web(db)).client.get("/admin/?<script>", headers={guard.QUIET: "1", "HX-Request": "true"})
    assert answer.status_code == 286
    assert "Sign in again" in answer.text and "<script>" not in answer.text


def test_a_click_in_the_page_after_the_end_goes_to_sign_in(db: Database) -> None:
    answer = Visitor(web(db)).client.get("/admin/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/admin/sign-in?")


def test_what_the_database_cannot_hold_is_refused(db: Database) -> None:
    visitor = signed_in(db)
    assert visitor.client.get("/admin/?x=%00").status_code == 400
    assert visitor.client.get("/admin/%00").status_code == 400
    assert visitor.send("/admin/sign-out", {"csrf": "\0"}).status_code == 400


def test_words_for_the_next_page_are_shown_once_and_escaped(db: Database) -> None:
    visitor = signed_in(db)
    with db.transaction() as tx:
        tx._cursor.execute("""update staff_sessions set said = '[["good", "Done: <b>"]]'""")
    assert "Done: &lt;b&gt;" in visitor.get("/admin/").text
    assert "Done" not in visitor.get("/admin/").text
