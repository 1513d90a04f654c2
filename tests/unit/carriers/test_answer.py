"""HTTP answers, however their bytes come."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.http_answer import LARGEST_BODY, LARGEST_HEAD, Answer, BadAnswer, More, read

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\nContent-LENGTH: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"
AFTER_100 = b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN


def coming(*pieces: bytes) -> More:
    left = iter(pieces)
    return lambda: next(left, b"")


@given(st.sampled_from([PLAIN, CHUNKED, AFTER_100]), st.lists(st.integers(1, 120), max_size=12))
def test_the_answer_does_not_depend_on_how_its_bytes_are_cut(whole: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    pieces = [whole[a:b] for a, b in pairwise(edges)]
    assert read(coming(*pieces)) == Answer(200, b"hello", keep=True)


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", Answer(204, b"", keep=True)),
        (b"HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n", Answer(500, b"", keep=True)),
        (b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok", Answer(200, b"ok", keep=False)),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", Answer(200, b"ok", keep=False)),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", Answer(200, b"until the end", keep=False)),
        (PLAIN + b"more than was asked for", Answer(200, b"hello", keep=False)),
    ],
)
def test_each_way_to_end_an_answer_is_known(came: bytes, answer: Answer) -> None:
    assert read(coming(came)) == answer


@pytest.mark.parametrize(
    "came",
    [
        b"",
        PLAIN[:-1],
        CHUNKED[:-3],
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 ok\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * (LARGEST_HEAD + 1),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST_BODY + 1),
    ],
    ids=lambda came: repr(came[:40]),
)
def test_what_is_no_answer_is_told_as_such(came: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(coming(came))
