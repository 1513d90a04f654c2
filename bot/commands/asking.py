"""A new password: typed twice, or read from a file. Never an argument, which other users of the machine can read."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from core import passwords


class Refused(Exception):
    """Raised when a command did nothing; the message says why."""


def ask(file: Path | None, email: str) -> str:
    """A password good enough for this account."""
    password = _read(file) if file else _typed(email)
    if weakness := passwords.weakness(password, email=email):
        raise Refused(weakness)
    return password


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {type(error).__name__}") from None


def _typed(email: str) -> str:
    if not sys.stdin.isatty():
        raise Refused("nobody is here to type a password: use --password-file or --link")
    password = getpass.getpass(f"password for {email}: ")
    if getpass.getpass("the same again: ") != password:
        raise Refused("the two are not the same")
    return password
