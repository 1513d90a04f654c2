"""What was said, over HTTP: all of it, in order, once, without personal data, and for its owner only."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms
from webhook.webchat.transcripts import Transcripts

TOKEN = {"log_token": SecretStr("a token")}
SHOWN = {"Authorization": "Bearer a token"}
CALLS = ("transcript", "transcript-json", "historial")


def test_everything_is_there_from_the_first_word_in_order_and_once(working: Rooms) -> None:
    browser = Browser(client(working))
    expected = [("bot", message["text"]) for message in browser.greeting["messages"]]
    for text in ("refrigerador", "menú", "vehículo", "menú"):
        said = browser.say(text)
        expected += [("user", text), *(("bot", message["text"]) for message in said["messages"])]
    lines = browser.client.get(f"/api/transcript-json/{browser.id}", headers=browser.own).get_json()["transcript"]
    assert [(line["who"], line["text"]) for line in lines] == expected
    assert all(line["ts"] for line in lines)
    text = browser.client.get(f"/api/transcript/{browser.id}", headers=browser.own)
    assert text.mimetype == "text/plain" and text.text.count("  user: ") == 4
    assert (
        text.text.index(expected[0][1][:20]) < text.text.index("user: refrigerador") < text.text.index("user: vehículo")
    )


@pytest.mark.parametrize("page", [1, 2, 3, 7])
def test_pages_join_without_a_gap_whatever_their_size_even_when_a_reply_came_late(working: Rooms, page: int) -> None:
    browser = Browser(client(working))
    for text in ("refrigerador", "menú", "vehículo"):
        browser.say(text)
    session = working.ask("select conversation_id, now() as created_at, '' as flow, '' as state from sessions")[0]
    first = working.ask("select min(event_id) as id from outbox")[0].id
    working.ask("insert into outbox (channel_id, conversation_id, event_id, correlation_id, kind, text, state)"
                " select channel_id, conversation_id, %(id)s, 'x', 'text', 'late', 'sent' from outbox limit 1", id=first)  # fmt: skip
    whole = Transcripts(working.db).lines(session)
    assert Transcripts(working.db, page=page).lines(session) == whole
    assert [line["text"] for line in whole].count("late") == 1 and len(whole) >= 8


def test_personal_data_is_masked(working: Rooms) -> None:
    browser = Browser(client(working, **TOKEN))
    browser.say("mi correo es ana@ejemplo.com y mi clave=secreta123")
    for call in CALLS:
        told = browser.client.get(f"/api/{call}/{browser.id}", headers=SHOWN).text
        assert "[EMAIL_REDACTED]" in told and "ana@" not in told and "secreta123" not in told


def test_the_history_names_the_tickets_that_came_of_it(working: Rooms) -> None:
    browser = Browser(client(working))
    number = browser.post("whatsapp-ticket").get_json()["ticketId"]
    told = browser.client.get(f"/api/historial/{browser.id}", headers=browser.own).get_json()
    assert [ticket["ticketId"] for ticket in told["tickets"]] == [number]
    assert told["conversation"][0]["who"] == "bot" and told["createdAt"]


@pytest.mark.parametrize("call", CALLS)
def test_only_whose_session_it_is_and_who_holds_the_token_may_read_it(working: Rooms, call: str) -> None:
    visitor = client(working, **TOKEN)
    mine, other = Browser(visitor), Browser(visitor)
    path = f"/api/{call}/{mine.id}"
    assert visitor.get(path, headers=mine.own).status_code == 200
    assert visitor.get(path, headers=SHOWN).status_code == 200
    for headers in ({}, other.own, {"X-Log-Token": "another"}, {"X-Session-Id": mine.id[:-1]}):
        assert visitor.get(path, headers=headers).status_code == 403
    assert visitor.get(f"{path}?token=a+token").status_code == 403
    unknown = "web-" + "0" * 24
    assert visitor.get(f"/api/{call}/{unknown}", headers={"X-Session-Id": unknown}).status_code == 404
    assert visitor.get(f"/api/{call}/1", headers={"X-Session-Id": "1"}).status_code == 400
