"""Greetings of the chat: shown before a first line without a conversation, and recorded with that line, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands import demo
from bot.workers.greeting import Greeter
from core.dry_run import Trial
from core.messages import Event
from core.store.chat import web
from core.store.staff import switches
from tests.integration.chatting import Browser, client
from tests.integration.crew import Rooms
from tests.integration.test_webchat import upload
from tests.pictures import barcode, written

MANY = 100
OF_A_CONVERSATION = ("contacts", "aliases", "conversations", "sessions", "inbox", "outbox", "steps", "timers")


def written_rows(rooms: Rooms) -> dict[str, int]:
    return {table: rooms.ask(f"select count(*) as n from {table}")[0].n for table in OF_A_CONVERSATION}


def bot_texts(lines: list[dict[str, Any]]) -> list[str]:
    return [line["text"] for line in lines if line["who"] == "bot"]


def after_greeting(browser: Browser) -> list[dict[str, Any]]:
    """What a page hears that shows the greeting."""
    return list(browser.post("messages", after=browser.greeting["cursor"]).get_json()["lines"])


def test_greetings_leave_nothing_of_a_conversation(chatroom: Rooms) -> None:
    visitors = client(chatroom)
    told = [visitors.post("/api/greeting", json={"locale": "es"}).get_json() for _ in range(MANY)]
    assert {answer["pending"] for answer in told} == {False} and {answer["greeting"] for answer in told} != {""}
    assert set(written_rows(chatroom).values()) == {0}
    chatroom.ask("update web_sessions set seen_at = now() - interval '61 minutes' returning 1")
    with chatroom.db.transaction() as tx:
        assert web.purge(tx, keep_s=86_400) == MANY
    assert chatroom.ask("select 1 from web_sessions") == []


def test_the_first_line_brings_its_greeting_and_a_page_that_shows_it_hears_it_no_more(working: Rooms) -> None:
    working.ask("""update desks set settings = settings || '{"opens": "09:00", "closes": "18:00"}' returning 1""")
    browser = Browser(client(working))
    shown = [message["text"] for message in browser.greeting["messages"]]
    assert shown and browser.greeting["stage"] == "menu.waiting"
    assert browser.greeting["language"] == "es" and browser.greeting["presence"]["opens"] == "09:00"
    answered = browser.say("refrigerador")
    assert answered["conversation_id"] == working.ask("select id from conversations")[0].id
    assert not set(bot_texts(after_greeting(browser))) & set(shown)
    whole = browser.post("session/validate").get_json()["session"]["transcript"]
    assert [(line["who"], line["text"]) for line in whole] == [
        *(("bot", text) for text in shown),
        ("user", "refrigerador"),
        *(("bot", message["text"]) for message in answered["messages"]),
    ]
    assert [row.kind for row in working.ask("select kind from inbox order by id")] == ["request_welcome", "text"]


def test_a_button_of_the_greeting_may_be_the_first_line(working: Rooms) -> None:
    browser = Browser(client(working))
    button = next(b for b in browser.greeting["buttons"] if "efri" in b["label"])
    told = browser.post("chat", action="button", value=button["value"], label=button["label"]).get_json()
    assert told["stage"].startswith("refrigerator.")
    notes = [row.note for row in working.ask("select note from steps order by version")]
    assert len(notes) == 2 and "old button" not in notes


def test_what_is_asked_for_before_the_greeting_is_recorded_does_not_bring_it_later(chatroom: Rooms) -> None:
    """Nobody has stepped the welcome when the page asks first; the greeting it shows is not told when somebody has."""
    browser = Browser(client(chatroom, webchat_wait_s=0.01))
    assert browser.say("refrigerador")["pending"]
    told = browser.post("messages", after=browser.greeting["cursor"]).get_json()
    assert [line["who"] for line in told["lines"]] == ["user"]
    chatroom.work()
    later = browser.post("messages", after=told["cursor"]).get_json()["lines"]
    recorded = [row.text for row in chatroom.ask("select text from outbox order by id")]
    shown = [message["text"] for message in browser.greeting["messages"]]
    assert recorded[: len(shown)] == shown and bot_texts(later) == recorded[len(shown) :] != []


def test_two_tabs_that_speak_first_at_once_are_greeted_once(chatroom: Rooms) -> None:
    browser = Browser(client(chatroom, webchat_wait_s=0.01))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: browser.say("hola", messageId=f"tab-{n:08}"), range(4)))
    kinds = [row.kind for row in chatroom.ask("select kind from inbox order by id")]
    assert kinds == ["request_welcome", *["text"] * 4]
    chatroom.work()
    assert [row.version for row in chatroom.ask("select version from steps order by version")][:1] == [1]


@pytest.mark.parametrize(("hour", "words"), [(9, "Buen día"), (15, "Buenas tardes"), (22, "Buenas noches")])
def test_a_reload_shows_the_same_greeting_and_the_transcript_keeps_it_whatever_the_hour(
    working: Rooms, hour: int, words: str
) -> None:
    with working.db.transaction() as tx:
        demo.put(tx)
    browser = Browser(client(working), desk="it-desk", locale="es-AR")
    at = f"(current_date + interval '{hour} hours') at time zone d.timezone"
    working.ask(
        f"update web_sessions w set created_at = {at} from channels c join desks d on d.id = c.desk_id"
        " where c.id = w.channel_id returning 1"
    )
    again = browser.post("session/validate").get_json()["session"]
    assert again["transcript"][0]["text"].startswith(f"¡{words}") and again["stage"] == "help_desk.problem"
    assert written_rows(working)["inbox"] == 0
    browser.say("no tengo internet")
    assert browser.lines()[0][1] == again["transcript"][0]["text"]


def test_the_first_line_may_be_in_another_language_than_the_greeting(working: Rooms) -> None:
    browser = Browser(client(working), locale="es")
    assert "Elige" in browser.greeting["greeting"] or "necesitas" in browser.greeting["greeting"]
    assert browser.say("english please, my fridge is broken")["ok"]
    assert browser.lines()[0] == ("bot", browser.greeting["messages"][0]["text"])


def test_a_photo_may_be_the_first_thing(chatroom: Rooms, tmp_path: Path) -> None:
    browser = Browser(client(chatroom, photos_folder=str(tmp_path)))
    assert upload(browser, written(barcode("4045101"))).status_code == 200
    assert [row.kind for row in chatroom.ask("select kind from inbox order by id")] == ["request_welcome", "image"]


def test_a_desk_that_is_turned_off_says_so_in_its_greeting(chatroom: Rooms) -> None:
    with chatroom.db.transaction() as tx:
        switches.turn_off(tx, "flow", "menu", by="ana")
    greeted = Browser(client(chatroom))
    with chatroom.db.transaction() as tx:
        switches.turn_on(tx, "flow", "menu", by="ana")
    assert greeted.greeting["greeting"] != Browser(client(chatroom)).greeting["greeting"]


def test_a_broken_engine_greets_nobody_and_keeps_nobody_from_writing(
    working: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Trial | None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Greeter, "greet", broken)
    browser = Browser(client(working))
    assert browser.greeting["pending"] and browser.greeting["messages"] == []
    browser.say("refrigerador")
    heard = after_greeting(browser)
    assert [line["who"] for line in heard][:2] == ["bot", "user"], "nothing was shown, so all of it is told"


def test_a_greeting_and_its_record_are_the_same_step(chatroom: Rooms) -> None:
    at = datetime(2026, 12, 1, 15, tzinfo=UTC)
    event = Event("web:x:welcome", "request_welcome", "web", "field-service", content={"shown_at": at.isoformat()})
    greeter = Greeter(chatroom.db, chatroom.settings)
    first, second = greeter.greet(event, at), greeter.greet(event, at)
    assert first is not None and first == second and first.said and first.before == ""
    nowhere = Event("web:x:welcome", "request_welcome", "web", "nowhere")
    assert greeter.greet(nowhere, at) is None


def test_a_session_that_waits_for_its_first_line_ends_after_an_hour(chatroom: Rooms) -> None:
    browser = Browser(client(chatroom))
    chatroom.ask("update web_sessions set seen_at = now() - interval '61 minutes' returning 1")
    with chatroom.db.transaction() as tx:
        assert web.purge(tx, keep_s=86_400) == 1
    assert browser.post("chat", message="hola").status_code == 404
    assert written_rows(chatroom)["inbox"] == 0
