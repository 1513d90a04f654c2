"""HTTP client of an S3-compatible bucket: put, get, list, remove. Each call within one deadline.

Every request may be made twice without harm, so one that met a connection which was closed meanwhile is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urlsplit

import certifi
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError, ReadTimeoutError

from core.errors import TimedOut, Unreachable
from core.settings import Settings
from core.sigv4 import Signer, path_of, query_of
from core.store.files import bucket_xml

AT_ONCE = 65_536
LARGEST = 64 * 1024 * 1024
KEPT_CONNECTIONS = 16
NOT_THERE = "NoSuchKey"
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer of the object storage."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """Its own word for what is wrong."""
        return bucket_xml.code(self.body)


class Bucket:
    """Raises Unreachable when it does not answer, or answers something else than is hoped for."""

    def __init__(self, settings: Settings):
        where = urlsplit(settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com")
        self._origin, self._host = f"{where.scheme}://{where.netloc}", where.netloc
        self._root = f"{where.path.rstrip('/')}/{settings.s3_bucket}"
        keys = (settings.s3_access_key, settings.s3_secret_key, settings.s3_session_token)
        self._signer = Signer(settings.s3_region, *(key.get_secret_value() for key in keys))
        self._limit_s = settings.s3_timeout_s
        self._pools = PoolManager(maxsize=KEPT_CONNECTIONS, retries=False, ca_certs=certifi.where())

    def put(self, key: str, content: bytes) -> None:
        """Kept under this key; whatever was there is replaced, and as good as new."""
        answer = self._ask("PUT", key, body=content)
        if answer.status != 200:
            raise _refusal(answer)

    def get(self, key: str) -> bytes | None:
        answer = self._ask("GET", key)
        if answer.status == 200:
            return answer.body
        if answer.status == 404 and answer.code == NOT_THERE:
            return None
        raise _refusal(answer)

    def piece(self, key: str, first: int, count: int) -> bytes:
        """So many bytes of what is kept, from this one on."""
        answer = self._ask("GET", key, more={"range": f"bytes={first}-{first + count - 1}"})
        if answer.status not in (200, 206) or len(answer.body) != count:
            raise _refusal(answer)
        return answer.body

    def size(self, key: str) -> int:
        answer = self._ask("HEAD", key)
        if answer.status != 200:
            raise _refusal(answer)
        return int(answer.headers["content-length"])

    def begin_parts(self, key: str) -> str:
        """Begin a file that comes in parts. The id of its upload."""
        answer = self._ask("POST", key, query={"uploads": ""})
        if answer.status != 200:
            raise _refusal(answer)
        return bucket_xml.upload_id(answer.body)

    def put_part(self, key: str, upload_id: str, number: int, content: bytes) -> str:
        """One part, whose mark is needed to end the file."""
        answer = self._ask("PUT", key, query={"partNumber": str(number), "uploadId": upload_id}, body=content)
        if answer.status != 200 or "etag" not in answer.headers:
            raise _refusal(answer)
        return answer.headers["etag"]

    def end_parts(self, key: str, upload_id: str, etags: Sequence[str]) -> None:
        """The file is whole, and there. Amazon may say 200 and then that it failed."""
        answer = self._ask("POST", key, query={"uploadId": upload_id}, body=bucket_xml.parts(etags))
        if answer.status != 200 or answer.code:
            raise _refusal(answer)

    def drop_parts(self, key: str, upload_id: str) -> None:
        """Take back the parts of a file that is not ended. Best effort: the bucket's own rule for such parts is behind it."""
        with suppress(Unreachable, TimedOut):
            self._ask("DELETE", key, query={"uploadId": upload_id})

    def changed_at(self, key: str) -> datetime | None:
        """When it was kept last, to the second; None when it is not there."""
        answer = self._ask("HEAD", key)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _refusal(answer)
        return parsedate_to_datetime(answer.headers["last-modified"])

    def remove(self, key: str) -> None:
        answer = self._ask("DELETE", key)
        if answer.status not in (200, 204) and not (answer.status == 404 and answer.code == NOT_THERE):
            raise _refusal(answer)

    def keys(self, prefix: str, *, page: int = 1000) -> Iterator[tuple[str, datetime]]:
        """Every key that begins so, and when it was kept last, page by page."""
        after = ""
        while True:
            asked = {"list-type": "2", "prefix": prefix, "max-keys": str(page), "start-after": after}
            answer = self._ask("GET", "", query={name: value for name, value in asked.items() if value})
            if answer.status != 200:
                raise _refusal(answer)
            found = bucket_xml.objects(answer.body)
            if not found:
                return
            after = found[-1][0]
            yield from found

    def _ask(
        self, method: str, key: str, *, query: Mapping[str, str] = NOTHING, body: bytes = b"",
        more: Mapping[str, str] = NOTHING,
    ) -> Answer:  # fmt: skip
        until = monotonic() + self._limit_s
        try:
            try:
                return self._once(method, key, query, body, more, until)
            except ProtocolError:  # a kept connection had ended
                return self._once(method, key, query, body, more, until)
        except NewConnectionError as problem:  # which urllib3 takes for a timeout, too
            raise Unreachable("the storage is away: nobody listens") from problem
        except (ReadTimeoutError, ConnectTimeoutError, TimeoutError) as problem:
            raise TimedOut(f"the storage took over {self._limit_s:g} s") from problem
        except (HTTPError, OSError) as problem:
            raise Unreachable(f"the storage is away: {type(problem).__name__}") from problem

    def _once(
        self, method: str, key: str, query: Mapping[str, str], body: bytes, more: Mapping[str, str], until: float
    ) -> Answer:
        path = f"{self._root}/{key}" if key else self._root
        signed = {**self._signer.headers(method, self._host, path, query, body, datetime.now(UTC)), **more}
        asked = f"?{query_of(query)}" if query else ""
        answer = self._pools.request(
            method, f"{self._origin}{path_of(path)}{asked}", body=body or None, headers=signed, redirect=False,
            timeout=Timeout(max(0.01, until - monotonic())), preload_content=False,
        )  # fmt: skip
        whole = False
        try:
            taken = Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, _read(answer, until))
            whole = True
            return taken
        finally:
            if not whole:
                answer.close()
            answer.release_conn()


def _read(answer: BaseHTTPResponse, until: float) -> bytes:
    """The body. A socket's time begins anew with every byte, so ours is looked at after each piece."""
    content = bytearray()
    while piece := answer.read1(AT_ONCE):
        content += piece
        if monotonic() > until:
            raise TimeoutError
        if len(content) > LARGEST:
            raise Unreachable("the storage answers more than was ever kept")
    return bytes(content)


def _refusal(answer: Answer) -> Unreachable:
    return Unreachable(f"the storage answers {answer.status} {answer.code}".rstrip(), code=answer.status)
