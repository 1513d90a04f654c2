"""A chat that goes on for long: it never falls back to its beginning, and nothing of it is doubled or mislaid."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from bot.commands import demo
from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import Rooms
from tests.waiting import until


@pytest.fixture
def browser(working: Rooms) -> Browser:
    with working.db.transaction() as tx:
        demo.put(tx)
    browser = Browser(client(working), desk="it-desk")
    browser.say("hola")
    return browser


def age(rooms: Rooms, *, began: str, used: str) -> None:
    rooms.ask(
        "update web_sessions set created_at = now() - %(began)s::interval, seen_at = now() - %(used)s::interval returning 1",
        began=began,
        used=used,
    )


def test_a_session_that_was_just_begun_is_valid_and_tells_since_when(working: Rooms) -> None:
    told = Browser(client(working)).post("session/validate").get_json()
    assert told["valid"] is True
    assert datetime.fromisoformat(told["session"]["createdAt"]).tzinfo is not None


def test_a_session_lives_as_long_as_it_is_used_and_ends_48_hours_after(working: Rooms, browser: Browser) -> None:
    age(working, began="30 days", used="47 hours")
    assert browser.post("session/validate").get_json()["valid"] is True
    assert "Desenchufá" in browser.say("no tengo internet")["reply"]
    age(working, began="30 days", used="49 hours")
    assert browser.post("session/validate").get_json()["valid"] is False


def test_the_token_of_a_page_is_good_as_long_as_its_session(working: Rooms, browser: Browser) -> None:
    age(working, began="47 hours", used="46 hours")
    assert browser.post("chat", message="hola", headers=ORIGIN, csrfToken=browser.token).status_code == 200


def test_many_lines_later_it_is_the_same_session_and_nobody_is_asked_for_a_language_again(browser: Browser) -> None:
    stages = []
    for line in ("no tengo internet", "reformular") * 8:
        told = browser.say(line)
        assert told["sessionId"] == browser.id
        stages.append(told["stage"])
    assert not [stage for stage in stages if stage.startswith("reception")]


def test_what_breaks_while_it_is_answered_does_not_begin_the_conversation_anew(
    working: Rooms, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a bug of ours")

    before = browser.say("no tengo internet")["stage"]
    with monkeypatch.context() as bug:
        bug.setattr("bot.desks.it.flows.steps.digit", broken)
        assert browser.say("más simple")["ok"]
        until(lambda: working.ask("select 1 from inbox where state = 'buried'"))
    told = browser.say("más simple")
    assert told["stage"] == before and "Con otras palabras" in told["reply"]


def test_buttons_are_those_of_the_last_message_and_none_is_there_twice(browser: Browser) -> None:
    told = browser.say("no tengo internet")
    values = Counter(button["value"] for button in told["buttons"])
    assert values and set(values.values()) == {1}
    assert [button["value"] for button in told["messages"][-1]["buttons"]] == list(values)


def test_the_first_words_are_in_the_transcript_and_every_line_is_there_once(browser: Browser) -> None:
    browser.say("no tengo internet")
    lines = browser.client.get(f"/api/transcript-json/{browser.id}", headers=browser.own).get_json()["transcript"]
    assert "🔒" in lines[0]["text"]
    assert [line["text"] for line in lines if line["who"] == "user"] == ["hola", "no tengo internet"]


@pytest.mark.parametrize("history", [[{"who": "user", "text": "hola"}], {"at": None}, "sin hora", 7, None])
def test_a_ticket_is_opened_whatever_history_comes_with_it(browser: Browser, history: object) -> None:
    answer = browser.post("whatsapp-ticket", history=history)
    assert answer.status_code == 200 and answer.get_json()["ticketId"].startswith("TCK-")


def test_every_call_has_one_view(working: Rooms) -> None:
    rules = client(working).application.url_map.iter_rules()
    calls = Counter((rule.rule, method) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})
    assert [call for call, views in calls.items() if views > 1] == []
