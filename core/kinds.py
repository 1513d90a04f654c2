"""Kinds of events, and what is known of each: from whom it comes, and whether it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Origin = Literal["customer", "timer", "agent", "system"]


@dataclass(frozen=True, slots=True)
class Kind:
    """The properties of one kind of event, kept in one place."""

    origin: Origin = "customer"
    speaks: bool = True
    """Somebody says something in it that wants an answer."""
    silent: bool = False
    """Its turn says nothing: there is nothing to answer."""
    quiet: bool = False
    """Kept and shown, and done at once: it never comes to a turn."""
    alone: bool = False
    """It is answered by itself, however much waits beside it."""
    elsewhere: bool = False
    """The customer did it on a page, not in the conversation: no window opens by it."""


FROM_A_CUSTOMER = Kind()

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("text", "choice", "location"), FROM_A_CUSTOMER),
    **dict.fromkeys(("image", "audio", "video", "document", "sticker"), FROM_A_CUSTOMER),
    **dict.fromkeys(("contacts", "order", "flow_reply", "unsupported", "unreadable"), FROM_A_CUSTOMER),
    **dict.fromkeys(("request_welcome", "ticket_wanted"), Kind(speaks=False, alone=True)),
    "ticket_told": Kind(speaks=False, alone=True, elsewhere=True),
    **dict.fromkeys(("reaction", "edit", "revoke"), Kind(speaks=False, silent=True)),
    "group": Kind(speaks=False, silent=True, quiet=True),
    "echo": Kind("agent"),
    **dict.fromkeys(("agent", "ticket"), Kind("agent", speaks=False)),
    "hold": Kind("agent", speaks=False),
    "timer": Kind("timer", speaks=False),
    **dict.fromkeys(("media_result", "errand"), Kind("system", speaks=False)),
    **dict.fromkeys(("system", "opt_out"), Kind("system", speaks=False, silent=True)),
    "notice": Kind("system", speaks=False, silent=True, quiet=True),
}
"""Every kind of event, once. The inbox keeps the origin, so that SQL and panels list no kinds."""

UNSPOKEN = frozenset(name for name, kind in KINDS.items() if not kind.speaks)
QUIET = frozenset(name for name, kind in KINDS.items() if kind.quiet)
SILENT = frozenset(name for name, kind in KINDS.items() if kind.silent)
BY_US = frozenset(name for name in UNSPOKEN if KINDS[name].origin != "customer")
"""Nobody's words: what we or the platform do."""
