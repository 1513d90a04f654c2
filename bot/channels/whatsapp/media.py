"""Media download: from a media id to the file's bytes.

The Graph API says where a file is; the file is fetched from there with our token, which is why only hosts on a list
are asked: whoever could name another one would be handed the token.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any

import orjson
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from bot.channels.whatsapp import download
from bot.channels.whatsapp.download import Downloaded, TooMuch
from core.errors import Permanent, Unreachable
from core.settings import Settings

LARGEST_PLACE = 65_536
EXPIRED = frozenset({401, 403, 404, 410})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")


class Unfit(Permanent):
    """It will never be had; `outcome` says why, in the words of a media result."""

    def __init__(self, outcome: str, message: str):
        super().__init__(message)
        self.outcome = outcome


class Expired(Unreachable):
    """The place it was at is no longer good."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file's download URL and metadata, as the Graph API returns them."""

    url: Url
    sha256: str
    size: int


class WhatsAppMedia:
    def __init__(self, settings: Settings):
        self._graph = parse_url(settings.graph_api_url)
        self._root = f"{settings.graph_api_url.rstrip('/')}/{settings.graph_api_version}"
        self._hosts = tuple(host.strip().lower() for host in settings.media_hosts.split(",") if host.strip())
        self._plain_allowed = settings.app_env == "development"
        self._headers = {
            "Authorization": f"Bearer {settings.whatsapp_access_token.get_secret_value()}",
            "User-Agent": "turno",
        }

    def fetch(self, media_id: str, *, largest: int, until: float) -> bytes:
        """The file. Raises Unfit when it never will be had, Unreachable or TimedOut when it may be later."""
        try:
            return self._fetch(media_id, largest, until)
        except Expired:
            return self._fetch(media_id, largest, until)

    def trusts(self, url: Url) -> bool:
        """True when our token may be sent there."""
        host = (url.host or "").lower()
        if url.auth is not None or not host or not self._is_private(url.scheme, host):
            return False
        if (url.scheme, host, url.port) == (self._graph.scheme, (self._graph.host or "").lower(), self._graph.port):
            return True
        return url.port in (None, 443) and any(host == name or host.endswith(f".{name}") for name in self._hosts)

    def _is_private(self, scheme: str | None, host: str) -> bool:
        """Whether the URL is safe from eavesdropping: TLS, or this machine in development."""
        return scheme == "https" or (scheme == "http" and self._plain_allowed and host in LOOPBACK)

    def _fetch(self, media_id: str, largest: int, until: float) -> bytes:
        place = self._locate(media_id, until)
        if place.size > largest:
            raise Unfit("too_large", "announced as too large")
        answer = self._get(place.url, largest, until)
        if answer.status in EXPIRED:
            raise Expired(f"its place answered {answer.status}")
        _check_status(answer)
        _check_digest(answer.body, place.sha256)
        return answer.body

    def _locate(self, media_id: str, until: float) -> Place:
        if not _MEDIA_ID.fullmatch(media_id):
            raise Unfit("failed", "not a media id")
        answer = self._get(parse_url(f"{self._root}/{media_id}"), LARGEST_PLACE, until)
        _check_status(answer)
        return _place(answer.body)

    def _get(self, url: Url, largest: int, until: float) -> Downloaded:
        if not self.trusts(url):
            raise Unfit("failed", "it is at a host that is not on the list")
        try:
            return download.get(url, self._headers, largest=largest, until=until)
        except TooMuch:
            raise Unfit("too_large", "larger than allowed") from None


def _check_status(answer: Downloaded) -> None:
    """Raise unless it is there: what is refused stays refused, what is in trouble may recover."""
    if answer.status == 200:
        return
    if answer.status == 429 or answer.status >= 500:
        raise Unreachable(f"answered {answer.status}")
    raise Unfit("failed", f"answered {answer.status}")


def _place(body: bytes) -> Place:
    try:
        answer: Any = orjson.loads(body)
        url = parse_url(str(answer["url"]))
    except (ValueError, TypeError, KeyError, HTTPError):
        raise Unreachable("no place was told") from None
    size, digest = answer.get("file_size"), answer.get("sha256")
    return Place(url, digest if isinstance(digest, str) else "", int(size) if str(size).isdecimal() else 0)


def _check_digest(body: bytes, expected: str) -> None:
    """The digest is told in hex or base64, nobody says which."""
    digest = sha256(body)
    known = (digest.hexdigest().encode(), b64encode(digest.digest()))
    given = expected.strip().encode("utf-8", "surrogatepass")
    if given and not any(compare_digest(given, each) for each in (*known, known[0].upper())):
        raise Unreachable("not the file that was announced")
