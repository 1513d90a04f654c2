"""The rows that the queries about files give."""

from __future__ import annotations

from typing import NamedTuple

from core.store.query import Query


class Content(NamedTuple):
    content: bytes


class Name(NamedTuple):
    name: str


class File(NamedTuple):
    sha256: str


class OwnContent(NamedTuple):
    content: bytes
    mime_type: str


class Uploaded(NamedTuple):
    media_id: str


OWN_FILE = Query("own_files.get", OwnContent)
UPLOADED = Query("own_files.uploaded", Uploaded)
CONTENT = Query("files.get", Content)
OLD = Query("files.old", Name)
UNNAMED = Query("photos.unnamed", File)
