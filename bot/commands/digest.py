"""`digest`: the day's figures beside those of the day before, by mail or on the terminal."""

from __future__ import annotations

import argparse
import smtplib
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage

from bot.commands.opening import open_database, open_settings
from core.settings import Settings
from core.store import digest, operations
from core.store.db import Database
from core.store.digest import Day
from core.version import VERSION

TIMEOUT_S = 30.0
LINES = (
    ("customers' messages", "messages"),
    ("conversations", "conversations"),
    ("replies", "replies"),
    ("p95 until the turn, s", "p95_s"),
    ("tickets", "tickets"),
    ("dead letters", "dead_letters"),
    ("replies not sent", "not_sent"),
    ("replies unknown", "unknown"),
    ("turns taken anew", "conflicts"),
    ("breakers opened", "breakers_opened"),
    ("operations failed", "operations_failed"),
)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("digest", help="mail the day's figures to DIGEST_TO through SMTP_HOST")
    parser.add_argument("--print", action="store_true", help="show it here, and send nothing")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    settings = open_settings()
    if not chosen.print and not (settings.smtp_host and recipients(settings)):
        print("set SMTP_HOST and DIGEST_TO, or say --print", file=sys.stderr)
        return 2
    began = datetime.now(UTC)
    db = open_database(settings, name="digest")
    try:
        with db.transaction() as tx:
            text = table(*digest.days(tx))
        if chosen.print:
            print(text)
            return 0
        return _sent(db, settings, began, text)
    finally:
        db.close()


def _sent(db: Database, settings: Settings, began: datetime, text: str) -> int:
    """Mailed, and recorded either way."""
    wrong = ""
    try:
        send(settings, letter(settings, text, began))
    except (smtplib.SMTPException, OSError) as problem:
        wrong = f"{type(problem).__name__}: {problem}"[:200]
    with db.transaction() as tx:
        operations.note(tx, "digest", began, ok=not wrong, detail={"why": wrong} if wrong else {})
    print(f"no digest was sent: {wrong}" if wrong else f"sent to {len(recipients(settings))} addresses")
    return 1 if wrong else 0


def recipients(settings: Settings) -> list[str]:
    return [address.strip() for address in settings.digest_to.split(",") if address.strip()]


def table(now: Day, before: Day) -> str:
    """A line for each figure: today's, and yesterday's."""
    rows = [f"{'':24}{'this day':>12}{'day before':>12}"]
    rows += [f"{what:24}{_shown(getattr(now, name)):>12}{_shown(getattr(before, name)):>12}" for what, name in LINES]
    return "\n".join(rows)


def _shown(figure: float | None) -> str:
    if figure is None:
        return "-"
    return f"{figure:,.2f}" if isinstance(figure, float) else f"{figure:,}"


def letter(settings: Settings, text: str, at: datetime) -> EmailMessage:
    found = EmailMessage()
    found["Subject"] = f"Turno {VERSION}: the day until {at:%Y-%m-%d %H:%M} UTC"
    found["From"] = settings.digest_from
    found["To"] = ", ".join(recipients(settings))
    found.set_content(f"{text}\n\n{settings.reached_at}/admin/\n")
    return found


def send(settings: Settings, message: EmailMessage) -> None:
    """Raises SMTPException or OSError when it was not taken for everybody."""
    with _server(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        _check_all_taken(server.send_message(message))


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    where, trusted = (settings.smtp_host, settings.smtp_port), ssl.create_default_context()
    if settings.smtp_tls == "tls":
        with smtplib.SMTP_SSL(*where, timeout=TIMEOUT_S, context=trusted) as server:
            yield server
        return
    with smtplib.SMTP(*where, timeout=TIMEOUT_S) as server:
        if settings.smtp_tls == "starttls":
            server.starttls(context=trusted)
        yield server


def _check_all_taken(refused: dict[str, tuple[int, bytes]] | Sequence[object]) -> None:
    if refused:
        raise smtplib.SMTPException(f"{len(refused)} addresses were refused")
