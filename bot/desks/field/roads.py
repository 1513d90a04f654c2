"""A service: an OSRM server, which knows the roads. Its API: https://project-osrm.org/docs/v5.24.0/api/#route-service"""

from __future__ import annotations

import json
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError, TimeoutError

from core.errors import Rejected, TimedOut, Unreachable
from core.geography import Point

LARGEST_ANSWER = 65_536
SERVER_ERROR = 500


class Osrm:
    def __init__(self, url: str):
        self._url, self._pool = url.rstrip("/"), urllib3.PoolManager(retries=False)

    def route(self, start: Point, end: Point, *, limit_s: float) -> tuple[float, float]:
        """Metres and seconds by car. Raises TimedOut, Unreachable, or Rejected where no road leads."""
        path = ";".join(f"{point.longitude:.6f},{point.latitude:.6f}" for point in (start, end))
        return _route(*self._get(f"{self._url}/route/v1/driving/{path}?overview=false", limit_s))

    def _get(self, url: str, limit_s: float) -> tuple[int, bytes]:
        try:
            response = self._pool.request(
                "GET", url, timeout=urllib3.Timeout(total=limit_s), redirect=False, preload_content=False
            )
            try:
                return response.status, response.read(LARGEST_ANSWER)
            finally:
                response.close()
        except TimeoutError as error:
            raise TimedOut("the roads took too long") from error
        except HTTPError as error:
            raise Unreachable(f"the roads gave no answer: {type(error).__name__}") from error


def _route(status: int, body: bytes) -> tuple[float, float]:
    if status >= SERVER_ERROR:
        raise Unreachable(f"the roads answered {status}")
    try:
        answer: Any = json.loads(body)
        if answer["code"] != "Ok":
            raise Rejected(f"the roads answered {str(answer['code'])[:40]}")
        return float(answer["routes"][0]["distance"]), float(answer["routes"][0]["duration"])
    except (ValueError, TypeError, LookupError) as error:
        raise Unreachable("the roads answered something else") from error
