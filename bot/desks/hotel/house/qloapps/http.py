"""HTTP to QloApps: one call each, never repeated, with a limit over all of it and not only between two bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import local
from time import monotonic
from typing import Any, TypeVar

import requests
from requests.exceptions import ConnectionError, ConnectTimeout, RequestException, Timeout

from bot.desks.hotel.house.qloapps.wire import Strange
from core.errors import Rejected, Throttled, TimedOut, Undecided, Unreachable

T = TypeVar("T")
Answer = tuple[int, bytes]
LARGEST_ANSWER = 2_000_000
PIECE = 65_536
SHORTEST_S = 0.05
JSON = {"output_format": "JSON"}
OK, TOO_MANY, SERVER_ERROR = 200, 429, 500


class Http:
    """The key travels as the name of HTTP Basic, and never in an address: addresses are logged."""

    def __init__(self, url: str, key: str):
        self._url, self._key, self._local = url.rstrip("/"), key, local()

    def get(self, path: str, asked: Mapping[str, str], limit_s: float) -> Answer:
        return self._reading("GET", path, limit_s, params={**JSON, **asked})

    def post_xml(self, path: str, body: bytes, limit_s: float) -> Answer:
        """A question that is a POST: it has no effect."""
        return self._reading("POST", path, limit_s, params=JSON, data=body, headers={"Content-Type": "text/xml"})

    def send(self, method: str, path: str, body: Mapping[str, Any], limit_s: float) -> Answer:
        """A call with an effect. Raises Unreachable or Throttled when it had none, Undecided when nobody knows."""
        if limit_s < SHORTEST_S:
            raise Unreachable("no time was left to ask")
        try:
            status, answer = self._ask(method, path, limit_s, params=JSON, json=body)
        except (ConnectTimeout, _Refused) as error:
            raise Unreachable("the house cannot be reached") from error
        except RequestException as error:
            raise Undecided(f"the house gave no answer: {type(error).__name__}") from error
        if status == TOO_MANY:
            raise Throttled("the house asks to slow down")
        if status in (401, 403):
            raise Rejected("the house does not know our key", code=status)
        return status, answer

    def read(self, ask: Callable[[], Answer], parse: Callable[[bytes], T]) -> T:
        """The answer to a question without effect. One in no known form is a failure, and counted as one."""
        status, answer = ask()
        if status != OK:
            raise Unreachable(f"the house answered {status}")
        try:
            return parse(answer)
        except Strange as strange:
            raise Unreachable(f"the house answered strangely: {strange}") from strange

    def _reading(self, method: str, path: str, limit_s: float, **more: Any) -> Answer:
        try:
            status, answer = self._ask(method, path, max(limit_s, SHORTEST_S), **more)
        except Timeout as error:
            raise TimedOut(f"no answer within {limit_s:g} s") from error
        except RequestException as error:
            raise Unreachable(f"the house cannot be reached: {type(error).__name__}") from error
        if status == TOO_MANY:
            raise Throttled("the house asks to slow down")
        return status, answer

    def _ask(self, method: str, path: str, limit_s: float, **more: Any) -> Answer:
        until = monotonic() + limit_s
        try:
            with self._session.request(
                method, f"{self._url}/{path}", auth=(self._key, ""), timeout=limit_s, stream=True,
                allow_redirects=False, **more,
            ) as response:  # fmt: skip
                return response.status_code, _body(response, until)
        except ConnectionError as error:
            if isinstance(error, ConnectTimeout) or "NewConnectionError" in repr(error):
                raise _Refused from error
            raise

    @property
    def _session(self) -> requests.Session:
        """A session of this thread's own: they are not made to be shared."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        found: requests.Session = self._local.session
        return found


class _Refused(RequestException):
    """No connection was made: nothing was sent."""


def _body(response: requests.Response, until: float) -> bytes:
    """All of the answer, if it comes in time and is no flood."""
    read = bytearray()
    for piece in response.iter_content(PIECE):
        read += piece
        if monotonic() > until:
            raise Timeout("the answer trickles")
        if len(read) > LARGEST_ANSWER:
            raise RequestException("the answer has no end")
    return bytes(read)
