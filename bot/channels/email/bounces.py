"""Bounces: a letter of ours could not be delivered, as a delivery status of what was said in it.

Only one that names our Message-ID, with its signature, counts: anybody may write a letter that looks like a bounce.
"""

from __future__ import annotations

import re
from email.message import Message

from bot.channels.email import headers, message_id
from bot.channels.email.reading import Mail
from core.messages import Delivery

LONGEST = 200_000
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster)@")


def of(mail: Mail, address: str, key: str) -> tuple[Delivery, ...]:
    """The delivery statuses that a bounce tells; none when it is no bounce, or of no letter of ours."""
    if not (_is_report(mail) or _DAEMON.match(mail.sender[1])):
        return ()
    told = _status(mail.message)
    if told.get("action", "failed") != "failed":
        return ()
    named = mail.raw[:LONGEST].decode("latin-1")
    ids = message_id.ids_in(named, address, key)
    if not ids:
        return ()
    whole = message_id.of(ids, address, key)
    code = _code(told)
    return tuple(
        Delivery(
            external_id=whole if number == 1 else f"{whole}#{number}",
            state="failed",
            callback_id=str(id),
            error_code=code,
            error=f"the letter came back: {told.get('status', 'no reason was told')}",
        )
        for number, id in enumerate(ids, start=1)
    )


def _is_report(mail: Mail) -> bool:
    told = headers.first(mail.message, "content-type").lower()
    return mail.message.get_content_type() == "multipart/report" and "delivery-status" in told


def _status(message: Message) -> dict[str, str]:
    """The fields of the first recipient's status that a report tells."""
    for part in message.walk():
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            fields = {
                name: headers.first(block, name).strip().lower()[:200]
                for block in blocks[:5]
                if isinstance(block, Message)
                for name in ("action", "status", "diagnostic-code")
                if headers.first(block, name)
            }
            return {**fields, "status": fields.get("status", "")[:12]} if "status" in fields else fields
    return {}


def _code(told: dict[str, str]) -> int | None:
    """The code of the server that refused it, such as 550."""
    found = re.search(r"\b([45]\d\d)\b", told.get("diagnostic-code", ""))
    return int(found[1]) if found else None
