"""Own files at sending: each is uploaded once to the platform of a number, and then named by the id it got there.

An upload says nothing to anybody, so it may be repeated. What it costs is time: when a file cannot be uploaded again and
again, the words go without it, since everything that was decided later waits behind them.
"""

from __future__ import annotations

from dataclasses import replace

from bot.channels.channel import Carrier, Uploader
from core.errors import MALFORMED, Rejected, Undecided, Unreachable
from core.messages import Media, Outbound
from core.own_files import OwnFile, name_of
from core.resolution import number_of
from core.store.db import Database
from core.store.files import own
from core.store.files.own import Number
from core.store.path.outbox import Send

TRIES = 4
"""Tries of a send after which its words go without the file."""
NO_FILE = 131053
"""Of a file that cannot be had; the same words may go without it."""


class OwnFiles:
    """The files of one channel's sends."""

    def __init__(self, db: Database, channel_kind: str, carrier: Carrier):
        self._db, self._kind, self._carrier = db, channel_kind, carrier

    def send(self, send: Send) -> str:
        """Take it to the platform, its own file first; the platform's id. Raises what a carrier raises."""
        name = name_of(send.outbound.media)
        if not name:
            return self._call(send, send.outbound)
        number = Number(self._kind, send.address)
        known = self._known(number, name)
        if known is None:
            return self._call(send, _naming(send.outbound, self._upload(send, number, name)))
        try:
            return self._call(send, _naming(send.outbound, known))
        except Rejected as error:  # for certain not said: perhaps the platform has dropped the file before its time
            if error.code not in MALFORMED:
                raise
            self._forget(number, known)
            return self._call(send, _naming(send.outbound, self._upload(send, number, name)))

    def _call(self, send: Send, outbound: Outbound) -> str:
        return self._carrier.send(number_of(send.address), outbound, send.to, str(send.id))

    def _known(self, number: Number, name: str) -> str | None:
        if not isinstance(self._carrier, Uploader):
            return None
        with self._db.transaction() as tx:
            return own.uploaded(tx, number, name, keep_s=self._carrier.keeps_s)

    def _upload(self, send: Send, number: Number, name: str) -> str:
        if not isinstance(self._carrier, Uploader):
            raise Rejected("this channel takes no files", code=NO_FILE)
        file = self._file(send, name)
        try:
            media_id = self._carrier.upload(number_of(number.address), file)
        except (Unreachable, Undecided) as error:
            if send.attempts >= TRIES:
                raise Rejected(f"not uploaded in {TRIES} tries", code=NO_FILE) from error
            raise Unreachable(f"not uploaded: {error}") from error
        with self._db.transaction() as tx:
            own.note_upload(tx, number, name, media_id)
        return media_id

    def _file(self, send: Send, name: str) -> OwnFile:
        with self._db.transaction() as tx:
            file = own.get(tx, send.conversation_id, name)
        if file is None:
            raise Rejected("its file is not kept any more", code=NO_FILE)
        return file

    def _forget(self, number: Number, media_id: str) -> None:
        with self._db.transaction() as tx:
            own.forget_upload(tx, number, media_id)


def _naming(outbound: Outbound, media_id: str) -> Outbound:
    return replace(outbound, media=Media(id=media_id))
