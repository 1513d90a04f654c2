"""Own files: the bytes of pictures that replies show, and the ids under which platforms keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.own_files import OwnFile
from core.store.db import Tx
from core.store.files import rows


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ours, on which a platform keeps files."""

    channel_kind: str
    address: str


def keep(tx: Tx, said: Sequence[tuple[int, OwnFile]]) -> None:
    """Keep each file once for its conversation; one that is said again counts as new."""
    once = {(conversation_id, file.name): file for conversation_id, file in said}
    names = sorted(once)
    tx.run(
        "own_files.keep",
        conversation_id=[conversation_id for conversation_id, _ in names],
        name=[name for _, name in names],
        mime_type=[once[key].mime_type for key in names],
        content=[once[key].content for key in names],
    )


def get(tx: Tx, conversation_id: int, name: str) -> OwnFile | None:
    """The file, if it was said in this conversation."""
    row = tx.one(rows.OWN_FILE, conversation_id=conversation_id, name=name)
    return OwnFile(bytes(row.content), row.mime_type) if row else None


def uploaded(tx: Tx, number: Number, name: str, *, keep_s: float) -> str | None:
    """The id under which the platform has this file, while it surely keeps it."""
    row = tx.one(rows.UPLOADED, channel_kind=number.channel_kind, address=number.address, name=name, keep_s=keep_s)
    return row.media_id if row else None


def note_upload(tx: Tx, number: Number, name: str, media_id: str) -> None:
    """The platform has taken the file under this id; the last upload counts."""
    tx.run(
        "own_files.note_upload",
        channel_kind=number.channel_kind,
        address=number.address,
        name=name,
        media_id=media_id,
    )


def forget_upload(tx: Tx, number: Number, media_id: str) -> None:
    """The platform does not know this id any more."""
    tx.run("own_files.forget_upload", channel_kind=number.channel_kind, address=number.address, media_id=media_id)
