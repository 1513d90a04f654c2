"""Data-protection rights of customers: a copy of their data, and its erasure."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from core import person_file
from core.erasing import Eraser
from core.errors import Refused
from core.settings import Settings
from core.store.chat import web
from core.store.chat.rows import WebSession
from core.store.db import Database
from core.store.files.photos import Photos
from core.store.people import person
from core.store.staff import audit
from core.tombstone import SHORTEST_SECRET, AliasDigest
from webhook.aside import Tombstones, photos
from webhook.webchat.guard import UnknownSession
from webhook.webchat.limits import Limits
from webhook.webchat.owners import Owners
from webhook.webchat.refusals import answered

OWN = "the person themselves"
NOTED = "1/hour"
"""No line of the audit can ever be removed: one tells of all exports of a person within an hour."""


class NoEraser(Refused):
    """ERASURE_SECRET is not set."""

    status = 503


class Personal:
    def __init__(self, db: Database, limits: Limits, settings: Settings):
        self._db, self._limits, self._settings = db, limits, settings
        self._kept: Photos = photos(settings, db)

    def file(self, session: WebSession) -> Response:
        """Everything as a ZIP, made while it is taken away."""
        with self._db.transaction() as tx:
            found = person.holdings(tx, session.contact_id) if session.contact_id else None
            if found is None:
                raise UnknownSession("nothing is kept about this session")
            if self._limits.first(NOTED, "exported", str(found.id)):
                audit.note(tx, who=OWN, did="exported a person", subject=f"contact:{found.id}")
        answer = Response(person_file.pieces(self._db, found.id, self._kept, found.desks), mimetype="application/zip")
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
        return answer

    def erase(self, session: WebSession) -> dict[str, Any]:
        """Erase this person and end the session. Reports what could not be erased yet."""
        eraser, left = self._eraser(), list[int]()
        with self._db.transaction() as tx:
            if session.contact_id is not None:
                audit.note(tx, who=OWN, did="erased a person", subject=f"contact:{session.contact_id}")
        if session.contact_id is not None:
            eraser.erase(session.contact_id, lambda gone: left.append(gone.left))
        with self._db.transaction() as tx:
            web.forget(tx, session.secret_hash)
        items = ["session", "transcript", "tickets", "steps"]
        if sum(left):
            sentence = "Everything that was kept about you is erased, but for photos, which follow within two hours."
            return {"ok": True, "message": sentence, "deletedItems": items, "following": ["photos"]}
        items.append("photos")
        return {"ok": True, "message": "Everything that was kept about you is erased.", "deletedItems": items}

    def _eraser(self) -> Eraser:
        secret = self._settings.erasure_secret.get_secret_value()
        if len(secret) < SHORTEST_SECRET:
            raise NoEraser("ERASURE_SECRET is not set")
        return Eraser(self._db, AliasDigest(secret), Tombstones(self._settings.tombstones_file), self._kept)


def add_to(routes: Blueprint, personal: Personal, owners: Owners, rule: str) -> None:
    @routes.get("/gdpr/my-data/<sid>")
    @answered
    def mine(sid: str) -> Response:
        return personal.file(owners.session(sid, rule, "my_data"))

    @routes.delete("/gdpr/delete-me/<sid>")
    @answered
    def erased(sid: str) -> dict[str, Any]:
        return personal.erase(owners.session_to_change(sid, rule, "erasure"))
