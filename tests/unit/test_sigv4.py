"""Signatures as Amazon's own documentation shows them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from core.sigv4 import Signer

SIGNER = Signer("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST, AT = "examplebucket.s3.amazonaws.com", datetime(2013, 5, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ({"lifecycle": ""}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ({"prefix": "J", "max-keys": "2"}, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_requests_are_signed_as_the_storage_expects(query: dict[str, str], signature: str) -> None:
    headers = SIGNER.headers("GET", HOST, "/", query, b"", AT)
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        f"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"
    )
    assert headers["x-amz-date"] == "20130524T000000Z"


def test_every_part_of_a_request_is_signed() -> None:
    def signature(method: str = "PUT", path: str = "/b/photos/x", body: bytes = b"x", at: datetime = AT) -> str:
        return SIGNER.headers(method, HOST, path, {}, body, at)["authorization"].rpartition("=")[2]

    different = {
        signature(),
        signature("GET"),
        signature(path="/b/photos/y"),
        signature(body=b"y"),
        signature(at=AT.replace(hour=1)),
    }
    assert len(different) == 5


def test_temporary_keys_sign_their_session_token_as_amazon_s_own_client_does() -> None:
    """The token is a header that is signed: a storage refuses one that only travels along."""
    ours = Signer("us-east-1", "ASIA1", "secret", "a/token+==")
    request = AWSRequest("PUT", "https://bucket.example/b/photos/x", data=b"x")
    S3SigV4Auth(Credentials("ASIA1", "secret", "a/token+=="), "s3", "us-east-1").add_auth(request)
    at = datetime.strptime(request.context["timestamp"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    signed = ours.headers("PUT", "bucket.example", "/b/photos/x", {}, b"x", at)
    assert signed["x-amz-security-token"] == "a/token+=="
    assert "x-amz-security-token" in signed["authorization"]
    assert signed["authorization"] == request.headers["Authorization"]


def test_the_secret_is_not_shown() -> None:
    shown = repr(Signer("us-east-1", "ASIA1", "secret", "token"))
    assert "secret'" not in shown and "token'" not in shown
