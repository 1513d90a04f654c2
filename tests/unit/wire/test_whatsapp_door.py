"""The signature, and bodies that are not what they should be."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from core.errors import BadBody, BadSignature
from core.wire import whatsapp
from core.wire.untrusted import load

SECRET = b"app secret"
BODY = '{"text": "ma\\u00f1ana \\/ mañana"}'.encode()
GOOD = "sha256=" + hmac.new(SECRET, BODY, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("signature", [GOOD, GOOD.encode()], ids=["text", "bytes"])
def test_metas_own_signature_is_accepted(signature: str | bytes) -> None:
    whatsapp.verify(BODY, signature=signature, secret=SECRET)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        b"",
        "sha256=",
        GOOD.removeprefix("sha256="),
        GOOD[:-1],
        GOOD + "0",
        "sha1=" + GOOD.removeprefix("sha256="),
        "sha256=ñ" + "0" * 63,
        "sha256=\ud800",
        b"\xff\xfe",
        "x" * 100_000,
        "sha256=" + hmac.new(b"another", BODY, hashlib.sha256).hexdigest(),
    ],
)
def test_any_other_signature_is_refused_and_nothing_else_happens(signature: str | bytes | None) -> None:
    with pytest.raises(BadSignature):
        whatsapp.verify(BODY, signature=signature, secret=SECRET)


def test_the_signature_is_of_the_bytes_as_they_came() -> None:
    same_json = json.dumps(json.loads(BODY)).encode()
    with pytest.raises(BadSignature):
        whatsapp.verify(same_json, signature=GOOD, secret=SECRET)


def test_without_a_secret_everything_is_refused() -> None:
    forged = "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    with pytest.raises(BadSignature):
        whatsapp.verify(BODY, signature=forged, secret=b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"{",
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"{}x",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'{"s":"\\ud800 \\" [","a":' + b"[" * 1001 + b"]" * 1001 + b"}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_no_json_object_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        whatsapp.parse(body)


def test_brackets_in_a_text_are_not_nesting() -> None:
    assert load(b'{"s":"\\ud800 ' + b'[{\\"' * 2000 + b'"}')["s"].startswith("\ud800 [{")


def test_an_empty_object_is_kept_as_unreadable() -> None:
    (event,) = whatsapp.parse(b"{}").events
    assert event.kind == "unreadable"
