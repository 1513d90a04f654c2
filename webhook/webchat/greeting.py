"""Greeting of the chat: shown before the first line, without a conversation, and recorded with that line.

Opening the chat writes a session, and nothing about a person. The first line is accepted together with the welcome
that was shown, so that both are there or neither, and the conversation stands where its browser believes it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.dry_run import Trial
from core.errors import Unreachable
from core.messages import Event, News
from core.store.chat.rows import WebSession
from core.telemetry import log
from core.wire import webchat
from core.wire.webchat import Cursor, Unsaid

Greet = Callable[[Event, datetime], Trial | None]
"""Steps a welcome without writing anything. It is lent: the door does not know the engine."""


def nobody(_: Event, __: datetime) -> None:
    """Greets without a word, where no engine is lent."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """The words of a desk, as far as there are any, and where a conversation stands after them."""

    said: tuple[Unsaid, ...]
    stage: str
    at: datetime
    language: str = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [webchat.greeting_line(each, self.at) for each in self.said]

    @property
    def cursor(self) -> Cursor:
        """The cursor of a browser that shows this; without words it waits for those that are recorded."""
        return Cursor(greeted=bool(self.said))

    @property
    def body(self) -> dict[str, Any]:
        """For the browser; without words it must ask again."""
        told = {**webchat.reply(self.said), "stage": self.stage, "language": self.language, "pending": not self.said}
        return {**told, "greeting": told["reply"], "lines": self.lines, "cursor": str(self.cursor)}


def of(session: WebSession, greet: Greet) -> Greeting:
    """The greeting of this session, the same each time it is asked for. An engine that is broken greets nobody."""
    trial = None
    try:
        trial = greet(welcome(session), session.created_at)
    except Unreachable:
        raise
    except Exception as error:
        log.error("chat.greeting_broken", error=type(error).__name__, exc_info=True)
    said = tuple(webchat.unsaid(trial.said)) if trial else ()
    return Greeting(said, trial.after if trial else "", session.created_at, trial.language if trial else "")


def welcome(session: WebSession) -> Event:
    return webchat.welcome(
        who=session.secret_hash, address=session.address, locale=session.locale, shown_at=session.created_at
    )


def with_welcome(session: WebSession, event: Event) -> News:
    """This event, and before the first one of a session the welcome that was shown."""
    return News((event,) if session.conversation_id is not None else (welcome(session), event))
