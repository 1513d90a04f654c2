"""Letters: all that one turn says, claimed together, with what it answers. For channels on which a reply is a letter.

The rows of the outbox stay one for each reply, so that the transcript is the same everywhere; they have one outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.messages import Identity, Outbound
from core.own_files import OwnFile, name_of
from core.store.db import Tx
from core.store.files import own
from core.store.path import letter_rows as rows
from core.store.path.outbox import Send


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `answers` is the `letter` in the content of the customer's event that it answers: a channel's own."""

    ids: tuple[int, ...]
    address: str
    to: Identity
    said: tuple[Outbound, ...]
    attempts: int
    name: str
    """The customer's."""
    desk: str
    """The name of the business."""
    language: str
    answers: Mapping[str, Any]
    files: tuple[OwnFile, ...] = ()
    """Pictures of ours that it shows, in their order."""

    def whole(self, send: Send) -> Send:
        """The send that it began with, for all of its replies."""
        return replace(send, after=self.ids[1:])


def write(tx: Tx, claimed: Sequence[Send]) -> dict[int, Letter]:
    """The letter of each of these sends, by its id. Replies that the same turn decided are claimed with it."""
    if not claimed:
        return {}
    ids = [send.id for send in claimed]
    more: dict[int, list[rows.ClaimedBeside]] = {}
    for row in tx.rows(rows.CLAIMED_BESIDE, id=ids):
        more.setdefault(row.first, []).append(row)
    headed = {row.id: row for row in tx.rows(rows.LETTER_HEADS, id=ids)}
    written = {send.id: _letter(send, more.get(send.id, []), headed[send.id]) for send in claimed}
    return {send.id: _with_files(tx, send.conversation_id, written[send.id]) for send in claimed}


def _letter(send: Send, more: Sequence[rows.ClaimedBeside], head: rows.LetterHead) -> Letter:
    beside = sorted(more, key=lambda row: row.id)
    return Letter(
        ids=(send.id, *(row.id for row in beside)),
        address=send.address,
        to=send.to,
        said=(send.outbound, *(Outbound.revive(row.kind, row.text, row.content) for row in beside)),
        attempts=send.attempts,
        name=head.name,
        desk=head.desk,
        language=head.language,
        answers=head.answers or {},
    )


def _with_files(tx: Tx, conversation_id: int, letter: Letter) -> Letter:
    names = dict.fromkeys(name for outbound in letter.said if (name := name_of(outbound.media)))
    found = [own.get(tx, conversation_id, name) for name in names]
    return replace(letter, files=tuple(file for file in found if file))
