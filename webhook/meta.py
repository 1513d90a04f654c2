"""Meta's webhook: the verification handshake, and signed events.

It writes news, never decisions: nothing a flow does can close it. 200 is said only after the commit. `POST /webhook` is
answered before Flask's routing is reached: at a thousand POSTs a second that is half the cost.

Meta: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from core import telemetry
from core.errors import BadBody, Refused, TooLarge, TurnoError
from core.settings import Settings
from core.telemetry import log
from core.wire import whatsapp
from webhook.addresses import forwarded, network
from webhook.door import Door
from webhook.pace import ClientGone
from webhook.places import Places

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/webhook"
LIGHT_BYTES = 65_536
"""Above that a body holds a place while it is read: unsigned ones must be read, too, to know that they are."""

Answer = tuple[int, bytes]
OK: Answer = (200, b"EVENT_RECEIVED")
LATER: Answer = (503, b"TRY_AGAIN")
REFUSALS = {400: b"BAD_REQUEST", 401: b"BAD_SIGNATURE", 408: b"TOO_SLOW", 413: b"TOO_LARGE", 503: LATER[1]}
PHRASES = {
    200: "200 OK",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    408: "408 Request Timeout",
    413: "413 Content Too Large",
}


@dataclass(frozen=True, slots=True)
class Post:
    """One POST to the webhook. `read` returns its body, unread so far; `address` is computed only when needed."""

    read: Callable[[int], bytes]
    length: int | None
    signature: str | None
    address: Callable[[], str]


class Meta:
    """Answers Meta, with nothing of HTTP's machinery in the way."""

    def __init__(self, door: Door, settings: Settings):
        self._door = door
        self._secret = settings.whatsapp_app_secret.get_secret_value().encode()
        self._verify_token = settings.whatsapp_verify_token.get_secret_value().encode()
        self._max_bytes = settings.webhook_max_bytes
        self._heavy = Places(settings.webhook_heavy_bytes)
        self._proxies = settings.proxies

    def shake_hands(self, mode: str, token: str, challenge: str) -> str | None:
        """The challenge, for who knows the token."""
        known = hmac.compare_digest(token.encode("utf-8", "surrogateescape"), self._verify_token)
        return challenge if mode == "subscribe" and known and self._verify_token else None

    def receive(self, post: Post) -> Answer:
        """Take one POST in. Its body is read only when its size is known and allowed."""
        try:
            self._take(post)
        except Refused as refused:
            telemetry.refused(type(refused).__name__)
            return refused.status, REFUSALS[refused.status]
        except ClientGone:
            raise  # there is nobody to answer
        except TurnoError as error:
            log.error("door.closed", error=str(error))
            return LATER
        except Exception as error:  # whatever it is, it was not committed: Meta must bring it again
            log.error("door.broken", error=type(error).__name__, exc_info=True)
            return LATER
        return OK

    def _take(self, post: Post) -> None:
        if post.length is None or not 0 <= post.length <= self._max_bytes:
            raise TooLarge("a body must tell its size, and be within the limit")
        if post.length <= LIGHT_BYTES:
            return self._accept(post, post.length)
        with self._heavy.held(post.address(), post.length):
            self._accept(post, post.length)

    def _accept(self, post: Post, length: int) -> None:
        body = post.read(length)
        if len(body) != length:
            raise BadBody("the body broke off")
        whatsapp.verify(body, signature=post.signature, secret=self._secret)
        self._door.accept(whatsapp.parse(body))

    def posted(self, environ: WSGIEnvironment) -> Post:
        """The POST that this is."""

        def address() -> str:
            header = environ.get("HTTP_X_FORWARDED_FOR", "")
            return network(forwarded(environ.get("REMOTE_ADDR", ""), header, self._proxies))

        return Post(environ["wsgi.input"].read, _length(environ), environ.get("HTTP_X_HUB_SIGNATURE_256"), address)


def blueprint(meta: Meta) -> Blueprint:
    """Meta's handshake. Its POSTs never come as far as Flask."""
    routes = Blueprint("meta", __name__)

    @routes.get(PATH)
    def handshake() -> Response:
        asked = request.args
        challenge = meta.shake_hands(
            asked.get("hub.mode", ""), asked.get("hub.verify_token", ""), asked.get("hub.challenge", "")
        )
        if challenge is None:
            return Response("FORBIDDEN", status=403, mimetype="text/plain")
        return Response(challenge, mimetype="text/plain")

    return routes


def _length(environ: WSGIEnvironment) -> int | None:
    """How long the body is: nothing, when neither a length nor chunks are announced. None: it does not tell."""
    length = environ.get("CONTENT_LENGTH") or ("" if environ.get("HTTP_TRANSFER_ENCODING") else "0")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None


class FastLane:
    """Answers `POST /webhook`, and hands everything else to the application."""

    def __init__(self, app: WSGIApplication, meta: Meta):
        self._app = app
        self._meta = meta

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH or environ.get("REQUEST_METHOD") != "POST":
            return self._app(environ, start_response)
        began = perf_counter()
        status, body = self._meta.receive(self._meta.posted(environ))
        telemetry.answered(status, perf_counter() - began)
        start_response(
            PHRASES.get(status, "503 Service Unavailable"),
            [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
        )
        return [body]
