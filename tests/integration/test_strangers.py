"""What strangers may ask of the web side, and how often: never a 500, never another's data, never without end."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from core.store.db import Database
from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import SETTINGS, Rooms
from tests.integration.staff import account
from webhook import create_app
from webhook.meta import Meta

TOKEN = {"log_token": SETTINGS.model_validate({"log_token": "a token"}).log_token}
SHOWN = {"Authorization": "Bearer a token"}
STAFF = "ops@turno.example"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/ticket/%00", {}),
        ("/ticket/TKT-1?key=%00", {}),
        ("/api/ticket/%00", {}),
        ("/api/tickets?desk=%00", SHOWN),
        ("/api/flow-audit?hours=nan", SHOWN),
        ("/api/flow-audit?hours=inf", SHOWN),
    ],
)
def test_nul_and_nan_are_400(chatroom: Rooms, path: str, headers: dict[str, str]) -> None:
    assert client(chatroom, **TOKEN).get(path, headers=headers).status_code == 400


def test_nul_in_a_body_is_400(chatroom: Rooms) -> None:
    assert client(chatroom).post("/api/greeting", json={"desk": "\0"}).status_code == 400


@pytest.mark.parametrize("path", ["/chat", "/admin"])
def test_a_redirect_names_no_host(chatroom: Rooms, path: str) -> None:
    app = create_app(Meta(chatroom.door, SETTINGS), chatroom.db, SETTINGS)
    app.add_url_rule(f"{path}/", view_func=lambda: "here", endpoint="here")
    answer = app.test_client().get(f"{path}?desk=it", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{path}/?desk=it")


def test_a_session_in_an_address_opens_nothing(working: Rooms) -> None:
    browser = Browser(client(working))
    assert browser.client.get(f"/api/messages?sessionId={browser.id}").status_code == 400
    found = browser.client.get("/api/messages?after=0.0", headers=browser.own)
    assert found.status_code == 200 and found.get_json()["lines"]


def test_nobody_is_made_to_begin_a_chat_by_an_image(chatroom: Rooms) -> None:
    assert client(chatroom).get("/api/greeting").status_code == 405
    assert chatroom.ask("select 1 from web_sessions") == []


@pytest.mark.parametrize(
    "call",
    [
        lambda visitor: visitor.post("/api/chat", data=b"{"),
        lambda visitor: visitor.post("/api/session/validate", json={"sessionId": "web-" + "0" * 24}),
        lambda visitor: visitor.get("/api/messages", headers={"X-Session-Id": "web-" + "0" * 24}),
        lambda visitor: visitor.post("/api/greeting", data=b"x" * 100_000),
    ],
    ids=["malformed", "made_up", "made_up_in_header", "large"],
)
def test_what_is_refused_counts(chatroom: Rooms, call: Any) -> None:
    visitor = client(chatroom, limit_refused="3/minute", **TOKEN)
    codes = [call(visitor).status_code for _ in range(6)]
    assert 429 not in codes[:3] and codes[3:] == [429] * 3
    refused = visitor.get("/api/messages")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0


def test_addresses_of_one_network_share_a_limit(chatroom: Rooms) -> None:
    visitor = client(chatroom, proxies=1, limit_greeting="3/minute", webchat_wait_s=0.01)

    def begin(address: str) -> int:
        return int(visitor.post("/api/greeting", json={}, headers={"X-Forwarded-For": address}).status_code)

    assert [begin(f"2001:db8::{n}") for n in range(1, 6)] == [200, 200, 200, 429, 429]
    assert begin("2001:db8:0:1::1") == 200


@pytest.mark.parametrize("path", ["greeting", "chat", "messages", "reset", "session/validate", "whatsapp-ticket"])
def test_what_carries_no_photo_is_small_and_not_even_read(chatroom: Rooms, path: str) -> None:
    class Untouched(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("read before its size was looked at")

    answer = client(chatroom).post(
        f"/api/{path}", input_stream=Untouched(), environ_overrides={"CONTENT_LENGTH": "65537"}
    )
    assert answer.status_code in (400, 413)


def test_uploads_are_limited_by_address_over_all_its_chats(working: Rooms) -> None:
    visitor = client(working, limit_upload_address="2/minute")

    def show(browser: Browser) -> int:
        return int(visitor.post("/api/upload-image", data={}, headers=browser.own).status_code)

    assert [show(Browser(visitor)) for _ in range(4)] == [400, 400, 429, 429]


def test_the_file_about_oneself_names_no_staff_and_no_key(working: Rooms) -> None:
    account(working.db, STAFF)
    browser = Browser(client(working))
    browser.say("hola")
    working.ask("update sessions set agent = %(by)s returning 1", by=STAFF.upper())
    working.ask("update outbox set content = jsonb_build_object('by', %(by)s::text) returning 1", by=STAFF)
    told = browser.client.get(f"/api/gdpr/my-data/{browser.id}", headers=browser.own).data
    with zipfile.ZipFile(io.BytesIO(told)) as zipped:
        whole = "\n".join(zipped.read(name).decode() for name in zipped.namelist())
        known = [json.loads(line) for line in zipped.read("data/web_sessions.jsonl").splitlines()]
        [alias] = [json.loads(line) for line in zipped.read("data/aliases.jsonl").splitlines()]
    assert STAFF not in whole.lower() and '"staff"' in whole
    assert known and not any({"secret_hash", "csrf_token"} & row.keys() for row in known)
    assert "value" not in alias


def test_the_file_about_oneself_is_limited_and_noted_once_an_hour(working: Rooms) -> None:
    browser = Browser(client(working))
    browser.say("hola")
    path = f"/api/gdpr/my-data/{browser.id}"
    assert [browser.client.get(path, headers=browser.own).status_code for _ in range(5)] == [200] * 3 + [429] * 2
    assert working.ask("select count(*) as n from audit where did = 'exported a person'")[0].n == 1
    erase = f"/api/gdpr/delete-me/{browser.id}"
    codes = [browser.client.delete(erase, headers=browser.own).status_code for _ in range(4)]
    assert codes == [503, 503, 503, 429], "who took the file may still erase; here, no ERASURE_SECRET is set"


@pytest.mark.parametrize("call", ["transcript", "transcript-json", "historial"])
def test_transcripts_are_limited_for_their_owner_and_not_for_who_holds_the_token(working: Rooms, call: str) -> None:
    browser = Browser(client(working, limit_transcript="2/minute", **TOKEN))
    path = f"/api/{call}/{browser.id}"
    assert [browser.client.get(path, headers=browser.own).status_code for _ in range(3)] == [200, 200, 429]
    assert browser.client.get(path, headers=SHOWN).status_code == 200


def test_a_forged_form_is_refused_as_before(working: Rooms, db: Database) -> None:
    assert Browser(client(working)).post("chat", headers=ORIGIN, message="hola").status_code == 403
