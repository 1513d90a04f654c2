"""XML of an S3-compatible storage: listings and errors. Bytes in, values out.

A document type declares entities, which blow up a small document; a storage sends none, so one that comes is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.sax.saxutils import escape

from core.errors import Unreachable

LARGEST = 8 * 1024 * 1024
"""A page holds 1,000 keys of at most 1,024 bytes."""
_CODE = re.compile(r"\w{1,60}")


class _NoDocumentType(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unreachable("the storage answers with a document type")


def objects(body: bytes) -> list[tuple[str, datetime]]:
    """The keys of one page, and when each was kept last. Raises Unreachable for what is no such page."""
    try:
        found = _read(body).iterfind("{*}Contents")
        return [(_text(each, "Key"), datetime.fromisoformat(_text(each, "LastModified"))) for each in found]
    except (ParseError, ValueError) as problem:
        raise Unreachable(f"the storage lists its files in no way we know: {type(problem).__name__}") from problem


def upload_id(body: bytes) -> str:
    """The id of an upload in parts that was begun. Raises Unreachable for an answer without one."""
    try:
        return _text(_read(body), "UploadId")
    except (ParseError, ValueError) as problem:
        raise Unreachable(f"the storage begins no upload: {type(problem).__name__}") from problem


def parts(etags: Sequence[str]) -> bytes:
    """The list of parts that makes a file whole."""
    told = (
        f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
        for number, etag in enumerate(etags, 1)
    )
    return f"<CompleteMultipartUpload>{''.join(told)}</CompleteMultipartUpload>".encode()


def code(body: bytes) -> str:
    """The storage's own word for what is wrong; nothing when it says none."""
    try:
        said = _read(body).findtext("{*}Code", "")
    except (ParseError, Unreachable):
        return ""
    return said if _CODE.fullmatch(said) else ""


def _read(body: bytes) -> Element:
    if len(body) > LARGEST:
        raise Unreachable("the storage answers more than a page")
    parser = XMLParser(target=_NoDocumentType())  # noqa: S314  # entities are refused with their document type
    parser.feed(body)
    return parser.close()


def _text(of: Element, name: str) -> str:
    found = of.findtext("{*}" + name)
    if not found:
        raise ValueError(name)
    return found
