"""A deployment that runs, asked over HTTP as its customers ask it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import urllib3

from core.settings import Settings

POST_S = 30.0
"""Longest an answer may take before nobody is there."""
SHOWN = 120


class Wrong(Exception):
    """Something that should have happened did not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Response of one call, and the time until it came."""

    status: int
    body: bytes
    took_s: float
    kind: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object of a good answer. Raises Wrong."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            found = None
        if self.status != 200 or not isinstance(found, dict):
            raise Wrong(f"answered {self.status}: {self.text[:SHOWN]}")
        return found

    @property
    def text(self) -> str:
        return " ".join(self.body.decode("utf-8", "replace").split())


class Site:
    """One base URL. What does not answer, or answers with an error of the server, raises Wrong."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(POST_S))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, headers=dict(headers or {}))

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        return self.send(path, orjson.dumps(fields), {"Content-Type": "application/json"})

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, body=body, headers=dict(headers))

    def upload(self, path: str, photo: bytes, headers: Mapping[str, str]) -> Answer:
        body, kind = urllib3.encode_multipart_formdata({"image": ("smoke.png", photo, "image/png")})
        return self.send(path, body, {**headers, "Content-Type": kind})

    def _ask(self, method: str, path: str, **asked: Any) -> Answer:
        begun = time.monotonic()
        try:
            answer = self._http.request(method, f"{self.url}{path}", redirect=False, **asked)
        except urllib3.exceptions.HTTPError as problem:
            raise Wrong(f"{self.url}{path} does not answer: {type(problem).__name__}") from None
        if answer.status >= 500:
            raise Wrong(f"answered {answer.status}: an error of the server")
        return Answer(answer.status, answer.data, time.monotonic() - begun, answer.headers.get("Content-Type", ""))


def site(settings: Settings, url: str) -> Site:
    """The deployment at this base URL; the one of this machine when none is given."""
    return Site(url or f"http://127.0.0.1:{settings.port}")


def expect(what: str, seen: object, wanted: object = True) -> None:
    """Raises Wrong unless it is as it should be."""
    if seen != wanted:
        raise Wrong(f"{what} is {seen!r:.{SHOWN}}, and should be {wanted!r}")


def expect_some(what: str, seen: object) -> str:
    """Raises Wrong when there is none."""
    if not isinstance(seen, str) or not seen:
        raise Wrong(f"there is no {what}")
    return seen
