"""The Graph API double answers as Meta does."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator import samples
from tests.unit.simulator.stage import LUCIA, NUMBER, TOKEN, Simulated


def _button(id: str, title: str) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": id, "title": title}}


def _buttons(*buttons: dict[str, Any], text: str = "¿Sí?") -> dict[str, Any]:
    interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": list(buttons)}}
    return {"type": "interactive", "interactive": interactive}


def _list(*sections: dict[str, Any], button: str = "Ver") -> dict[str, Any]:
    interactive = {"type": "list", "body": {"text": "?"}, "action": {"button": button, "sections": list(sections)}}
    return {"type": "interactive", "interactive": interactive}


def _rows(count: int, start: int = 0) -> dict[str, Any]:
    return {"title": f"S{start}", "rows": [{"id": f"r{i}", "title": f"R{i}"} for i in range(start, start + count)]}


def test_an_accepted_send_names_the_recipient_and_the_message(simulated: Simulated) -> None:
    answer = simulated.send(to="+52 1 555 000 0001")
    assert answer.status == 200
    body = answer.json()
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": "+52 1 555 000 0001", "wa_id": LUCIA}]
    assert LUCIA.encode() in b64decode(body["messages"][0]["id"].removeprefix("wamid."))


def test_a_send_to_a_user_id_never_tells_the_phone_number(simulated: Simulated) -> None:
    user_id = simulated.exchange.world.customer(LUCIA).user_id
    body = simulated.send(to=None, recipient=user_id).json()
    assert body["contacts"] == [{"input": user_id, "user_id": user_id}]
    assert simulated.chat()[0]["text"] == "Hola"
    for status in simulated.business.wait("statuses", 2):
        assert status["recipient_user_id"] == user_id and "recipient_id" not in status


@pytest.mark.parametrize("token", ["", "another", "the access tokén"])
def test_a_wrong_token_is_refused_with_190(simulated: Simulated, token: str) -> None:
    answer = simulated.graph(f"{NUMBER}/messages", {}, token=token.encode().decode("latin-1"))
    assert answer.status == 401
    error = answer.json()["error"]
    assert error["code"] == 190 and error["type"] == "OAuthException" and error["fbtrace_id"]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (100, {"messaging_product": "telegram"}),
        (100, {"to": None}),
        (100, {"to": None, "recipient": "nobody"}),
        (100, {"type": "poll"}),
        (100, {"type": "text"}),
        (131009, {"to": "12"}),
        (131008, {"type": "text", "text": {"body": " "}}),
        (131009, {"type": "text", "text": {"body": "x" * 4097}}),
        (131009, {"biz_opaque_callback_data": "x" * 513}),
        (131009, _buttons(_button("a", "x" * 21))),
        (131009, _buttons(_button("a", "A"), _button("a", "B"))),
        (131009, _buttons(_button(" a", "A"))),
        (131009, _buttons(*(_button(str(n), str(n)) for n in range(4)))),
        (131009, _buttons(_button("a", "A"), text="x" * 1025)),
        (131009, _list(_rows(10), _rows(1, 10))),
        (131009, _list(_rows(1), button="x" * 21)),
        (131009, _list({"title": "S", "rows": [{"id": "a", "title": "x" * 25}]})),
        (131008, {"type": "image", "image": {}}),
        (131008, {"type": "image", "image": {"id": "1", "link": "http://x"}}),
        (131008, {"type": "template", "template": {"language": {"code": "es"}}}),
    ],
)
def test_what_meta_would_not_take_is_refused_in_its_words(
    simulated: Simulated, code: int, body: dict[str, Any]
) -> None:
    answer = simulated.send(**body)
    assert answer.status == 400
    error = answer.json()["error"]
    assert error["code"] == code and error["error_data"]["details"] and str(code) in error["message"]
    assert simulated.ask("accepted")["count"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"type": "text", "text": {"body": "x" * 4096}},
        _buttons(*(_button("x" * 255 + str(n), str(n) * 20) for n in range(3)), text="x" * 1024),
        _list(_rows(5), _rows(5, 5), button="x" * 20),
        {
            "type": "interactive",
            "interactive": {
                "type": "location_request_message",
                "body": {"text": "?"},
                "action": {"name": "send_location"},
            },
        },
        {"type": "template", "template": {"name": "turno_news", "language": {"code": "es_MX"}}},
        {"type": "image", "image": {"link": "https://example.org/a.png", "caption": "x"}},
        {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}},
    ],
)
def test_what_is_at_the_limit_is_taken(simulated: Simulated, body: dict[str, Any]) -> None:
    assert simulated.send(**body).status == 200
    assert simulated.ask("accepted")["accepted"][0]["type"] == body["type"]


def test_a_body_that_is_no_json_object_is_refused(simulated: Simulated) -> None:
    assert simulated.graph(f"{NUMBER}/messages", [1]).json()["error"]["code"] == 100


def test_a_read_mark_turns_the_ticks_blue_up_to_that_message_and_typing_shows(simulated: Simulated) -> None:
    first, second, third = (simulated.say(text=text)["id"] for text in "abc")
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": second,
        "typing_indicator": {"type": "text"},
    }
    assert simulated.graph(f"{NUMBER}/messages", mark).json() == {"success": True}
    ticks = {bubble["id"]: bubble["tick"] for bubble in simulated.chat()}
    assert ticks[first] == ticks[second] == "read" != ticks[third]
    assert simulated.wait_change("typing")["customer"] == LUCIA
    assert simulated.ask("accepted")["count"] == 0


def test_a_read_mark_for_no_message_is_refused(simulated: Simulated) -> None:
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "nothing"}
    assert simulated.graph(f"{NUMBER}/messages", mark).json()["error"]["code"] == 131009


def test_media_of_a_customer_is_looked_up_and_downloaded_with_the_token(simulated: Simulated) -> None:
    sent = simulated.exchange.media.keep(samples.photo(), "image/png")
    simulated.say(kind="image", media_id=sent.id, caption="mira", text="")
    told = simulated.business.wait("messages", 1)[0]["image"]
    found = simulated.graph(told["id"], method="GET").json()
    assert found["mime_type"] == "image/png" and found["file_size"] == len(samples.photo())
    assert found["sha256"] == b64decode(told["sha256"]).hex() == hashlib.sha256(samples.photo()).hexdigest()
    good = simulated.http.request("GET", found["url"], headers={"Authorization": f"Bearer {TOKEN}"})
    assert good.data == samples.photo()
    assert simulated.http.request("GET", found["url"]).status == 401
    stale = found["url"][:-1] + ("a" if found["url"][-1] != "a" else "b")
    assert simulated.http.request("GET", stale, headers={"Authorization": f"Bearer {TOKEN}"}).status == 404


def test_media_of_the_business_is_uploaded_and_shown(simulated: Simulated) -> None:
    fields: dict[str, str | tuple[str, bytes, str]] = {
        "messaging_product": "whatsapp",
        "type": "image/png",
        "file": ("a.png", samples.photo(), "image/png"),
    }
    answer = simulated.http.request(
        "POST",
        f"{simulated.url}/graph/v26.0/{NUMBER}/media",
        fields=fields,
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    uploaded = answer.json()["id"]
    assert simulated.send(type="image", image={"id": uploaded}).status == 200
    shown = simulated.http.request("GET", simulated.url + simulated.chat()[0]["media"]["url"])
    assert shown.data == samples.photo()


def test_sixty_four_kept_connections_are_served_at_once_and_each_send_counts_once(simulated: Simulated) -> None:
    with ThreadPoolExecutor(64) as many:
        answers = list(many.map(lambda n: simulated.send(to=f"52155500{n:05d}").status, range(640)))
    assert answers == [200] * 640
    accepted = simulated.ask("accepted")["accepted"]
    assert len({entry["id"] for entry in accepted}) == len({entry["to"] for entry in accepted}) == 640
