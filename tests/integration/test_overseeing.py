"""For who holds the token: who is in the chat, how conversations went, and old photos taken away."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms
from webhook.webchat.overseeing import COLUMNS, Overseeing

TOKEN = {"log_token": SecretStr("a token")}
SHOWN = {"Authorization": "Bearer a token"}
CALLS = (
    ("GET", "sessions"),
    ("GET", "flow-audit"),
    ("GET", "flow-audit/export"),
    ("GET", "flow-audit/1"),
    ("GET", "admin/conversation/1"),
    ("GET", "admin/conversation/1/export"),
    ("POST", "cleanup"),
)


@pytest.fixture
def visitor(working: Rooms) -> FlaskClient:
    return client(working, **TOKEN)


def told(visitor: FlaskClient, call: str) -> Any:
    answer = visitor.get(f"/api/{call}", headers=SHOWN)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


@pytest.mark.parametrize(("method", "call"), CALLS)
@pytest.mark.parametrize("headers", [{}, {"X-Log-Token": "another"}])
def test_without_the_token_nothing_is_told(
    visitor: FlaskClient, method: str, call: str, headers: dict[str, str]
) -> None:
    Browser(visitor).say("hola")
    answer = visitor.open(f"/api/{call}?token=a+token", method=method, headers=headers, json={"daysOld": 1})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "unauthorized")


def test_who_is_in_the_chat_is_told_without_what_would_open_it(visitor: FlaskClient, working: Rooms) -> None:
    first, second = Browser(visitor, locale="en"), Browser(visitor)
    first.say("hello")
    second.say("refrigerador")
    working.ask("update web_sessions set seen_at = now() - interval '1 minute' where locale = 'en' returning 1")
    found = told(visitor, "sessions")
    assert found["active"] == 2
    assert [session["userLocale"] for session in found["sessions"]] == ["", "en"], "whoever spoke last comes first"
    assert found["sessions"][0]["stage"].startswith("refrigerator.")
    assert not {first.id, second.id, first.token} & set(json.dumps(found).split('"'))


def test_every_step_is_in_the_flow_of_its_conversation_masked(visitor: FlaskClient) -> None:
    browser = Browser(visitor)
    browser.say("refrigerador")
    number = browser.say("soy ana@ejemplo.com")["conversation_id"]
    found = told(visitor, f"flow-audit/{number}")
    assert [step["userInput"] for step in found["flow"]] == [
        "[request_welcome]",
        "refrigerador",
        "soy [EMAIL_REDACTED]",
    ]
    assert found["flow"][0]["nextStage"] == found["flow"][1]["stage"]
    assert all(step["botReply"] and step["durationMs"] >= 0 for step in found["flow"])
    assert "ana@" not in json.dumps(told(visitor, f"admin/conversation/{number}"))
    export = visitor.get(f"/api/admin/conversation/{number}/export", headers=SHOWN)
    assert export.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(export.text)["transcript"] == found["transcript"] != []


def test_the_export_is_not_taken_for_a_conversation_and_has_every_step_once(
    visitor: FlaskClient, working: Rooms
) -> None:
    for _ in range(2):
        browser = Browser(visitor)
        browser.say("=1+1")
        browser.say("refrigerador")
    lines = [json.loads(line) for line in visitor.get("/api/flow-audit/export", headers=SHOWN).text.splitlines()]
    rows = list(csv.reader(io.StringIO(visitor.get("/api/flow-audit/export?format=csv", headers=SHOWN).text)))
    assert rows[0] == COLUMNS and len(rows) == len(lines) + 1 == 7
    assert [row[COLUMNS.index("userInput")] for row in rows[1:4]] == ["[request_welcome]", "'=1+1", "refrigerador"]
    assert lines == [*Overseeing(working.db, working.settings, page=2).flow(hours=24)], "whatever the size of a page"


def test_who_goes_round_in_a_circle_is_found(visitor: FlaskClient) -> None:
    lost, other = Browser(visitor), Browser(visitor)
    other.say("refrigerador")
    for _ in range(3):
        number = lost.say("xyzzy plugh")["conversation_id"]
    report = told(visitor, "flow-audit")
    assert (report["conversations"], report["steps"]) == (2, 6)
    assert [(loop["conversation"], loop["times"] >= 3) for loop in report["loops"]] == [(number, True)]
    assert report["origins"]["customer"] >= 4


@pytest.mark.parametrize("call", ["flow-audit/999", "admin/conversation/999", "admin/conversation/999/export"])
def test_what_is_not_there_is_404(visitor: FlaskClient, call: str) -> None:
    assert visitor.get(f"/api/{call}", headers=SHOWN).status_code == 404


@pytest.mark.parametrize("days", [None, 0, -1, 1.5, "7", True, 10**9])
def test_nothing_is_removed_by_a_number_of_days_that_makes_no_sense(visitor: FlaskClient, days: object) -> None:
    assert visitor.post("/api/cleanup", json={"daysOld": days}, headers=SHOWN).status_code == 400


def test_old_photos_go_when_that_is_asked_and_it_is_known_who_asked(visitor: FlaskClient, working: Rooms) -> None:
    Browser(visitor).say("hola")
    for number, age in enumerate(("1 hour", "3 days", "5 days"), 1):
        working.ask(
            "insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at, stored_at)"
            " select min(id), %(number)s, 'code', %(name)s, 9, now(), now() - %(age)s::interval from conversations returning 1",
            number=number, name=f"{number:064x}", age=age,
        )  # fmt: skip
    answer = visitor.post("/api/cleanup", json={"daysOld": 2}, headers=SHOWN).get_json()
    assert (answer["ok"], answer["photos"], answer["more"]) == (True, 2, False)
    assert len(working.ask("select id from photos")) == 1
    assert [row.did for row in working.ask("select did from audit")] == ["removed old photos"]


REPORT = {"csp-report": {"effective-directive": "script-src", "blocked-uri": "https://evil.example/x?name=ana"}}


@pytest.mark.parametrize("body", [json.dumps(REPORT), "", "[", "[]", '{"csp-report": 7}', '{"csp-report": {"blocked-uri": "http://["}}'])  # fmt: skip
def test_a_browsers_complaint_is_heard_whatever_it_holds(chatroom: Rooms, body: str) -> None:
    assert client(chatroom).post("/api/csp-report", data=body).status_code == 204


def test_complaints_are_limited_in_number_and_size(chatroom: Rooms) -> None:
    visitor = client(chatroom)
    assert visitor.post("/api/csp-report", data=b"x" * 20_000).status_code == 413
    codes = [visitor.post("/api/csp-report", json=REPORT).status_code for _ in range(21)]
    assert codes.count(429) >= 1 and codes[0] == 204
