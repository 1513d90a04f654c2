"""SMTP: one letter over one connection. Before its text goes out nothing has happened; after that, only an answer tells."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from core import crashpoints
from core.errors import Rejected, Suspended, Throttled, TurnoError, Undecided, Unreachable
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipient: str
    text: bytes
    user: str
    password: str


def deliver(settings: Settings, envelope: Envelope) -> None:
    """Hand the letter to the server. Raises Unreachable or Throttled when it was certainly not taken, Undecided when nobody
    can tell, Rejected when this letter never will be, and Suspended when none of this mailbox will be."""
    until = monotonic() + settings.send_timeout_s
    with _connected(settings, envelope.user, envelope.password, until) as server:
        _check("sender", *server.mail(envelope.sender))
        _check("recipient", *server.rcpt(envelope.recipient))
        _allow(server, until)
        _check("text", *server.docmd("DATA"), wanted=354)
        _check("text", *_hand_over(server, envelope.text, until))


def account(settings: Settings, address: str, key: str) -> tuple[str, str]:
    """The user and password with which the letters of an address go out."""
    if settings.smtp_user:
        return settings.smtp_user, settings.smtp_password.get_secret_value()
    return address, key


def sign_in(settings: Settings, user: str, password: str) -> None:
    """Sign in and go. Raises Suspended when the server refuses that, Unreachable when it cannot be asked."""
    with _connected(settings, user, password, monotonic() + settings.send_timeout_s) as server:
        server.noop()


def _hand_over(server: smtplib.SMTP, text: bytes, until: float) -> tuple[int, bytes]:
    """Send the text and hear what becomes of it."""
    try:
        crashpoints.reach("smtp:writing")
        server.send(_dotted(text) + b".\r\n")
        crashpoints.reach("smtp:written")
        _allow(server, until)
        answer = server.getreply()
    except (OSError, smtplib.SMTPException, TurnoError) as problem:
        raise Undecided(f"no answer: {type(problem).__name__}") from None
    crashpoints.reach("smtp:answered")
    return answer


def _dotted(text: bytes) -> bytes:
    """With a second dot where a line begins with one: a dot alone ends the letter."""
    return (b"." if text.startswith(b".") else b"") + text.replace(b"\n.", b"\n..")


@contextmanager
def _connected(settings: Settings, user: str, password: str, until: float) -> Iterator[smtplib.SMTP]:
    """A connection that is private and signed in, as the settings want it."""
    server: smtplib.SMTP | None = None
    try:
        server = _opened(settings)
        if password:
            server.login(user, password)
        _allow(server, until)
        yield server
    except smtplib.SMTPAuthenticationError as problem:
        raise Suspended(f"the mail server does not know us: {problem.smtp_code}", code=problem.smtp_code) from None
    except (OSError, smtplib.SMTPException) as problem:
        raise Unreachable(f"no connection: {type(problem).__name__}") from None
    finally:
        if server is not None:
            server.close()


def _opened(settings: Settings) -> smtplib.SMTP:
    where, wait_s = (settings.smtp_host, settings.smtp_port), settings.send_timeout_s
    if settings.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=wait_s, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*where, timeout=wait_s)
    if settings.smtp_tls == "starttls":
        server.starttls(context=ssl.create_default_context())
    server.ehlo_or_helo_if_needed()
    return server


def _check(what: str, code: int, _: bytes, wanted: int = 250) -> None:
    """Raise unless the server agrees. What it says is not kept: it may name somebody."""
    if code == wanted or (wanted == 250 and code == 251):
        return
    told = f"the {what} was answered with {code}"
    if 400 <= code < 500:
        raise Throttled(told, code=code, scope="number" if what == "sender" else "customer")
    if code >= 500:
        raise Suspended(told, code=code) if what == "sender" else Rejected(told, code=code)
    raise Unreachable(told)


def _allow(server: smtplib.SMTP, until: float) -> None:
    """Let the next step take what time is left."""
    left = until - monotonic()
    if left <= 0:
        raise Unreachable("no time left")
    if server.sock is not None:
        server.sock.settimeout(left)
