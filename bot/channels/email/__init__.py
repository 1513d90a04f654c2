"""E-mail: mailboxes are read over IMAP, and replies go out as letters over SMTP.

A letter is not read within seconds, so a mailbox is looked into every few seconds, all that a turn says stands in one
letter, and what could be pressed elsewhere is numbered. There is no window: a letter may always be answered.
"""

from __future__ import annotations

import re

from bot.channels.channel import Channel
from bot.channels.email.carrier import EmailCarrier
from bot.channels.email.checking import check
from bot.channels.email.identities import KINDS
from bot.channels.email.intake import EmailIntake
from core.breaker import Observer
from core.limits import Limits
from core.settings import Settings
from core.store.files.photos import Photos

LONGEST = 20_000


def _carrier(settings: Settings, on_breaker: Observer) -> EmailCarrier | None:
    return EmailCarrier(settings, on_breaker=on_breaker) if settings.smtp_host and settings.mailbox_keys else None


def _intake(settings: Settings, kept: Photos) -> EmailIntake | None:
    return EmailIntake(settings, kept) if settings.imap_host and settings.mailbox_keys else None


def _poll_s(settings: Settings) -> float:
    return settings.imap_every_s


CHANNEL = Channel(
    kind="email",
    name="e-mail",
    limits=Limits(text=LONGEST, question=LONGEST, caption=LONGEST, buttons=0, rows=0, pictures=True),
    address=re.compile(r"\A[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,189}"),
    reached_by=KINDS,
    carrier=_carrier,
    intake=_intake,
    poll_s=_poll_s,
    check=check,
    longest_breath_s=0.0,
)
