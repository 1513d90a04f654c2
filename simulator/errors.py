"""Error answers of the Graph API, in its own format."""

from __future__ import annotations

import secrets
from typing import Any

_TITLES = {
    0: ("AuthException", 401),
    1: ("API Unknown", 500),
    2: ("API Service", 503),
    3: ("API Method", 403),
    4: ("API Too Many Calls", 400),
    10: ("Permission Denied", 403),
    33: ("Parameter value is not valid", 400),
    100: ("Invalid parameter", 400),
    190: ("Access token has expired", 401),
    368: ("Temporarily blocked for policies violations", 403),
    80007: ("Rate limit issues", 400),
    130429: ("Rate limit hit", 400),
    130472: ("User's number is part of an experiment", 400),
    131000: ("Something went wrong", 500),
    131005: ("Access denied", 403),
    131008: ("Required parameter is missing", 400),
    131009: ("Parameter value is not valid", 400),
    131016: ("Service unavailable", 500),
    131021: ("Recipient cannot be sender", 400),
    131026: ("Message undeliverable", 400),
    131031: ("Account has been locked", 403),
    131042: ("Business eligibility payment issue", 400),
    131047: ("Re-engagement message", 400),
    131048: ("Spam rate limit hit", 400),
    131051: ("Unsupported message type", 400),
    131052: ("Media download error", 400),
    131053: ("Media upload error", 400),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", 400),
    131057: ("Account in maintenance mode", 500),
    132000: ("Template Param Count Mismatch", 400),
    132001: ("Template does not exist", 404),
    133010: ("Phone number not registered", 400),
}


class GraphError(Exception):
    """A refusal of the Graph API: its code, what is wrong, and the HTTP status it comes with."""

    def __init__(self, code: int, details: str = "", *, status: int | None = None):
        self.title, usual = _TITLES.get(code, ("Something went wrong", 400))
        super().__init__(f"(#{code}) {self.title}")
        self.code = code
        self.details = details or self.title
        self.status = status or usual

    @property
    def body(self) -> dict[str, Any]:
        """The answer to the call that was refused."""
        return {
            "error": {
                "message": str(self),
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": secrets.token_urlsafe(12),
            }
        }

    @property
    def in_status(self) -> dict[str, Any]:
        """The same, as a `failed` status tells it later."""
        return {"code": self.code, "title": self.title, "message": self.title, "error_data": {"details": self.details}}
