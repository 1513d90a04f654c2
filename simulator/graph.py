"""Test double of the Graph API: the carrier calls it instead of graph.facebook.com."""

from __future__ import annotations

import hmac
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator import checks, profiles, uploads, wamids
from simulator.checks import Send
from simulator.errors import GraphError
from simulator.exchange import Exchange
from simulator.faults import Fault

Take = Callable[[str], Fault | None]
_VERSION = re.compile(r"v\d+\.\d+")


def blueprint(exchange: Exchange) -> Blueprint:
    graph = Blueprint("graph", __name__, url_prefix="/graph")
    calls = _Calls(exchange)
    graph.add_url_rule("/<version>/<number>/messages", "messages", calls.messages, methods=["POST"])
    graph.add_url_rule("/<version>/<number>/media", "upload", calls.upload, methods=["POST"])
    profile = "/<version>/<number>/whatsapp_business_profile"
    graph.add_url_rule(profile, "profile", calls.profile, methods=["GET"])
    graph.add_url_rule(profile, "set_profile", calls.set_profile, methods=["POST"])
    graph.add_url_rule("/<version>/<media_id>", "media", calls.media, methods=["GET"])
    graph.add_url_rule("/lookaside/<media_id>/<ticket>", "download", calls.download, methods=["GET"])
    graph.register_error_handler(GraphError, _refuse)
    graph.before_request(calls.authenticate)
    return graph


def _refuse(error: GraphError) -> tuple[Response, int]:
    return jsonify(error.body), error.status


class _Calls:
    def __init__(self, exchange: Exchange):
        self._exchange = exchange
        self._expected = b"Bearer " + exchange.token

    def authenticate(self) -> None:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, self._expected):
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        if (version := (request.view_args or {}).get("version")) and not _VERSION.fullmatch(version):
            raise GraphError(100, f"Unknown path components: /{version}")

    def messages(self, version: str, number: str) -> Response:
        body = request.get_json(force=True, silent=True)
        if isinstance(body, dict) and body.get("status") == "read":
            return self._mark(body)
        send = checks.send(body)
        met = self._meet(send.customer, number)
        met.before()
        self._exchange.check(send, number)
        wamid = self._exchange.accept(send, number)
        return met.after(_answer(send, wamid))

    def _mark(self, body: dict[str, Any]) -> Response:
        wamid = body.get("message_id")
        if not wamids.is_one(wamid):
            raise GraphError(131009, "message_id: not the id of a message received")
        met = self._meet("marks", named=True)
        met.before()
        self._exchange.mark_read(str(wamid), typing=bool(body.get("typing_indicator")))
        return met.after({"success": True})

    def upload(self, version: str, number: str) -> Response:
        self._meet("media", named=True).before()
        file = request.files.get("file")
        if file is None or request.form.get("messaging_product") != "whatsapp":
            raise GraphError(100, "The parameters file and messaging_product are required.")
        content, kind = file.read(), request.form.get("type") or file.mimetype
        uploads.check(content, kind)
        kept = self._exchange.media.keep(content, kind)
        return jsonify(id=kept.id)

    def profile(self, version: str, number: str) -> Response:
        return jsonify(profiles.answer_of(self._exchange.world.business(number)))

    def set_profile(self, version: str, number: str) -> Response:
        world = self._exchange.world
        world.meet([profiles.changed(world.business(number), request.get_json(force=True, silent=True))])
        return jsonify(success=True)

    def media(self, version: str, media_id: str) -> Response:
        met = self._meet("media", named=True)
        met.before()
        file = self._exchange.media.get(media_id)
        url = f"{request.host_url}graph/lookaside/{file.id}/{self._exchange.media.ticket(file)}"
        return met.after({**file.as_json, "url": url})

    def download(self, media_id: str, ticket: str) -> Response:
        self._meet("media", named=True).before()
        file = self._exchange.media.redeem(media_id, ticket)
        return Response(file.content, mimetype=file.mime_type.split(";")[0])

    def _meet(self, *whom: str, named: bool = False) -> _Met:
        take: Take = lambda name: self._exchange.faults.take(name, *whom, named=named)  # noqa: E731
        late, refusal = take("latency_ms"), _refusal(take)
        if refusal:
            return _Met(late, refusal)
        return _Met(late, hang=take("hang_s"), drop=take("drop_answer"))


def _refusal(take: Take) -> Exception | None:
    """The fault that keeps a call from being accepted."""
    if take("refuse"):
        return HangUp()
    if bare := take("bare_5xx"):
        return Bare(bare.value)
    if refused := take("error_code"):
        return GraphError(refused.value, "Refused on purpose by the simulator", status=refused.http_status)
    return None


@dataclass(frozen=True, slots=True)
class _Met:
    """The faults of one call, all taken when it arrives: a call whose caller died while it slept takes no later one."""

    late: Fault | None = None
    refusal: Exception | None = None
    hang: Fault | None = None
    drop: Fault | None = None

    def before(self) -> None:
        """Delay the call, or refuse it."""
        if self.late:
            time.sleep(self.late.value / 1000)
        if self.refusal:
            raise self.refusal

    def after(self, answer: dict[str, Any]) -> Response:
        """Answer a call that was accepted: late, or not at all."""
        if self.hang:
            time.sleep(self.hang.value)
        if self.drop:
            raise HangUp
        return jsonify(answer)


class HangUp(Exception):
    """The connection is to be closed without an answer."""


class Bare(Exception):
    """An HTTP status with a body that is not the Graph API's."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def hang_up(_: HangUp) -> Response:
    """Closes the socket under the answer: what is written afterwards reaches nobody."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502)


def bare(error: Bare) -> Response:
    return Response("<html><body>upstream trouble</body></html>", error.status, mimetype="text/html")


def _answer(send: Send, wamid: str) -> dict[str, Any]:
    named = {"user_id": send.input} if send.by_user_id else {"wa_id": send.customer}
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": send.input, **named}],
        "messages": [{"id": wamid}],
    }
