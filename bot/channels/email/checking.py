"""Check of the mailboxes: sign in over IMAP and SMTP, and neither read nor send anything."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.email import smtp
from bot.channels.email.imap import Inbox
from core.errors import TurnoError
from core.settings import Settings


def check(settings: Settings) -> Mapping[str, str]:
    """By address, the problem of a mailbox; empty where both servers let us in."""
    return {address: "; ".join(_problems(settings, address, key)) for address, key in settings.mailbox_keys.items()}


def _problems(settings: Settings, address: str, key: str) -> list[str]:
    found = []
    try:
        _read(settings, address, key)
    except TurnoError as problem:
        found.append(f"IMAP: {problem}")
    try:
        _sign_in(settings, address, key)
    except TurnoError as problem:
        found.append(f"SMTP: {problem}")
    return found


def _read(settings: Settings, address: str, key: str) -> None:
    if settings.imap_host:
        inbox = Inbox(settings, address, key)
        inbox.waiting(1)
        inbox.close()


def _sign_in(settings: Settings, address: str, key: str) -> None:
    if settings.smtp_host:
        smtp.sign_in(settings, *smtp.account(settings, address, key))
