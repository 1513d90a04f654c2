"""AWS Signature Version 4 for S3-compatible storage. Values in, headers out."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
_UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True)
class Signer:
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    """Of temporary keys only."""

    def headers(
        self, method: str, host: str, path: str, query: Mapping[str, str], body: bytes, at: datetime
    ) -> dict[str, str]:
        """The signed headers of one request. Send its path and query exactly as `path_of` and `query_of` write them."""
        stamp, digest = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"), sha256(body).hexdigest()
        signed = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": stamp}
        if self.session_token:
            signed["x-amz-security-token"] = self.session_token
        names, scope = ";".join(signed), f"{stamp[:8]}/{self.region}/s3/aws4_request"
        lines = [f"{name}:{value}" for name, value in signed.items()]
        canonical = "\n".join([method, path_of(path), query_of(query), *lines, "", names, digest])
        to_sign = "\n".join([ALGORITHM, stamp, scope, sha256(canonical.encode()).hexdigest()])
        signature = _mac(self._key(stamp[:8]), to_sign).hex()
        return {
            **signed,
            "authorization": f"{ALGORITHM} Credential={self.access_key}/{scope}, SignedHeaders={names}, Signature={signature}",
        }

    def _key(self, day: str) -> bytes:
        """The key of a day, a region and a service: the secret itself signs nothing."""
        key = b"AWS4" + self.secret_key.encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = _mac(key, part)
        return key


def path_of(path: str) -> str:
    return quote(path, safe="/" + _UNRESERVED)


def query_of(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(k, safe=_UNRESERVED)}={quote(v, safe=_UNRESERVED)}" for k, v in sorted(query.items()))


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), sha256).digest()
