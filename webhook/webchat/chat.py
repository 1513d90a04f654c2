"""The web chat: open, post, poll, resume. A message goes the way of every other message.

A line is an event in the inbox and its answer is in the outbox; this room only brings the one in and the other out.
Nothing is lost when the browser goes away: it asks again for what was said after what it knows.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import Refused
from core.messages import Delivery, Event, News
from core.own_files import OwnFile
from core.presence import Present
from core.settings import Settings
from core.store.chat import web
from core.store.chat.rows import Answer, Place, WebSession
from core.store.chat.web import Opened
from core.store.db import Database
from core.store.files import own
from core.wire import webchat
from core.wire.webchat import BEGINNING, Cursor, Said
from webhook.door import Door
from webhook.webchat import greeting
from webhook.webchat.answers import Answers
from webhook.webchat.greeting import Greet, Greeting
from webhook.webchat.guard import UnknownSession

LONG = 500
"""Most lines of a conversation that are shown at once."""


class NoDesk(Refused):
    """No desk answers there."""

    status = 404


class Crowded(Refused):
    """More people than there is room for."""

    status = 503

    def __init__(self, people: int, most: int):
        super().__init__(f"{people} people are in the chat")
        self.people, self.most = people, most


class ManyPhotos(Refused):
    """A session shows no more than so many."""

    status = 400


@dataclass(frozen=True, slots=True)
class Answered:
    """The replies to a message, as far as they exist when the browser must be answered."""

    session: WebSession
    event_id: str
    rows: Sequence[Answer] | None
    line_id: str = ""
    """The browser's own id of the line, or the one it was given here."""

    @property
    def conversation_id(self) -> int | None:
        """Made by the first line, which only its answer tells."""
        first = self.rows[0] if self.rows else self.session
        return int(first.conversation_id) if first.conversation_id else None

    @property
    def stage(self) -> str:
        first = self.rows[0] if self.rows else self.session
        return f"{first.flow}.{first.state}" if first.flow else ""

    @property
    def body(self) -> dict[str, Any]:
        """For the browser; without rows it must ask again."""
        said = webchat.reply(self.rows or ())
        return {**said, "stage": self.stage, "pending": self.rows is None}


class Chat:
    def __init__(self, db: Database, door: Door, answers: Answers, settings: Settings, greet: Greet, present: Present):
        self._db, self._door, self._answers, self._settings, self._greet = db, door, answers, settings, greet
        self._present = present

    def begin(self, desk: str, locale: str) -> tuple[Opened, WebSession, Greeting]:
        """A new session, and the greeting of its desk: nothing about a conversation is written."""
        with self._db.transaction() as tx:
            self._check_room(web.busy(tx, within_s=self._settings.webchat_busy_s))
            opened = web.open_session(tx, desk or self._first(web.places(tx)), locale=locale)
        if opened is None:
            raise NoDesk("no desk answers in this chat")
        session = self.session(opened.id)
        return opened, session, greeting.of(session, self._greet)

    def say(self, session: WebSession, line: Said) -> Answered:
        """A line of a customer; its answer, when it comes in time."""
        number = line.message_id or secrets.token_hex(8)
        event = webchat.event(line, who=session.secret_hash, address=session.address, number=number)
        return self.put(session, event)

    def session(self, session_id: str) -> WebSession:
        """The session while it lives. Raises UnknownSession."""
        found = web.find(self._db, session_id, keep_s=self._settings.webchat_session_s)
        if found is None:
            raise UnknownSession("this chat is over: begin a new one")
        return found

    def lines(self, session: WebSession, known: Cursor = BEGINNING) -> dict[str, Any]:
        """The messages after the cursors, and the new cursors; before the first line, the greeting."""
        if session.conversation_id is None:
            return self._greeting(session, known)
        rows = web.lines(self._db, session.conversation_id, after=known[:2], greeted=known.greeted, size=LONG)
        stage = f"{session.flow}.{session.state}" if session.flow else ""
        return {
            "lines": [webchat.line(row) for row in rows], "cursor": webchat.after(rows, known), "stage": stage,
            "language": session.language or "",
        }  # fmt: skip

    def picture(self, session: WebSession, name: str) -> OwnFile | None:
        """A picture that was shown in this conversation."""
        if session.conversation_id is None:
            return None
        with self._db.transaction() as tx:
            return own.get(tx, session.conversation_id, name)

    def presence(self, session: WebSession) -> dict[str, Any]:
        """When people of the desk are there, for the head of the chat."""
        return self._present(session.address).as_json

    def _greeting(self, session: WebSession, known: Cursor) -> dict[str, Any]:
        if known.greeted:
            return {"lines": [], "cursor": str(known), "stage": "", "language": ""}
        greeted = greeting.of(session, self._greet)
        return {
            "lines": greeted.lines, "cursor": str(greeted.cursor), "stage": greeted.stage,
            "language": greeted.language,
        }  # fmt: skip

    def arrived(self, session: WebSession, upto: int, *, read: bool) -> int:
        """The browser shows everything up to here, or the customer has seen it: statuses, like any platform's."""
        if session.conversation_id is None:
            return 0
        with self._db.transaction() as tx:
            ids = web.unseen(tx, session.conversation_id, upto, states=web.READ if read else web.ARRIVED)
        self._door.accept(News((), tuple(_delivery(i, read) for i in ids)))
        return len(ids)

    def check_photos(self, session: WebSession, coming: int) -> None:
        """Raises ManyPhotos when the session has shown as many as it may."""
        most = self._settings.upload_most
        with self._db.transaction() as tx:
            if web.shown(tx, session, most=most) + coming > most:
                raise ManyPhotos(f"at most {most} photos in one session")

    def restart(self, session: WebSession) -> Answered:
        """Everything from the beginning, in the same session."""
        words = "start over" if session.locale.startswith("en") else "empezar de nuevo"
        return self.say(session, Said("", words))

    def speak(self, session: WebSession) -> None:
        """Somebody writes or shows something. Raises Crowded when there is no room for one more."""
        if session.spoke_at is None:
            with self._db.transaction() as tx:
                self._check_room(web.busy(tx, within_s=self._settings.webchat_busy_s))
                web.speak(tx, session.secret_hash)

    def put(self, session: WebSession, event: Event) -> Answered:
        """Something that can change the conversation, and what it led to."""
        with self._answers.awaited(event.external_id) as answer:
            self._door.accept(greeting.with_welcome(session, event))
            rows = answer.within(self._settings.webchat_wait_s)
        return Answered(session, event.correlation_id, rows, event.external_id.rpartition(":")[2])

    def await_turn(self, happen: Callable[[], str], *, waits: bool) -> None:
        """Let something happen that is an event of its own, named by its external id; and wait for its turn, where it is one
        of the chat."""
        external_id = happen()
        self._door.ring()
        if waits:
            with self._answers.awaited(external_id) as answer:
                answer.within(self._settings.webchat_wait_s)

    def _check_room(self, people: int) -> None:
        if people >= self._settings.webchat_max_users:
            raise Crowded(people, self._settings.webchat_max_users)

    @staticmethod
    def _first(places: Sequence[Place]) -> str:
        return str(places[0].address) if places else ""


def _delivery(outbound_id: int, read: bool) -> Delivery:
    return Delivery(
        external_id=f"web:{outbound_id}",
        state="read" if read else "delivered",
        callback_id=str(outbound_id),
        at=datetime.now(UTC),
    )


def told_session(session: WebSession, lines: Mapping[str, Any]) -> dict[str, Any]:
    """A session as its own browser may see it."""
    return {
        "stage": lines["stage"],
        "userLocale": session.locale,
        "language": lines["language"],
        "transcript": lines["lines"],
        "cursor": lines["cursor"],
        "createdAt": session.created_at.isoformat(),
    }
