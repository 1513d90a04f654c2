"""WhatsApp carrier: sends an outbound through the Graph API.

It speaks over urllib3's pool, the layer beneath requests, and writes the HTTP text itself,
because requests alone would cost several times what everything else here does for a call.
"""

from __future__ import annotations

from urllib.parse import quote

import orjson
from urllib3.util import parse_url

from bot.channels.whatsapp.http_answer import Answer
from bot.channels.whatsapp.pool import open_pool
from core.breaker import Breaker, Observer
from core.errors import TurnoError, Undecided, Unreachable
from core.messages import Identity, Outbound
from core.own_files import OwnFile
from core.settings import Settings
from core.wire import whatsapp_send, whatsapp_upload
from core.wire.whatsapp_errors import classify

_OK = 200


class WhatsAppCarrier:
    """The Graph API for every number of ours: kept connections, one time limit a call, a breaker a number."""

    def __init__(self, settings: Settings, *, on_breaker: Observer | None = None):
        self._settings = settings
        self._on_breaker = on_breaker
        self._pool = open_pool(settings.graph_api_url, settings.send_size)
        self._heads: dict[str, bytes] = {}
        self.keeps_s = whatsapp_upload.KEPT_S
        self._breakers: dict[str, Breaker] = {}

    def send(
        self, address: str, outbound: Outbound, to: Identity, callback_id: str, reply_to: str | None = None
    ) -> str:
        """The wamid under which the Graph API accepted `outbound`.

        Raises Unreachable or Throttled when it certainly did not happen, Undecided when nobody can
        tell, and a Permanent error when it never will.
        """
        request = whatsapp_send.message(outbound, to=to, callback_id=callback_id, reply_to=reply_to)
        body = orjson.dumps(request)
        with self.breaker(address).guard():
            answer = self._post(address, body)
            outcome = classify(answer.status, answer.body)
            if isinstance(outcome, TurnoError):
                raise outcome
            return outcome

    def upload(self, address: str, file: OwnFile) -> str:
        """The media id under which Meta keeps this file. Raises as `send` does."""
        content_type, body = whatsapp_upload.form(file.content, file.mime_type)
        with self.breaker(address).guard():
            answer = self._exchange(self._head(address, "media", content_type), body)
            return whatsapp_upload.media_id(answer.status, answer.body)

    def mark_read(self, address: str, wamid: str, typing: bool) -> bool:
        """Turn the ticks of a customer's message blue; False when that did not work, which harms nobody."""
        if not self.breaker(address).closed:
            return False
        try:
            answer = self._post(address, orjson.dumps(whatsapp_send.read_mark(wamid, typing)))
        except TurnoError:
            return False
        return answer.status == _OK

    def breaker(self, address: str) -> Breaker:
        """The breaker of one number of ours."""
        return self._breakers.get(address) or self._breakers.setdefault(address, self._new_breaker(address))

    def barred(self) -> list[str]:
        """The numbers whose breaker is open: a send of theirs would be refused here."""
        return [address for address, breaker in self._breakers.items() if breaker.opened]

    def close(self) -> None:
        """Let go of every kept connection."""
        self._pool.close()

    def _new_breaker(self, address: str) -> Breaker:
        s = self._settings
        return Breaker(
            f"whatsapp:{address}",
            s.breaker_failures,
            s.breaker_window_s,
            s.breaker_open_s,
            s.breaker_successes,
            counts=(Unreachable, Undecided),
            on_change=self._on_breaker,
        )

    def _post(self, address: str, body: bytes) -> Answer:
        head = self._heads.get(address) or self._heads.setdefault(address, self._head(address, "messages"))
        return self._exchange(head, body)

    def _exchange(self, head: bytes, body: bytes) -> Answer:
        return self._pool.exchange(b"%b%d\r\n\r\n%b" % (head, len(body), body), self._settings.send_timeout_s)

    def _head(self, address: str, edge: str, content_type: str = "application/json") -> bytes:
        """All of a request's head but its length; for messages, it is the same for every send of a number."""
        s = self._settings
        url = parse_url(s.graph_api_url)
        root = (url.path or "").rstrip("/")
        lines = (
            f"POST {root}/{s.graph_api_version}/{quote(address, safe='')}/{edge} HTTP/1.1",
            f"Host: {url.netloc}",
            f"Authorization: Bearer {_one_line(s.whatsapp_access_token.get_secret_value())}",
            f"Content-Type: {content_type}",
            "User-Agent: turno",
            "Accept-Encoding: identity",
            "Content-Length: ",
        )
        return "\r\n".join(lines).encode("ascii")


def _one_line(token: str) -> str:
    if not token.isascii() or not token.isprintable():
        raise ValueError("WHATSAPP_ACCESS_TOKEN holds characters that no token has")
    return token
