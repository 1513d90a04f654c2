"""Storage of the web chat: session ownership, the replies to its events, transcripts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from core.kinds import UNSPOKEN
from core.store.chat import rows
from core.store.db import Database, Tx

ARRIVED = ("sent",)
READ = ("sent", "delivered")


@dataclass(frozen=True, slots=True)
class Opened:
    """The two secrets a browser gets, and nobody else ever sees."""

    id: str
    csrf_token: str


def hashed(session_id: str) -> str:
    """The hash under which a web session's id is stored: enough to recognise it, useless to whoever steals it."""
    return sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


def open_session(tx: Tx, address: str, *, locale: str) -> Opened | None:
    """A new session on this web channel; None when no desk answers there."""
    opened = Opened(f"web-{secrets.token_hex(12)}", secrets.token_urlsafe(24))
    row = tx.one(
        rows.OPENED_SESSION, secret_hash=hashed(opened.id), csrf_token=opened.csrf_token, locale=locale, address=address
    )
    return opened if row else None


def find(db: Database, session_id: str, *, keep_s: float) -> rows.WebSession | None:
    """The session while it lives; its time begins anew."""
    found = db.at_once(rows.WEB_SESSION, secret_hash=hashed(session_id), keep_s=keep_s)
    if found and found[0].stale:
        with db.transaction() as tx:
            tx.run("web.see", secret_hash=found[0].secret_hash)
    return found[0] if found else None


def speak(tx: Tx, secret_hash: str) -> None:
    """The first line is written in this session: from now on, somebody is in the chat."""
    tx.run("web.speak", secret_hash=secret_hash)


def finish(tx: Tx, session_id: str) -> bool:
    return tx.run("web.finish", secret_hash=hashed(session_id)) == 1


def places(tx: Tx) -> list[rows.Place]:
    return tx.rows(rows.PLACES)


def first_answer_s(tx: Tx, desk: str) -> float | None:
    """How long people of a desk took lately until they answered; None while too few were waited for."""
    found = tx.one(rows.FIRST_ANSWER, desk=desk)
    return found.median_s if found else None


def busy(tx: Tx, *, within_s: float) -> int:
    return int(tx.rows(rows.BUSY, within_s=within_s)[0].people)


def present(tx: Tx, *, within_s: float, size: int) -> list[rows.Present]:
    """The web sessions that are in the chat now."""
    return tx.rows(rows.PRESENT, within_s=within_s, size=size)


def answers(db: Database, external_ids: Sequence[str]) -> list[rows.Answer]:
    return db.at_once(rows.ANSWERS, external_id=list(external_ids))


def lines(
    db: Database, conversation_id: int, *, after: tuple[int, int] = (0, 0), greeted: bool = False, size: int = 100
) -> list[rows.Line]:
    """The transcript after these ids of inbox and outbox; without the greeting where that is shown already."""
    place = {"event_id": after[0], "outbound_id": after[1], "greeted": greeted}
    return db.at_once(rows.LINES, conversation_id=conversation_id, unspoken=list(UNSPOKEN), size=size, **place)


def transcript(tx: Tx, conversation_id: int, *, after: tuple[int, int], size: int) -> list[rows.Written]:
    """A page of everything that was said, from after this place on."""
    place = {"event_id": after[0], "outbound_id": after[1]}
    return tx.rows(rows.WRITTEN, conversation_id=conversation_id, unspoken=list(UNSPOKEN), size=size, **place)


def shown(tx: Tx, session: rows.WebSession, *, most: int) -> int:
    """How many photos came in this session, counted no further than `most`."""
    if session.conversation_id is None:
        return 0
    row = tx.rows(rows.SHOWN, conversation_id=session.conversation_id, secret_hash=session.secret_hash, most=most)[0]
    return int(row.photos)


def forget(tx: Tx, secret_hash: str) -> None:
    tx.run("web.forget", secret_hash=secret_hash)


def unseen(tx: Tx, conversation_id: int, upto: int, *, states: Sequence[str]) -> list[int]:
    found = tx.rows(rows.UNSEEN, conversation_id=conversation_id, outbound_id=upto, states=list(states))
    return [row.id for row in found]


def purge(tx: Tx, *, keep_s: float, size: int = 1000) -> int:
    """Remove one small batch of sessions that are over. How many."""
    return tx.run("web.purge", keep_s=keep_s, size=size)
