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


CONTENT = Query("files.get", Content)
OLD = Query("files.old", Name)
UNNAMED = Query("photos.unnamed", File)
