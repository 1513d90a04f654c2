"""Known browsers: a signed cookie gives them sign-in attempts of their own, so that guessing elsewhere locks nobody out.

The cookie opens nothing. It is signed for one account, and gives its browser tries of its own.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import request
from werkzeug.wrappers import Response

from dashboard.signing_in import keys
from dashboard.window import Window

NAME = "turno-known"
HALF_A_YEAR_S = 15_552_000


def of_account(window: Window, email: str) -> str:
    """The token by which the account recognises this browser; empty when it never signed in here."""
    name, _, sign = request.cookies.get(keys.name(window, NAME), "")[: keys.LONGEST].partition(".")
    shown = sign.encode("utf-8", "surrogateescape")
    good = [hmac.compare_digest(shown, _sign(secret, email, name).encode()) for secret in window.settings.seals]
    return name if any(good) else ""


def remember(response: Response, window: Window, email: str) -> None:
    """Know this browser from now on; where there is no secret to sign with, it stays unknown."""
    if window.settings.seals:
        name = keys.new()
        value = f"{name}.{_sign(window.settings.seals[0], email, name)}"
        keys.put(response, window, NAME, value, max_age=HALF_A_YEAR_S)


def _sign(secret: str, email: str, name: str) -> str:
    message = f"known browser:{email}:{name}".encode("utf-8", "surrogateescape")
    return hmac.digest(secret.encode(), message, hashlib.sha256).hex()
