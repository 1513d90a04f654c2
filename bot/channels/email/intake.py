"""Intake of e-mail: looks into every mailbox, and moves letters away once they are committed (at least once, deduplicated).

One mailbox that cannot be reached does not stop the others, and one letter that cannot be read does not stop those
behind it: it is recorded among the dead letters.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.email import events
from bot.channels.email.imap import Inbox, Waiting
from bot.channels.email.reading import Mail, Picture
from core import telemetry
from core.errors import TurnoError, Unreachable
from core.messages import News
from core.settings import Settings
from core.store.files.photos import Photos
from core.telemetry import log

AT_ONCE = 20
"""Letters of one mailbox in one commit at most."""


@dataclass(slots=True)
class _Fetched:
    """The letters of one mailbox that the last round brought."""

    validity: str = ""
    uids: list[str] = field(default_factory=list)


class EmailIntake:
    """The mailboxes of all desks."""

    def __init__(self, settings: Settings, kept: Photos):
        self._settings, self._kept = settings, kept
        self._inboxes = {address: Inbox(settings, address, key) for address, key in settings.mailbox_keys.items()}
        self._fetched: dict[str, _Fetched] = {}

    def fetch(self) -> News:
        """Everything that waits, of every mailbox that can be reached. Raises Unreachable when none can be."""
        self._fetched = {}
        news, problems = News(), dict[str, Unreachable]()
        for address in self._inboxes:
            try:
                news = _both(news, self._of(address))
            except Unreachable as problem:
                problems[address] = problem
        telemetry.mailboxes(len(self._inboxes), len(problems))
        if problems and len(problems) == len(self._inboxes):
            raise next(iter(problems.values()))
        for found in problems.values():
            log.warning("mailbox.unreachable", error=str(found))
        return news

    def drop(self, news: News) -> None:
        """These are committed: they leave their inbox. Of one that cannot be reached now, copies will come, and count once."""
        for address, fetched in self._fetched.items():
            try:
                self._inboxes[address].move(fetched.uids, fetched.validity)
            except Unreachable as problem:
                log.warning("mailbox.not_moved", letters=len(fetched.uids), error=str(problem))
        self._fetched = {}

    def close(self) -> None:
        for inbox in self._inboxes.values():
            inbox.close()

    def _of(self, address: str) -> News:
        """News of one mailbox; each letter that is fetched is named for the drop."""
        validity, waiting = self._inboxes[address].waiting(AT_ONCE)
        news, fetched = News(), _Fetched(validity)
        for one in waiting:
            found = self._read(address, one)
            if found is not None:
                news = _both(news, found)
                fetched.uids.append(one.uid)
        if fetched.uids:
            self._fetched[address] = fetched
        return news

    def _read(self, address: str, waiting: Waiting) -> News | None:
        """One letter; None when it went away meanwhile."""
        whole = waiting.size <= self._settings.mail_bytes
        raw = self._inboxes[address].fetch(waiting.uid, whole=whole)
        if raw is None:
            return None
        mail = Mail(raw, whole)
        try:
            news, what = events.news_of(mail, address, self._settings, self._keep)
        except TurnoError:
            raise
        except Exception as error:  # whatever somebody sends, the letters behind it are read
            log.error("letter.unreadable", error=type(error).__name__, exc_info=True)
            news, what = News((events.unreadable(mail, address, type(error).__name__),)), "unreadable"
        telemetry.letter(what if whole else "too_large")
        return news

    def _keep(self, picture: Picture) -> str:
        return self._kept.put(picture.content)


def _both(one: News, other: News) -> News:
    return News(one.events + other.events, one.deliveries + other.deliveries)
