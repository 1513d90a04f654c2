"""The carrier against a real HTTP server on this machine, on its good and its bad days."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.channels.whatsapp.carrier import WhatsAppCarrier
from core.breaker import BreakerOpen
from core.errors import OutsideWindow, Rejected, Suspended, Throttled, Undecided, Unreachable
from core.messages import say
from core.settings import Settings
from core.wire.whatsapp_identity import identity
from tests.integration.talking_server import ACCEPTED, Graph, answer, saying

NUMBER = "100000000000001"


ANA = identity(wa_id="5215512345678")


TOKEN = "EAAsecret"


CERTIFICATE = Path(__file__).with_name("localhost.pem")


@pytest.fixture
def graph() -> Iterator[Graph]:
    server = Graph()
    yield server
    server.stop()


def carrier_to(url: str, **more: Any) -> WhatsAppCarrier:
    given = {"send_timeout_s": 5.0, "breaker_failures": 50, "whatsapp_access_token": TOKEN, **more}
    return WhatsAppCarrier(Settings.model_validate({"graph_api_url": url, **given}))


@pytest.fixture
def carrier(graph: Graph) -> Iterator[WhatsAppCarrier]:
    with closing(carrier_to(graph.url)) as one:
        yield one


def send(carrier: WhatsAppCarrier, address: str = NUMBER) -> str:
    return carrier.send(address, say("Hola, ¿qué tal? 😀"), ANA, "4711", "wamid.ASKED")


def test_what_is_accepted_has_a_wamid(graph: Graph, carrier: WhatsAppCarrier) -> None:
    assert send(carrier) == "wamid.X"
    ((first, headers, body),) = graph.requests
    assert first == f"POST /graph/v26.0/{NUMBER}/messages HTTP/1.1"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Host"] == f"127.0.0.1:{graph.port}"
    assert body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+5215512345678",
        "context": {"message_id": "wamid.ASKED"},
        "type": "text",
        "text": {"body": "Hola, ¿qué tal? 😀"},
        "biz_opaque_callback_data": "4711",
    }


def test_one_connection_carries_many_sends(graph: Graph, carrier: WhatsAppCarrier) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%b\r\n0\r\n\r\n" % (
        len(body := b'{"messages":[{"id":"wamid.C"}]}'),
        body,
    )
    graph.talks = [saying(ACCEPTED), saying(chunked), saying(answer(500, b"oops")), saying(ACCEPTED)]
    assert [send(carrier), send(carrier)] == ["wamid.X", "wamid.C"]
    with pytest.raises(Undecided):
        send(carrier)
    assert send(carrier) == "wamid.X"
    assert graph.connections == 1


def test_a_connection_that_was_closed_while_it_rested_is_replaced(graph: Graph, carrier: WhatsAppCarrier) -> None:
    closed = threading.Event()

    def close_after(peer: socket.socket, _: Any) -> None:
        peer.sendall(ACCEPTED)
        peer.shutdown(socket.SHUT_RDWR)
        closed.set()

    graph.talks = [close_after, saying(ACCEPTED)]
    send(carrier)
    assert closed.wait(10)
    assert send(carrier) == "wamid.X"
    assert graph.connections == 2


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (answer(400, {"error": {"code": 131056, "message": "x"}}), Throttled),
        (answer(429, b""), Throttled),
        (answer(500, {"error": {"code": 131016, "message": "x"}}), Unreachable),
        (answer(401, {"error": {"code": 190, "message": "x"}}), Suspended),
        (answer(400, {"error": {"code": 131047, "message": "x"}}), OutsideWindow),
        (answer(400, {"error": {"code": 131026, "message": "x"}}), Rejected),
        (answer(502, b"<html>"), Undecided),
        (answer(200, b"{}"), Undecided),
        (b"not HTTP at all\r\n\r\n", Undecided),
    ],
)
def test_each_refusal_is_told_by_its_class(
    graph: Graph, carrier: WhatsAppCarrier, said: bytes, error: type[Exception]
) -> None:
    graph.talks = [saying(said)]
    with pytest.raises(error) as told:
        send(carrier)
    assert type(told.value) is error


def test_a_connection_refused_means_that_nothing_was_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with closing(carrier_to(f"http://127.0.0.1:{port}")) as carrier, pytest.raises(Unreachable):
        send(carrier)


def test_a_name_that_does_not_exist_means_that_nothing_was_sent() -> None:
    with closing(carrier_to("http://graph.invalid")) as carrier, pytest.raises(Unreachable):
        send(carrier)


def test_a_reset_after_sending_began_leaves_it_undecided(graph: Graph, carrier: WhatsAppCarrier) -> None:
    graph.talks = [lambda peer, _: peer.close()]
    with pytest.raises(Undecided):
        send(carrier)
    assert len(graph.requests) == 1, "it must not be repeated blindly"


def test_silence_leaves_it_undecided_when_the_time_is_over(graph: Graph) -> None:
    over = threading.Event()

    def stay_silent(peer: socket.socket, _: Any) -> None:
        over.wait(30)

    graph.talks = [stay_silent]
    with closing(carrier_to(graph.url, send_timeout_s=0.2)) as carrier, pytest.raises(Undecided):
        send(carrier)
    over.set()
    assert len(graph.requests) == 1


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_the_time_limit_holds_when_the_server_trickles(graph: Graph, begun: bytes) -> None:
    """Somebody waits beside it seven times as long, begun before: they must still be waiting."""
    over = threading.Event()

    def trickle(peer: socket.socket, _: Any) -> None:
        peer.sendall(begun)
        while not over.wait(0.05):
            peer.sendall(b"x")

    graph.talks = [trickle]
    with ThreadPoolExecutor(1) as beside, closing(carrier_to(graph.url, send_timeout_s=0.4)) as carrier:
        control, began = beside.submit(over.wait, 2.8), monotonic()
        with pytest.raises(Undecided):
            send(carrier)
        took, in_time = monotonic() - began, not control.done()
        over.set()
    assert in_time and took >= 0.4


def test_an_open_breaker_refuses_at_once_and_only_its_own_number(graph: Graph) -> None:
    changes: list[tuple[str, ...]] = []
    settings = Settings.model_validate({"graph_api_url": graph.url, "breaker_failures": 2})
    graph.talks = [saying(answer(502, b"")), saying(answer(502, b"")), saying(ACCEPTED)]
    with closing(WhatsAppCarrier(settings, on_breaker=lambda *change: changes.append(change))) as carrier:
        for _ in range(2):
            with pytest.raises(Undecided):
                send(carrier)
        with pytest.raises(BreakerOpen) as refused:
            send(carrier)
        assert isinstance(refused.value, Unreachable)
        assert not carrier.mark_read(NUMBER, "wamid.IN", typing=False)
        assert len(graph.requests) == 2
        assert send(carrier, "100000000000002") == "wamid.X"
    assert [change[:3] for change in changes] == [(f"whatsapp:{NUMBER}", "closed", "open")]


def test_throttling_and_refusals_do_not_open_the_breaker(graph: Graph) -> None:
    graph.talks = [saying(answer(429, b"")), saying(answer(400, {"error": {"code": 131026}}))]
    with closing(carrier_to(graph.url, breaker_failures=1)) as carrier:
        for error in (Throttled, Rejected, Rejected):
            with pytest.raises(error):
                send(carrier)
        assert carrier.breaker(NUMBER).closed


def test_a_read_mark_says_whether_it_worked_and_raises_nothing(graph: Graph, carrier: WhatsAppCarrier) -> None:
    graph.talks = [
        saying(answer(200, {"success": True})),
        saying(answer(400, {"error": {"code": 131009}})),
        lambda peer, _: peer.close(),
    ]
    assert [carrier.mark_read(NUMBER, "wamid.IN", typing=True) for _ in range(3)] == [True, False, False]
    assert graph.requests[0][2] == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.IN",
        "typing_indicator": {"type": "text"},
    }
    assert carrier.breaker(NUMBER).failure_count == 0


def test_a_closed_carrier_sends_nothing(graph: Graph, carrier: WhatsAppCarrier) -> None:
    carrier.close()
    with pytest.raises(Unreachable):
        send(carrier)
    assert graph.requests == []


def test_many_threads_send_at_once_and_each_gets_its_own_answer(graph: Graph, carrier: WhatsAppCarrier) -> None:
    def echo(peer: socket.socket, request: Any) -> None:
        peer.sendall(answer(200, {"messages": [{"id": f"wamid.{request['biz_opaque_callback_data']}"}]}))

    graph.talks = [echo]
    told: dict[str, str] = {}

    def send_some(first: int) -> None:
        for number in range(first, first + 20):
            told[str(number)] = carrier.send(NUMBER, say("x"), ANA, str(number))

    threads = [threading.Thread(target=send_some, args=(100 * i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == 160
    assert all(wamid == f"wamid.{callback_id}" for callback_id, wamid in told.items())
    assert graph.connections <= 8


def test_the_token_and_the_customer_are_in_no_log_and_no_error(
    graph: Graph, carrier: WhatsAppCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    details = "no such number 5215512345678"
    graph.talks = [saying(ACCEPTED), saying(answer(400, {"error": {"code": 131026, "message": details}}))]
    send(carrier)
    with pytest.raises(Rejected) as refused:
        send(carrier)
    for told in (caplog.text, str(refused.value), repr(carrier), str(carrier.breaker(NUMBER))):
        assert TOKEN not in told
        assert "5215512345678" not in told


def test_a_token_with_a_line_break_is_refused_before_anything_is_sent(graph: Graph) -> None:
    with closing(carrier_to(graph.url, whatsapp_access_token="a\r\nX: y")) as carrier, pytest.raises(ValueError):
        send(carrier)
    assert graph.connections == 0


@pytest.fixture
def secure_graph() -> Iterator[Graph]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = Graph(tls=context)
    yield server
    server.stop()


def test_a_certificate_nobody_vouches_for_means_that_nothing_was_sent(secure_graph: Graph) -> None:
    with closing(carrier_to(f"https://localhost:{secure_graph.port}")) as carrier, pytest.raises(Unreachable):
        send(carrier)
    assert secure_graph.requests == []


def test_over_tls_everything_is_as_it_is_without(secure_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certifi.where", lambda: str(CERTIFICATE))
    with closing(carrier_to(f"https://localhost:{secure_graph.port}")) as carrier:
        assert [send(carrier), send(carrier)] == ["wamid.X", "wamid.X"]
    assert secure_graph.connections == 1
