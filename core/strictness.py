"""Checks of production settings: refuses missing or guessable secrets, and addresses that would send keys in clear text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from core.settings import Settings

DEMANDED = (
    *("whatsapp_verify_token", "whatsapp_app_secret", "whatsapp_access_token"),
    *("log_token", "staff_secret", "erasure_secret"),
)
OURS = (
    "log_token",
    "metrics_token",
    "tickets_token",
    "personal_token",
    "delete_token",
    "alarms_token",
    "staff_secret",
    "erasure_secret",
    "codes_secret",
)
"""Secrets that we choose, and not Meta."""
SHORTEST_SECRET = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OUTSIDE = ("graph_api_url", "openai_base_url", "s3_endpoint", "roads_url", "public_url")


def problems(settings: Settings) -> list[str]:
    return [*_weak(settings), *_open(settings)]


def _weak(settings: Settings) -> list[str]:
    """Secrets that production would miss, or that can be guessed."""
    missing = [name.upper() for name in DEMANDED if not _secret(settings, name)]
    short = [name.upper() for name in OURS if 0 < len(_secret(settings, name)) < SHORTEST_SECRET]
    problems = [f"production needs {', '.join(missing)}"] if missing else []
    if short:
        problems.append(f"production needs at least {SHORTEST_SECRET} characters in {', '.join(short)}")
    return problems


def _open(settings: Settings) -> list[str]:
    """Settings that would send keys or messages unencrypted, and those that only tests may use."""
    problems = [
        f"production needs https in {name.upper()}" for name in OUTSIDE if not _private(getattr(settings, name))
    ]
    problems += [
        f"production needs encryption in {kind.upper()}_TLS"
        for kind in ("imap", "smtp")
        if getattr(settings, f"{kind}_tls") == "none" and getattr(settings, f"{kind}_host") not in ("", *LOOPBACK)
    ]
    if not settings.public_url:
        problems.append("production needs PUBLIC_URL")
    if settings.turno_crash_at:
        problems.append("production does not crash on purpose: unset TURNO_CRASH_AT")
    return problems


def _private(url: str) -> bool:
    """Over TLS, or never out of this machine."""
    where = urlsplit(url)
    return not url or where.scheme == "https" or (where.hostname or "") in LOOPBACK


def _secret(settings: Settings, name: str) -> str:
    return str(getattr(settings, name).get_secret_value())
