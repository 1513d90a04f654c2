"""Ownership of a chat session, proved by its id in a header, which no link and no browser history keeps."""

from __future__ import annotations

import hmac

from flask import request

from core.store.chat.rows import WebSession
from core.wire import webchat
from webhook.keyholder import Keyholder, Purpose
from webhook.webchat.chat import Chat
from webhook.webchat.guard import Forbidden, Guard
from webhook.webchat.limits import Limits


class Owners:
    def __init__(self, chat: Chat, guard: Guard, keyholder: Keyholder, limits: Limits):
        self._chat, self._guard, self._keyholder, self._limits = chat, guard, keyholder, limits

    def session(self, sid: str, rule: str, name: str, purpose: Purpose = "personal") -> WebSession:
        """The session, for its owner within this limit, or for who holds the key.

        Raises Forbidden, UnknownSession, BadSession, TooMany.
        """
        return self._opened(sid, rule, name, purpose)[0]

    def session_to_change(self, sid: str, rule: str, name: str) -> WebSession:
        """The same, and a page must show the session's token."""
        session, by_key = self._opened(sid, rule, name, "delete")
        if not by_key:
            self._guard.check_token(request, session, {})
        return session

    def _opened(self, sid: str, rule: str, name: str, purpose: Purpose) -> tuple[WebSession, bool]:
        """The session, and whether a key opened it. The key is looked at once: a wrong one counts once."""
        webchat.session_id({"sessionId": sid})
        by_key = self._keyholder.shown(request, purpose)
        if not by_key:
            self._check_owner(sid)
        session = self._chat.session(sid)
        if not by_key:
            self._limits.check(rule, name, session.secret_hash)
        return session, by_key

    def _check_owner(self, sid: str) -> None:
        shown = request.headers.get("X-Session-Id", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(shown, sid.encode("utf-8", "surrogatepass")):
            raise Forbidden("only for whose session it is")
