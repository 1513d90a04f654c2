"""Transcript lines in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.kinds import BY_US
from core.store.db import Row
from core.wire.whatsapp_codes import meaning

TICKS = {
    "waiting": ("…", "waiting to be sent"),
    "claimed": ("…", "going out"),
    "sent": ("✓", "sent"),
    "delivered": ("✓✓", "delivered"),
    "read": ("✓✓", "read"),
    "failed": ("!", "failed"),
    "unknown": ("?", "nobody knows whether it arrived"),
    "parked": ("‖", "parked"),
}
KINDS = {
    "image": "📷 Photo",
    "audio": "🎤 Voice note",
    "video": "🎬 Video",
    "document": "📄 Document",
    "sticker": "Sticker",
    "contacts": "👤 Contact card",
    "order": "🛒 Order",
    "flow_reply": "Form, filled in",
    "unsupported": "A kind that the platform does not pass on",
    "unreadable": "Could not be read; it is kept as it came",
    "edit": "Changed an earlier message",
    "revoke": "Took an earlier message back",
    "request_welcome": "Opened the chat for the first time",
    "ticket_wanted": "Asked for a ticket",
    "ticket_told": "On the ticket's page",
    "group": "A message of a group",
    "location_request": "📍 Asks for the place",
    "template": "Template",
}
DEEDS = {
    "take_over": "takes the conversation over",
    "answer": "answers",
    "release": "releases the conversation",
    "reset": "puts the conversation elsewhere",
    "close": "closes the conversation",
    "say_again": "has a message said again",
}


def is_ours(row: Row) -> bool:
    """An event that is not the customer speaking."""
    return row.kind in BY_US


def by_phone(row: Row) -> bool:
    """Staff answered from the business's own phone."""
    return bool(row.kind == "echo")


def deed(row: Row) -> str:
    """Describe an event of ours."""
    describe = OURS.get(row.kind)
    return describe(row.content if isinstance(row.content, Mapping) else {}) if describe else str(row.kind)


def _agent(content: Mapping[str, Any]) -> str:
    who = str(content.get("name") or content.get("agent") or "somebody")[:80]
    return f"{who} {DEEDS.get(str(content.get('action')), 'does something unknown')}"


def _ticket(content: Mapping[str, Any]) -> str:
    return f"{content.get('by', 'somebody')}: {content.get('number')} is {content.get('status')} now"


def _hold(content: Mapping[str, Any]) -> str:
    return f"{content.get('by', 'somebody')} releases what is held"


def _timer(content: Mapping[str, Any]) -> str:
    return f"the timer “{content.get('name')}” rings"


def _media(content: Mapping[str, Any]) -> str:
    what = "voice note" if content.get("for") == "audio" else "photo"
    return f"the {what} was looked into: {content.get('outcome', 'done')}"


def _errand(content: Mapping[str, Any]) -> str:
    return f"{content.get('service')}: {content.get('what')}, {content.get('outcome')}"


OURS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "agent": _agent,
    "ticket": _ticket,
    "hold": _hold,
    "timer": _timer,
    "media_result": _media,
    "errand": _errand,
    "system": lambda _: "The platform tells of a change of number or identity",
    "opt_out": lambda content: (
        f"the person turned our messages {'off' if content.get('out') else 'on'} in the platform's settings"
    ),
    "notice": lambda _: "a notice of the platform",
}


def kind(row: Row) -> str:
    """A label for a message without text; empty for plain text."""
    return KINDS.get(row.kind, "")


def pin(row: Row) -> tuple[float, float] | None:
    """The place of a message that is one."""
    if row.kind != "location" or not isinstance(row.content, Mapping):
        return None
    return coordinates(row.content)


def coordinates(found: object) -> tuple[float, float] | None:
    """Latitude and longitude, where they are some."""
    if not isinstance(found, Mapping):
        return None
    latitude, longitude = found.get("latitude"), found.get("longitude")
    if not all(isinstance(part, int | float) for part in (latitude, longitude)):
        return None
    on_earth = -90 <= float(latitude) <= 90 and -180 <= float(longitude) <= 180  # type: ignore[arg-type]
    return (float(latitude), float(longitude)) if on_earth else None  # type: ignore[arg-type]


def tick(row: Row) -> tuple[str, str]:
    """The sign of how far a message has come, and its word."""
    return TICKS.get(row.state, ("", str(row.state)))


def trouble(row: Row) -> str:
    """Why a message has not arrived, as far as is known."""
    if row.error_code is not None and row.state in ("failed", "waiting", "parked", "unknown"):
        return f"{row.error_code}: {meaning(row.error_code)}"
    return str(row.error or "") if row.state not in ("sent", "delivered", "read") else ""


def may_be_said_again(row: Row) -> bool:
    """Whether staff may resend it: its delivery is unknown, and no further try will be made."""
    if row.error == "given up: said again":
        return False
    return bool(row.state in ("parked", "failed") or (row.state == "unknown" and row.settle_at is None))


def understood(reading: object) -> str:
    """How something was understood: by what means, how surely, how fast."""
    if not isinstance(reading, Mapping) or not (reading.get("intent") or reading.get("guesses")):
        return ""
    sure = float(reading.get("confidence") or 0)
    parts = [str(reading.get("intent") or "values"), str(reading.get("source") or "rules")]
    if reading.get("intent"):
        parts.append(f"{sure * 100 if sure <= 1 else sure:.0f} %")
    return " · ".join([*parts, f"{float(reading.get('ms') or 0):.1f} ms"])


def guesses(reading: object) -> list[tuple[str, Any, int, str]]:
    """The slots found in a text: name, value, confidence, source."""
    found = reading.get("guesses") if isinstance(reading, Mapping) else None
    if not isinstance(found, Mapping):
        return []
    return [
        (str(name), guess.get("value"), int(guess.get("confidence") or 0), str(guess.get("source") or ""))
        for name, guess in found.items()
        if isinstance(guess, Mapping)
    ]
