"""Health and figures in JSON: what they promise to those who watch, and to whom they are closed."""

from __future__ import annotations

from typing import Any

import pytest

from core import telemetry
from core.bell import Bell
from core.heartbeat import Heartbeat
from core.store.db import Database
from tests.acceptance.forks import free_port
from tests.integration.chatting import Browser, client
from tests.integration.crew import SETTINGS, Rooms
from webhook import create_app, webchat
from webhook.door import Door
from webhook.meta import Meta
from webhook.webchat import page, public

TOKEN = {"log_token": "a token"}
SHOWN = {"Authorization": "Bearer a token"}


def secret(settings: dict[str, str]) -> dict[str, Any]:
    """Settings as they are after they were read."""
    return {name: getattr(SETTINGS.model_validate(settings), name) for name in settings}


@pytest.mark.parametrize("path", ["/api/health", "/api/healthz"])
def test_health_says_what_works_how_long_and_how_much(chatroom: Rooms, path: str) -> None:
    visitor = client(chatroom, webchat_wait_s=0.01)
    Browser(visitor).say("hola")
    Browser(visitor)
    answer = visitor.get(path)
    told = answer.get_json()
    assert (answer.status_code, told["ok"], told["status"]) == (200, True, "degraded"), "nobody works yet"
    assert told["services"] == {"database": "ok", "workers": "none", "openai": "off", "photos": "folder"}
    assert told["stats"]["activeSessions"] == 1 and told["stats"]["totalMessages"] >= 1
    assert told["uptime"] > 0 and told["memory"]["rssBytes"] > 10_000_000


def test_with_workers_it_is_healthy(chatroom: Rooms) -> None:
    Heartbeat(chatroom.db, "workers", ["conversation"], every_s=5).beat()
    told = client(chatroom).get("/api/health").get_json()
    assert (told["status"], told["services"]["workers"]) == ("healthy", "ok")


def test_without_its_database_it_is_unhealthy_and_says_so_with_503() -> None:
    away = Database(f"postgresql://postgres@127.0.0.1:{free_port()}/nowhere")
    door = Door(away, Bell(away.url))
    app = create_app(Meta(door, SETTINGS), away, SETTINGS)
    app.register_blueprint(webchat.blueprint(webchat.open_chat(away, door, SETTINGS)))
    answer = app.test_client().get("/api/health")
    told = answer.get_json()
    assert (answer.status_code, told["ok"], told["status"]) == (503, False, "unhealthy")
    assert told["services"]["database"] == "the database does not answer"


def test_figures_tell_what_was_said_reported_and_shown(working: Rooms, tmp_path: Any) -> None:
    visitor = client(working, photos_folder=str(tmp_path), **secret(TOKEN))
    browser = Browser(visitor)
    asked = browser.say("refrigerador 4045101")
    yes = asked["buttons"][0]
    browser.post("chat", action="button", value=yes["value"], label=yes["label"])
    browser.say("no enfría desde ayer")
    working.ask("insert into errands (conversation_id, event_id, service, what, key, state, finished_at)"
                " select id, 0, 'photo', 'x', 'x', 'done', now() + interval '2 seconds' from conversations returning 1")  # fmt: skip
    told = visitor.get("/api/metrics", headers=SHOWN).get_json()
    assert told["chat"] == {"totalMessages": 3, "activeSessions": 1, "sessions": 1}
    assert told["tickets"] == {"total": 1, "pending": 1}
    assert (told["uploads"]["total"], told["uploads"]["success"], told["uploads"]["avgAnalysisTime"]) == (1, 1, 2.0)
    assert told["openai"] == {"requests": 0, "failures": 0, "vision": 0, "voice": 0}
    assert told["errors"]["deadLetters"] == 0 and told["errors"]["lastAt"] is None
    assert told["storage"]["databaseBytes"] > 1_000_000 and told["memory"]["rssBytes"] > 0


def test_questions_to_the_ai_are_counted_and_those_it_did_not_answer(working: Rooms) -> None:
    Browser(client(working)).say("hola")
    working.ask("update steps set reading = reading || %(r)s returning 1", r='{"operation":"term","why":"timeout"}')
    working.ask("insert into steps select conversation_id, version + 1000, event_id, from_flow, from_state, to_flow,"
                " to_state, trigger, origin, reading || '{\"why\":\"\",\"source\":\"ai\"}' from steps limit 1 returning 1")  # fmt: skip
    known = client(working, **secret(TOKEN)).get("/api/metrics", headers=SHOWN).get_json()["openai"]
    failed = working.ask("select count(*) as n from steps where reading ->> 'source' = 'rules'")[0].n
    assert (known["requests"], known["failures"]) == (failed + 1, failed) and failed > 0


@pytest.mark.parametrize("why", ["breaker_open", "busy"])
def test_a_question_that_was_refused_was_not_asked(working: Rooms, why: str) -> None:
    Browser(client(working)).say("hola")
    working.ask("update steps set reading = reading || %(r)s returning 1", r=f'{{"operation":"term","why":"{why}"}}')
    known = client(working, **secret(TOKEN)).get("/api/metrics", headers=SHOWN).get_json()["openai"]
    assert (known["requests"], known["failures"]) == (0, 0)


def test_photos_and_voice_notes_shown_to_the_ai_are_counted(working: Rooms) -> None:
    Browser(client(working)).say("hola")
    for n, source in enumerate(["vision", "vision", "voice", "barcode"]):
        working.ask("insert into inbox (channel_id, external_id, kind, content, state, finished_at) select id, %(name)s,"
                    " 'media_result', jsonb_build_object('source', %(source)s::text), 'done', now()"
                    " from channels where kind = 'web' limit 1 returning 1", name=f"media:{n}", source=source)  # fmt: skip
    known = client(working, **secret(TOKEN)).get("/api/metrics", headers=SHOWN).get_json()["openai"]
    assert (known["vision"], known["voice"]) == (2, 1)


@pytest.mark.parametrize("breaker", ["ai", "ai:vision", "ai:voice"])
def test_health_says_that_the_ai_rests(chatroom: Rooms, breaker: str) -> None:
    Heartbeat(chatroom.db, "workers", ["conversation"], every_s=5).beat()
    chatroom.ask(
        "update heartbeats set breakers = jsonb_build_object(%(name)s::text, 'open') returning 1", name=breaker
    )
    told = client(chatroom, **secret({"openai_api_key": "a key"}), smart_mode=True).get("/api/health").get_json()
    assert told["services"]["openai"] == "resting"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (SHOWN, 200),
        ({"X-Log-Token": "a token"}, 200),
        ({"Authorization": "Bearer another"}, 403),
        ({"X-Log-Token": ""}, 403),
        ({}, 403),
    ],
)
def test_figures_open_to_who_shows_the_token(chatroom: Rooms, headers: dict[str, str], status: int) -> None:
    assert client(chatroom, **secret(TOKEN)).get("/api/metrics", headers=headers).status_code == status


def test_the_token_in_the_address_does_not_open_the_figures(chatroom: Rooms) -> None:
    assert client(chatroom, **secret(TOKEN)).get("/api/metrics?token=a+token").status_code == 403


@pytest.mark.parametrize("path", ["/chat/", "/ticket/TKT-00000000?key=x"])
def test_a_page_without_its_database_says_when_to_come_again(path: str) -> None:
    away = Database(f"postgresql://postgres@127.0.0.1:{free_port()}/nowhere")
    door = Door(away, Bell(away.url))
    app = create_app(Meta(door, SETTINGS), away, SETTINGS)
    chat = webchat.open_chat(away, door, SETTINGS)
    app.register_blueprint(page.blueprint(away, SETTINGS))
    app.register_blueprint(public.blueprint(chat))
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_every_call_of_the_chat_is_timed_by_its_route_and_how_it_ended(chatroom: Rooms) -> None:
    def counted(call: str, status: str) -> float:
        name = f'turno_chat_seconds_count{{call="{call}",status="{status}"}} '
        found = [line for line in telemetry.exposition().decode().splitlines() if line.startswith(name)]
        return float(found[0].removeprefix(name)) if found else 0.0

    calls = (("greeting", "2xx"), ("say", "4xx"), ("health", "2xx"))
    before = [counted(*call) for call in calls]
    visitor = client(chatroom, webchat_wait_s=0.01)
    visitor.post("/api/greeting", json={})
    visitor.post("/api/chat", json={"sessionId": "web-" + "0" * 24, "message": "hola"})
    visitor.get("/api/health")
    assert [counted(*call) - was for call, was in zip(calls, before, strict=True)] == [1, 1, 1]
