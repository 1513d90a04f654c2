"""A body of any content is refused in time that grows no faster than it does."""

from __future__ import annotations

from time import thread_time

import pytest

from core.errors import BadBody
from core.wire import untrusted

LARGE = 3_000_000
"""About the largest body the door reads."""


@pytest.mark.parametrize("part", [rb"\"", rb"\\", b'"', b"[", b"a", b'\\u0022"', b"{}", b'"a":'])
def test_a_body_that_is_never_closed_is_refused_at_once(part: bytes) -> None:
    body = (b'{"a":"' + part * (LARGE // len(part)))[:LARGE]
    begun = thread_time()
    with pytest.raises(BadBody):
        untrusted.load(body)
    assert thread_time() - begun < 2


@pytest.mark.parametrize("quoted", ['"', r"\"", "\\", r"\\", "[[", "]]", "é\ud800"])
def test_brackets_that_are_quoted_do_not_count(quoted: str) -> None:
    value = {"a": quoted * 2_000, "n": "\ud800"}
    assert untrusted.load(untrusted.keep(value).encode()) == value
