"""The web chat: a browser says something, and the same mind answers through the same inbox and outbox."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.channels.whatsapp.media import WhatsAppMedia
from bot.channels.whatsapp.upload_media import UploadedMedia
from bot.desks import purposes
from bot.errands.media_examine import Examiner
from bot.errands.media_look import Looker
from bot.workers.loop import Loop
from core.store.chat import web
from core.store.files.photos import Folder
from core.store.files.photos_shared import Shared
from tests import businesses
from tests.integration.chatting import ORIGIN, Browser, client
from tests.integration.crew import DESK, Rooms
from tests.integration.errands import media_worker
from tests.pictures import barcode, written
from tests.waiting import until
from webhook.webchat.tickets import Tickets


def test_a_greeting_begins_a_session_and_says_who_answers(working: Rooms) -> None:
    told = client(working).post("/api/greeting", json={}).get_json()
    assert told["ok"] and told["sessionId"].startswith("web-") and told["csrfToken"]
    assert "Servicio" in told["greeting"] and told["buttons"]


def test_a_line_is_answered_in_the_same_request(working: Rooms) -> None:
    browser = Browser(client(working))
    told = browser.say("refrigerador 4045101")
    assert told["ok"] and not told["pending"] and "VR-16" in told["reply"]
    assert told["stage"].startswith("refrigerator.")
    assert [b["label"] for b in told["buttons"]] == told["options"] != []


def test_a_whole_report_is_made_with_buttons_and_words(working: Rooms) -> None:
    browser = Browser(client(working))
    asked = browser.say("refrigerador 4045101")
    yes = asked["buttons"][0]
    browser.post("chat", action="button", value=yes["value"], label=yes["label"])
    browser.say("no enfría desde ayer")
    tickets = working.ask("select kind, status from tickets")
    assert [(t.kind, t.status) for t in tickets] == [("refrigerator", "pending")]


def test_an_answer_names_what_it_answers_and_the_ticket_that_came_of_it(working: Rooms) -> None:
    browser = Browser(client(working))
    asked = browser.say("refrigerador 4045101", messageId="tab1-00000001")
    assert asked["parent_message_id"] == "tab1-00000001" and "ticketId" not in asked
    assert asked["session_id"] == asked["sid"] == browser.id and asked["actor"] == "bot"
    assert asked["message_id"] == asked["messages"][-1]["id"] and asked["allowWhatsapp"] is False
    yes = asked["buttons"][0]
    browser.post("chat", action="button", value=yes["value"], label=yes["label"])
    opened = browser.say("no enfría desde ayer")
    assert opened["ticketId"] == working.ask("select number from tickets")[0].number


def test_a_line_sent_twice_with_its_id_takes_effect_once(working: Rooms) -> None:
    browser = Browser(client(working))
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: browser.say("refrigerador", messageId="tab1-00000001"), range(8)))
    assert len({answer["reply"] for answer in told}) == 1
    assert [text for who, text in browser.lines() if who == "user"] == ["refrigerador"]


def test_nobody_answers_in_time_and_nothing_is_lost(chatroom: Rooms) -> None:
    browser = Browser(client(chatroom, webchat_wait_s=0.05))
    assert not browser.greeting["pending"] and browser.say("refrigerador")["pending"]
    chatroom.work()
    told = browser.post("messages", after="0.0").get_json()
    assert [line["who"] for line in told["lines"]] == ["bot", "user", "bot"]
    assert browser.post("messages", after=told["cursor"]).get_json()["lines"] == []


def test_after_a_reload_everything_said_is_there(working: Rooms) -> None:
    browser = Browser(client(working))
    browser.say("refrigerador")
    whos = [who for who, _ in browser.lines()]
    assert whos[0] == "bot" and "user" in whos and whos[-1] == "bot"


def test_what_a_browser_shows_is_delivered_and_what_was_seen_is_read(working: Rooms) -> None:
    browser = Browser(client(working))
    upto = browser.say("refrigerador")["messages"][-1]["id"]
    browser.post("messages", arrived=upto)
    assert {row.state for row in working.ask("select state from outbox")} == {"delivered"}
    browser.post("messages", read=upto)
    assert {row.state for row in working.ask("select state from outbox")} == {"read"}


def test_nobody_can_mark_what_was_said_to_somebody_else(working: Rooms) -> None:
    mine, theirs = Browser(client(working)), Browser(client(working))
    number, upto = mine.say("hola")["conversation_id"], theirs.say("hola")["messages"][-1]["id"]
    mine.post("messages", read=upto)
    rows = working.ask("select conversation_id, state from outbox")
    assert {(row.conversation_id == number, row.state) for row in rows} == {(True, "read"), (False, "sent")}


def test_answers_of_the_chat_are_never_taken_to_the_platform(working: Rooms) -> None:
    Browser(client(working)).say("hola")
    working.send()
    assert working.carrier.accepted == []


@pytest.mark.parametrize(
    ("told", "status", "error"),
    [
        ({"sessionId": "web-" + "0" * 24, "message": "hola"}, 404, "session_not_found"),
        ({"sessionId": "nonsense", "message": "hola"}, 400, "bad_session"),
        ({"sessionId": ["web-1"], "message": "hola"}, 400, "bad_session"),
        ({"message": "hola"}, 400, "bad_session"),
        ({"sessionId": "web-" + "0" * 24, "message": "x" * 10_001}, 400, "field_too_long"),
        ({"sessionId": "web-" + "0" * 24, "message": " "}, 400, "nothing_said"),
        ({"sessionId": "web-" + "0" * 24, "message": 7}, 400, "nothing_said"),
        ({"sessionId": "web-" + "0" * 24, "images": [{}] * 11}, 400, "field_too_long"),
    ],
)
def test_bad_lines_are_refused_with_a_reason(chatroom: Rooms, told: Any, status: int, error: str) -> None:
    answer = client(chatroom).post("/api/chat", json=told)
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"\xff\xfe", b'"x"', b"[" * 10_000])
def test_what_is_not_a_json_object_is_refused(chatroom: Rooms, body: bytes) -> None:
    answer = client(chatroom).post("/api/chat", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "bad_request")


def test_a_body_beyond_the_limit_is_not_read(chatroom: Rooms) -> None:
    answer = client(chatroom, webchat_max_bytes=2048).post("/api/chat", data=b"x" * 4096)
    assert (answer.status_code, answer.get_json()["error"]) == (413, "payload_too_large")


def test_a_page_needs_the_token_and_curl_does_not(working: Rooms) -> None:
    browser = Browser(client(working))
    assert browser.post("chat", message="hola").status_code == 200
    assert browser.post("chat", message="hola", headers=ORIGIN).status_code == 403
    assert browser.post("chat", message="hola", headers=ORIGIN, csrfToken="x").status_code == 403
    assert browser.post("chat", message="hola", headers=ORIGIN, csrfToken=browser.token).status_code == 200
    assert browser.post("chat", message="hola", headers={**ORIGIN, "X-CSRF-Token": browser.token}).status_code == 200


def test_pages_of_other_sites_may_not_use_the_chat_unless_they_are_listed(working: Rooms) -> None:
    other = {"Origin": "https://shop.example"}
    assert client(working).post("/api/greeting", json={}, headers=other).status_code == 403
    answer = client(working, webchat_origins="https://shop.example").post("/api/greeting", json={}, headers=other)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_a_session_ends_when_it_was_not_used_for_long(working: Rooms) -> None:
    browser = Browser(client(working))
    working.ask("update web_sessions set seen_at = now() - interval '49 hours' returning 1")
    assert browser.post("session/validate").get_json()["valid"] is False
    assert browser.post("chat", message="hola").status_code == 404


def test_whoever_only_opened_the_chat_takes_nobodys_place(chatroom: Rooms) -> None:
    crowded = client(chatroom, webchat_max_users=2, webchat_wait_s=0.01)
    many = [Browser(crowded) for _ in range(6)]
    assert [browser.post("chat", message="hola").status_code for browser in many] == [200, 200, 503, 503, 503, 503]
    assert many[0].post("chat", message="otra vez").status_code == 200, "who is in the chat stays in it"
    assert crowded.post("/api/greeting", json={}).status_code == 503


def test_too_many_people_are_told_when_to_come_again(chatroom: Rooms) -> None:
    crowded = client(chatroom, webchat_max_users=1, webchat_wait_s=0.01)
    Browser(crowded).say("hola")
    answer = crowded.post("/api/greeting", json={})
    told = answer.get_json()
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
    assert (told["error"], told["activeUsers"], told["maxUsers"]) == ("concurrent_user_limit", 1, 1)


@pytest.mark.parametrize(("told", "first"), [({}, "field-service"), ({"chat_first": True}, "it-desk")])
def test_who_names_no_desk_comes_to_the_one_that_takes_them(chatroom: Rooms, told: dict[str, Any], first: str) -> None:
    with chatroom.db.transaction() as tx:
        other = {**DESK["desks"][0], "id": "it-desk", "whatsapp": [], "web": ["it-desk"], "settings": told}
        businesses.put(tx, {"desks": [other]})
        assert web.places(tx)[0].address == first


def test_a_desk_that_is_not_there_is_not_greeted_by_another(chatroom: Rooms) -> None:
    assert client(chatroom).post("/api/greeting", json={"desk": "nowhere"}).status_code == 404


def test_a_full_window_says_when_there_is_room_again(chatroom: Rooms) -> None:
    limited = client(chatroom, limit_greeting="2/minute", webchat_wait_s=0.01)
    codes = [limited.post("/api/greeting", json={}).status_code for _ in range(3)]
    answer = limited.post("/api/greeting", json={})
    assert codes == [200, 200, 429]
    assert answer.get_json()["error"] == "greeting_rate_limit"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60 and answer.headers["RateLimit-Limit"] == "2"


def test_every_limited_answer_says_how_much_is_left_of_its_fullest_window(chatroom: Rooms) -> None:
    limited = client(chatroom, limit_greeting="3/minute;100/hour", limit_ticket="5/minute", webchat_wait_s=0.01)
    answers = [limited.post("/api/greeting", json={}) for _ in range(4)]
    assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["3"] * 4
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert all(1 <= int(answer.headers["RateLimit-Reset"]) <= 60 for answer in answers)
    assert limited.get("/ticket/TKT-00000000?key=x").headers["RateLimit-Remaining"] == "4"
    assert limited.get("/api/ticket/TKT-00000000?key=x").headers["RateLimit-Remaining"] == "3"
    assert "RateLimit-Limit" not in limited.get("/api/health").headers
    for path in ("/ticket/TKT-00000000?key=x", "/api/ticket/TKT-00000000?key=x"):
        refused = [limited.get(path) for _ in range(4)][-1]
        assert refused.status_code == 429 and refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]


def test_limits_are_exact_however_many_ask_at_once(chatroom: Rooms) -> None:
    """Three processes' worth of limiters over one database, all at the same moment."""
    doors = [client(chatroom, limit_chat_session="20/minute", webchat_wait_s=0.01) for _ in range(3)]
    browser = Browser(doors[0])
    gate = threading.Barrier(12)

    def press(number: int) -> int:
        mine = doors[number % 3].application.test_client()  # type: ignore[attr-defined]
        gate.wait()
        sent = [mine.post("/api/chat", json={"sessionId": browser.id, "message": "hola"}) for _ in range(5)]
        return [answer.status_code for answer in sent].count(200)

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(press, range(12))) == 20


def test_only_proxies_we_trust_say_where_somebody_comes_from(chatroom: Rooms) -> None:
    def greet(limited: FlaskClient, said: str) -> int:
        return limited.post("/api/greeting", json={}, headers={"X-Forwarded-For": said}).status_code

    trusting = client(chatroom, limit_greeting="1/minute", proxies=1, webchat_wait_s=0.01)
    assert [greet(trusting, "6.6.6.6, 1.1.1.1"), greet(trusting, "7.7.7.7, 1.1.1.1"), greet(trusting, "2.2.2.2")] == [
        200, 429, 200,
    ]  # fmt: skip
    alone = client(chatroom, limit_greeting="1/minute", webchat_wait_s=0.01)
    assert [greet(alone, "8.8.8.8"), greet(alone, "9.9.9.9")] == [200, 429]


def upload(browser: Browser, photo: bytes, **headers: str) -> Any:
    return browser.client.post(
        "/api/upload-image",
        data={"image": (BytesIO(photo), "photo.jpg")},
        headers={"X-Session-Id": browser.id, **headers},
    )


def test_a_photo_is_accepted_at_once_and_its_result_comes_into_the_chat(working: Rooms, tmp_path: Path) -> None:
    browser = Browser(client(working, photos_folder=str(tmp_path)))
    answer = upload(browser, written(barcode("4045101")))
    assert (answer.status_code, answer.get_json()["queued"]) == (200, True)
    kept = Folder(tmp_path)
    eyes = Examiner(
        working.settings, UploadedMedia(kept, WhatsAppMedia(working.settings)), Looker(working.settings), purposes()
    )
    media = media_worker(working, eyes, kept, working.settings)
    loop = Loop(media)
    loop.start()
    try:
        until(lambda: any("VR-16" in text for _, text in browser.lines()))
    finally:
        loop.stop()
        loop.join()


@pytest.mark.parametrize(
    ("photo", "status", "error"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", 400, "no_image"),
        (b"\x89PNG\r\n\x1a\n" + b"<script>", 400, "no_image"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02", 400, "image_size"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x05\0\0\0\x05\x08\x02", 400, "image_size"),
        (b"\xff\xd8\xff" + b"x" * 6_000, 413, "payload_too_large"),
        (b"", 400, "no_image"),
    ],
)
def test_what_is_no_fit_photo_is_refused(
    chatroom: Rooms, tmp_path: Path, photo: bytes, status: int, error: str
) -> None:
    browser = Browser(client(chatroom, photos_folder=str(tmp_path), upload_bytes=5_000, webchat_wait_s=0.01))
    answer = upload(browser, photo)
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)
    assert list(tmp_path.rglob("*.jpg")) == []


def test_photos_inside_a_message_come_before_its_words(working: Rooms, tmp_path: Path) -> None:
    browser = Browser(client(working, photos_folder=str(tmp_path)))
    shown = {"name": "a.png", "data": "data:image/png;base64," + base64.b64encode(written(barcode("4045101"))).decode()}
    assert browser.say("mi refrigerador", images=[shown])["ok"]
    kinds = [row.kind for row in working.ask("select kind from inbox order by id")]
    assert kinds == ["request_welcome", "image", "text"]


def test_machines_that_share_no_folder_share_photos_in_the_database(chatroom: Rooms) -> None:
    kept = Shared(chatroom.db, grace_s=0)
    name = kept.put(b"photo")
    assert kept.put(b"photo") == name and Shared(chatroom.db).get(name) == b"photo"
    assert kept.sweep(lambda names: []) == 0 and kept.get(name) == b"photo"
    assert kept.sweep(lambda names: names) == 1 and kept.get(name) is None


def test_uploads_have_a_limit_of_their_own(chatroom: Rooms, tmp_path: Path) -> None:
    browser = Browser(client(chatroom, photos_folder=str(tmp_path), webchat_wait_s=0.01, limit_upload="3/minute"))
    codes = [upload(browser, written(barcode("4045101"))).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]


def a_ticket(browser: Browser) -> None:
    asked = browser.say("refrigerador 4045101")
    yes = asked["buttons"][0]
    browser.post("chat", action="button", value=yes["value"], label=yes["label"])
    browser.say("no enfría, escriban a ana@ejemplo.com")


def test_a_public_ticket_opens_for_its_link_only_and_hides_what_is_personal(working: Rooms) -> None:
    page = client(working)
    a_ticket(Browser(page))
    number = working.ask("select number from tickets")[0].number
    link = Tickets(working.db, working.settings).shared(number)
    assert link is not None
    told = page.get(f"/api/ticket/{number}?key={link.key}").get_json()
    assert told["ticketId"] == number and "ana@" not in told["summary"] and "EMAIL_REDACTED" in told["summary"]
    for wrong in (f"{link.key[:-1]}{'A' if link.key[-1] != 'A' else 'B'}", "", "ñ", link.key * 20):
        assert page.get(f"/api/ticket/{number}", query_string={"key": wrong}).status_code == 404
    assert page.get(f"/api/ticket/TKT-00000000?key={link.key}").status_code == 404


def test_a_link_that_is_asked_for_again_lives_no_longer(working: Rooms) -> None:
    a_ticket(Browser(client(working)))
    number = working.ask("select number from tickets")[0].number
    tickets = Tickets(working.db, working.settings)
    first = tickets.shared(number)
    working.ask("update ticket_links set expires_at = expires_at - interval '1 hour' returning 1")
    again = tickets.shared(number)
    assert first and again and again.key == first.key and again.expires_at < first.expires_at


def test_a_link_that_is_over_opens_nothing_and_a_new_one_has_another_key(working: Rooms) -> None:
    page = client(working)
    a_ticket(Browser(page))
    number = working.ask("select number from tickets")[0].number
    tickets = Tickets(working.db, working.settings)
    first = tickets.shared(number)
    working.ask("update ticket_links set expires_at = now() - interval '1 second' returning 1")
    assert first and page.get(f"/api/ticket/{number}?key={first.key}").status_code == 404
    second = tickets.shared(number)
    assert second and second.key != first.key
    assert page.get(f"/ticket/{number}?key={second.key}").status_code == 200


def test_the_public_page_is_inert_whatever_the_ticket_says(working: Rooms) -> None:
    page = client(working)
    a_ticket(Browser(page))
    number = working.ask("update tickets set summary = '<script>alert(1)</script>' returning number")[0].number
    link = Tickets(working.db, working.settings).shared(number)
    assert link is not None
    answer = page.get(f"/ticket/{number}?key={link.key}")
    assert b"<script" not in answer.data and b"&lt;script&gt;" in answer.data
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
