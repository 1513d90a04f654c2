"""What a storage says in XML is read as XML, and no document can make us work or remember without end."""

from __future__ import annotations

from datetime import UTC, datetime
from time import thread_time

import pytest

from core.errors import Unreachable
from core.store.files import bucket_xml

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def page(*keys: str, namespace: str = NAMESPACE) -> bytes:
    rows = "".join(
        f"<Contents><ETag>&quot;e&quot;</ETag><LastModified>2026-11-30T12:00:00.000Z</LastModified>"
        f"<Owner><ID>1</ID></Owner><Key>{key}</Key></Contents>"
        for key in keys
    )
    return f'<?xml version="1.0"?><ListBucketResult{namespace}><Name>b</Name>{rows}</ListBucketResult>'.encode()


@pytest.mark.parametrize("namespace", [NAMESPACE, ""])
def test_keys_come_as_they_were_written(namespace: str) -> None:
    body = page("photos/a&amp;b", "photos/&lt;c&gt;", "photos/&#241;", "photos/ñ", namespace=namespace)
    assert bucket_xml.objects(body) == [(f"photos/{key}", AT) for key in ("a&b", "<c>", "ñ", "ñ")]


def test_a_page_without_keys_is_empty() -> None:
    assert bucket_xml.objects(page()) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"<html>", page("k")[:-5],
        b"<ListBucketResult><Contents><Key>k</Key></Contents></ListBucketResult>",
        b"<ListBucketResult><Contents><Key>k</Key><LastModified>now</LastModified></Contents></ListBucketResult>",
    ],
)  # fmt: skip
def test_what_is_no_page_is_an_outage(body: bytes) -> None:
    with pytest.raises(Unreachable):
        bucket_xml.objects(body)


def laughs(depth: int = 9) -> bytes:
    """Entities of entities: a kilobyte that is a gigabyte when it is read."""
    entities = '<!ENTITY e0 "ja">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, depth + 1))
    return f"<!DOCTYPE r [{entities}]><Error><Code>&e{depth};</Code></Error>".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_are_read(encoding: str) -> None:
    begun = thread_time()
    with pytest.raises(Unreachable, match="document type"):
        bucket_xml.objects(laughs().decode().encode(encoding))
    assert bucket_xml.code(laughs().decode().encode(encoding)) == ""
    assert thread_time() - begun < 1


def test_no_file_of_ours_is_read_for_it() -> None:
    outside = b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><Error><Code>&f;</Code></Error>'
    assert bucket_xml.code(outside) == ""


def test_what_is_too_large_is_not_parsed() -> None:
    with pytest.raises(Unreachable, match="more than a page"):
        bucket_xml.objects(b" " * (bucket_xml.LARGEST + 1))


def test_the_storage_s_word_for_what_is_wrong() -> None:
    assert bucket_xml.code(b"<Error><Code>NoSuchKey</Code><Message>m</Message></Error>") == "NoSuchKey"
    assert bucket_xml.code(f"<Error{NAMESPACE}><Code>SlowDown</Code></Error>".encode()) == "SlowDown"
    assert bucket_xml.code(b"<Error><Code>not a word</Code></Error>") == ""
    assert bucket_xml.code(b"a page of a proxy") == ""
