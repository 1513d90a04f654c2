"""Whose a chat is: who shows its id in a header, where no link and no history of a browser keeps it."""

from __future__ import annotations

import hmac

from flask import request

from core.store.db import Row
from core.wire import webchat
from webhook.keyholder import Keyholder, Purpose
from webhook.webchat.chat import Chat
from webhook.webchat.guard import Forbidden, Guard


class Owners:
    def __init__(self, chat: Chat, guard: Guard, keyholder: Keyholder):
        self._chat, self._guard, self._keyholder = chat, guard, keyholder

    def session(self, sid: str, purpose: Purpose = "personal") -> Row:
        """The session, for its owner or who holds the key. Raises Forbidden, UnknownSession, BadSession."""
        webchat.session_id({"sessionId": sid})
        if not self._keyholder.shown(request, purpose):
            self._check_owner(sid)
        return self._chat.session(sid)

    def session_to_change(self, sid: str) -> Row:
        """The same, and a page must show the session's token."""
        session = self.session(sid, "delete")
        if not self._keyholder.shown(request, "delete"):
            self._guard.check_token(request, session, {})
        return session

    def _check_owner(self, sid: str) -> None:
        shown = request.headers.get("X-Session-Id", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(shown, sid.encode("utf-8", "surrogatepass")):
            raise Forbidden("only for whose session it is")
