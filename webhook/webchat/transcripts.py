"""Transcripts for their owner and for token holders: as text, and as JSON with readings. Masked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from core import pii
from core.store.chat import web
from core.store.chat.rows import OwnTicket, WebSession, Written
from core.store.db import Database
from webhook.webchat.owners import Owners
from webhook.webchat.refusals import answered
from webhook.webchat.tickets import Tickets

PAGE = 500


class Transcripts:
    def __init__(self, db: Database, *, page: int = PAGE):
        self._db, self._page = db, page

    def lines(self, session: WebSession) -> list[dict[str, Any]]:
        return [] if session.conversation_id is None else self.of(session.conversation_id)

    def of(self, conversation_id: int) -> list[dict[str, Any]]:
        """Everything, from the first word on, in the order in which it took effect."""
        found: list[Written] = []
        while True:
            after = (found[-1].event_id, found[-1].outbound_id) if found else (0, 0)
            with self._db.transaction() as tx:
                page = web.transcript(tx, conversation_id, after=after, size=self._page)
            found += page
            if len(page) < self._page:
                break
        return [_line(row) for row in found]


def add_to(routes: Blueprint, transcripts: Transcripts, tickets: Tickets, owners: Owners, rule: str) -> None:
    @routes.get("/transcript/<sid>")
    @answered
    def text(sid: str) -> Response:
        lines = transcripts.lines(owners.session(sid, rule, "transcript"))
        body = "".join(f"{line['ts'][:19]}  {line['who']}: {line['text']}\n" for line in lines)
        return Response(body, mimetype="text/plain")

    @routes.get("/transcript-json/<sid>")
    @answered
    def in_json(sid: str) -> dict[str, Any]:
        return {"ok": True, "sessionId": sid, "transcript": transcripts.lines(owners.session(sid, rule, "transcript"))}

    @routes.get("/historial/<sid>")
    @answered
    def history(sid: str) -> dict[str, Any]:
        """The conversation and the tickets that came of it."""
        session = owners.session(sid, rule, "transcript")
        return {
            "ok": True, "sessionId": sid, "createdAt": session.created_at.isoformat(),
            "stage": f"{session.flow}.{session.state}" if session.flow else "",
            "conversation": transcripts.lines(session), "tickets": [_ticket(row) for row in tickets.mine(session)],
        }  # fmt: skip


def _line(row: Written) -> dict[str, Any]:
    return {"who": row.who, "kind": row.kind, "text": pii.mask(row.text or f"[{row.kind}]"), "ts": row.at.isoformat()}


def _ticket(row: OwnTicket) -> dict[str, Any]:
    return {
        "ticketId": row.number, "kind": row.kind, "status": row.status, "summary": pii.mask(row.summary),
        "createdAt": row.created_at.isoformat(),
    }  # fmt: skip
