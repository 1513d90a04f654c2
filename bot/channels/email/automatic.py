"""Letters that nobody wrote by hand to us: answering them could go round in a circle for ever. They are recorded only."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.channels.email import headers
from bot.channels.email.reading import Mail

_NOBODY = re.compile(
    r"(?:mailer-daemon|postmaster|bounces?|no-?reply|do-?not-?reply|no-?responder|no-?responda|nao-?responda|notifications?)"
    r"(?:[+._=-].*)?@",
)
_AWAY = re.compile(
    r"(?:respuesta automática|respuesta automatica|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|fuera de (?:la )?oficina|resposta automática|resposta automatica|ausência temporária|ausente do escritório)\b",
    re.I,
)
_LISTS = ("list-id", "list-unsubscribe", "list-post", "mailing-list", "feedback-id")
_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponse", "auto-response")
REASONS = ("ours", "automatic", "list", "nobody", "many")


def why(mail: Mail, ours: Collection[str], most: int) -> str:
    """Why it is not answered: one of REASONS; empty when somebody wrote it to us."""
    message, address = mail.message, mail.sender[1]
    if address in ours:
        return "ours"
    if _says_so(mail) or _AWAY.match(mail.subject):
        return "automatic"
    if any(headers.first(message, name) for name in _LISTS) or _precedence(mail) in ("bulk", "list", "junk"):
        return "list"
    if not address or _NOBODY.match(address) or headers.first(message, "return-path").replace(" ", "") == "<>":
        return "nobody"
    return "many" if mail.recipients > most else ""


def _says_so(mail: Mail) -> bool:
    submitted = headers.first(mail.message, "auto-submitted").lower().split(";")[0].strip()
    suppressed = headers.first(mail.message, "x-auto-response-suppress").lower()
    return (
        submitted not in ("", "no")
        or ("all" in suppressed or "autoreply" in suppressed)
        or any(headers.first(mail.message, name) for name in _MACHINES)
        or mail.message.get_content_type() == "multipart/report"
    )


def _precedence(mail: Mail) -> str:
    told = headers.first(mail.message, "precedence").lower().strip()
    return "bulk" if told == "auto_reply" else told
