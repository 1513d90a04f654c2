"""What the simulator posts to the webhook."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.wire import whatsapp
from simulator import samples
from simulator.people import bsuid_of
from tests.unit.simulator.stage import LUCIA, NUMBER, SECRET, Simulated

NOA = "MX.71550000000000000003"


def test_every_post_is_signed_over_its_bytes_and_escaped_as_meta_does(simulated: Simulated) -> None:
    simulated.say(text="Está tibio: a/b @ñ 🧊")
    signature, body = simulated.business.wait("posts", 1)[0]
    whatsapp.verify(body, signature=signature, secret=SECRET.encode())
    assert body.isascii() and b"\\/b \\u0040" in body
    assert whatsapp.parse(body).events[0].text == "Está tibio: a/b @ñ 🧊"


def test_a_message_names_its_sender_by_phone_and_by_user_id(simulated: Simulated) -> None:
    bubble = simulated.say(text="Hola")
    value = simulated.business.wait("values", 1)[0]
    assert value["metadata"] == {"display_phone_number": "15550100001", "phone_number_id": NUMBER}
    assert value["contacts"][0] == {"profile": {"name": "Lucía Ferrer"}, "user_id": bsuid_of(LUCIA), "wa_id": LUCIA}
    message = value["messages"][0]
    assert (message["id"], message["from"], message["from_user_id"]) == (bubble["id"], LUCIA, bsuid_of(LUCIA))
    assert message["timestamp"].isdigit()


def test_a_customer_with_a_hidden_number_is_known_by_user_id_alone(simulated: Simulated) -> None:
    simulated.say(NOA)
    value = simulated.business.wait("values", 1)[0]
    assert value["messages"][0]["from_user_id"] == NOA and "from" not in value["messages"][0]
    assert "wa_id" not in value["contacts"][0] and value["contacts"][0]["profile"]["username"]


@pytest.mark.parametrize(
    ("said", "kind", "content"),
    [
        ({"kind": "button", "id": "yes", "title": "Sí"}, "choice", {"id": "yes", "title": "Sí", "source": "button"}),
        ({"kind": "list", "id": "r1", "title": "Uno"}, "choice", {"id": "r1", "title": "Uno", "source": "list"}),
        ({"kind": "template_button", "id": "p", "title": "Sí"}, "choice", {"id": "p", "source": "template"}),
        ({"kind": "location", "latitude": 19.0, "longitude": -98.2, "name": "Aquí"}, "location", {"latitude": 19.0}),
        ({"kind": "reaction", "message_id": "wamid.x", "emoji": "👍"}, "reaction", {"emoji": "👍"}),
        ({"kind": "reaction", "message_id": "wamid.x", "emoji": ""}, "reaction", {"emoji": ""}),
        ({"kind": "contacts", "name": "Ana", "phone": "+5215550000009"}, "contacts", {}),
        ({"kind": "unsupported"}, "unsupported", {}),
        ({"kind": "raw", "item": {"type": "request_welcome"}}, "request_welcome", {}),
    ],
)
def test_each_kind_is_read_by_the_door(simulated: Simulated, said: dict[str, Any], kind: str, content: Any) -> None:
    simulated.say(**said)
    event = whatsapp.parse(simulated.business.wait("posts", 1)[0][1]).events[0]
    assert event.kind == kind
    assert content.items() <= dict(event.content).items()


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "sticker"])
def test_each_kind_of_file_is_read_by_the_door(simulated: Simulated, kind: str) -> None:
    file = simulated.exchange.media.keep(samples.voice(), "audio/wav")
    simulated.say(kind=kind, media_id=file.id)
    event = whatsapp.parse(simulated.business.wait("posts", 1)[0][1]).events[0]
    assert (event.kind, event.content["media_id"]) == (kind, file.id)


def test_statuses_come_in_order_with_the_callback_id_and_the_price_on_sent(simulated: Simulated) -> None:
    wamid = simulated.send(biz_opaque_callback_data="4711").json()["messages"][0]["id"]
    sent, delivered = simulated.business.wait("statuses", 2)
    assert [sent["status"], delivered["status"]] == ["sent", "delivered"]
    for status in (sent, delivered):
        assert (status["id"], status["biz_opaque_callback_data"]) == (wamid, "4711")
        assert (status["recipient_id"], status["recipient_user_id"]) == (LUCIA, bsuid_of(LUCIA))
    assert sent["pricing"]["category"] == "service" and "pricing" not in delivered


def test_statuses_carry_no_callback_id_when_none_was_given(simulated: Simulated) -> None:
    simulated.send()
    assert not any("biz_opaque_callback_data" in status for status in simulated.business.wait("statuses", 2))


def test_opening_the_chat_reports_what_was_unread_as_read_once(simulated: Simulated) -> None:
    simulated.send(biz_opaque_callback_data="1")
    simulated.send(biz_opaque_callback_data="2")
    assert simulated.ask(f"customers/{LUCIA}/read", {"number": NUMBER}) == {"read": 2}
    assert simulated.ask(f"customers/{LUCIA}/read", {"number": NUMBER}) == {"read": 0}
    read = [s for s in simulated.business.wait("statuses", 6) if s["status"] == "read"]
    assert [status["biz_opaque_callback_data"] for status in read] == ["1", "2"]


def test_a_webhook_that_is_not_taken_comes_again_and_those_behind_it_wait(simulated: Simulated) -> None:
    simulated.business.answers = [503, 500, 204]
    first, second = simulated.say(text="uno")["id"], simulated.say(text="dos")["id"]
    came = [message["id"] for message in simulated.business.wait("messages", 5)]
    assert came == [first] * 4 + [second]
    simulated.wait_change("tick", id=second, tick="delivered")


def test_a_customers_messages_arrive_in_the_order_they_were_said(simulated: Simulated) -> None:
    said = [simulated.say(text=str(n))["id"] for n in range(40)]
    assert [message["id"] for message in simulated.business.wait("messages", 40)] == said


def test_a_message_may_be_sent_again_under_its_own_id_and_time(simulated: Simulated) -> None:
    for _ in range(2):
        simulated.say(wamid="wamid.SAME", timestamp="1700000000")
    assert [(m["id"], m["timestamp"]) for m in simulated.business.wait("messages", 2)] == [
        ("wamid.SAME", "1700000000")
    ] * 2


def test_an_answer_to_a_bubble_names_it(simulated: Simulated) -> None:
    wamid = simulated.send().json()["messages"][0]["id"]
    simulated.say(kind="button", id="a", title="A", reply_to=wamid)
    assert simulated.business.wait("messages", 1)[0]["context"] == {"from": "15550100001", "id": wamid}


def test_the_event_stream_tells_what_happened(simulated: Simulated) -> None:
    stream = simulated.http.request(
        "GET",
        f"{simulated.url}/simulator/events?after=0",
        headers={"Accept": "text/event-stream"},
        preload_content=False,
    )
    simulated.say(text="¿Me oyes?")
    for line in iter(stream.readline, b""):
        if line.startswith(b"data: ") and (change := json.loads(line[6:]))["event"] == "bubble":
            break
    assert change["bubble"]["text"] == "¿Me oyes?"
    stream.close()
