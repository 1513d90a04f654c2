"""IMAP: one mailbox over a kept connection. Its inbox is a queue: what was accepted is moved to another folder.

Nothing is remembered between two rounds, so a new UIDVALIDITY does no harm: letters are known by their Message-ID.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from time import monotonic

from imap_tools import AND, BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import MailboxLoginError

from core.errors import Unreachable
from core.settings import Settings

INBOX = "INBOX"
LARGEST_HEAD = 262_144
REFUSED_S = 60.0
"""How long a mailbox is left alone whose password was refused: who asks too often is locked out."""
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter in the inbox, not fetched yet."""

    uid: str
    size: int


class Inbox:
    """The inbox of one address of ours."""

    def __init__(self, settings: Settings, address: str, key: str):
        self._settings, self._address, self._key = settings, address, key
        self._open: BaseMailBox | None = None
        self._refused_until = 0.0
        self._validity = ""

    def waiting(self, most: int) -> tuple[str, list[Waiting]]:
        """The oldest letters that wait, and the UIDVALIDITY under which they are numbered."""
        with self._connected() as box:
            box.folder.set(INBOX)
            self._validity = _validity(box)
            since = (datetime.now(UTC) - timedelta(days=self._settings.mail_oldest_days)).date()
            uids = sorted(box.uids(AND(date_gte=since, deleted=False)), key=int)[:most]
            return self._validity, _sizes(box, uids) if uids else []

    def fetch(self, uid: str, *, whole: bool) -> bytes | None:
        """A letter, or the beginning of its head; None when it is not there any more. It stays unread."""
        what = "BODY.PEEK[]" if whole else f"BODY.PEEK[HEADER]<0.{LARGEST_HEAD}>"
        with self._connected() as box:
            for part in box.client.uid("FETCH", uid, f"({what})")[1]:
                if isinstance(part, tuple):
                    return bytes(part[1])
        return None

    def move(self, uids: Sequence[str], validity: str) -> None:
        """Move these to the folder of what is done, as read. Numbers of another UIDVALIDITY mean other letters: they stay."""
        with self._connected() as box:
            if validity != self._validity:
                return
            folder = self._settings.imap_done_folder
            if not box.folder.exists(folder):
                box.folder.create(folder)
            box.flag(uids, MailMessageFlags.SEEN, True)
            box.move(uids, folder)

    def was_sent(self, message_id: str) -> bool:
        """Whether the folder of sent letters has this one. Raises Unreachable when nobody can tell."""
        with self._connected() as box:
            box.folder.set(self._settings.imap_sent_folder, readonly=True)
            return bool(box.uids(f'HEADER Message-ID "{message_id}"'))

    def close(self) -> None:
        box, self._open = self._open, None
        if box is not None:
            try:
                box.logout()
            except (OSError, IMAP4.error, ImapToolsError):  # it is gone either way
                return

    @contextmanager
    def _connected(self) -> Iterator[BaseMailBox]:
        """The connection; after a failure the next call opens another, after a refused password not before a minute."""
        if monotonic() < self._refused_until:
            raise Unreachable("the mail server: it refused the password of this mailbox")
        try:
            if self._open is None:
                self._open = _opened(self._settings).login(self._address, self._key, initial_folder=INBOX)
                self._validity = _validity(self._open)
            yield self._open
        except (OSError, IMAP4.error, ImapToolsError, UnicodeError) as problem:
            self.close()
            if isinstance(problem, MailboxLoginError):
                self._refused_until = monotonic() + REFUSED_S
            raise Unreachable(f"the mail server: {type(problem).__name__}") from None


def _opened(settings: Settings) -> BaseMailBox:
    where, wait_s = (settings.imap_host, settings.imap_port), settings.imap_timeout_s
    if settings.imap_tls == "tls":
        return MailBox(*where, timeout=wait_s, ssl_context=ssl.create_default_context())
    if settings.imap_tls == "starttls":
        return MailBoxStartTls(*where, timeout=wait_s, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(*where, timeout=wait_s)


def _validity(box: BaseMailBox) -> str:
    told = box.client.response("UIDVALIDITY")[1]
    return told[-1].decode() if told and told[-1] else ""


def _sizes(box: BaseMailBox, uids: Sequence[str]) -> list[Waiting]:
    """How large each is, before any is fetched."""
    told = box.client.uid("FETCH", ",".join(uids), "(UID RFC822.SIZE)")[1]
    found = []
    for line in told:
        uid, size = _UID.search(line or b""), _SIZE.search(line or b"")
        if uid and size:
            found.append(Waiting(uid[1].decode(), int(size[1])))
    return found
