"""Flood protection: above the rate limit, one polite answer per window and then silence.

The session remembers when its customer spoke, and only turns write sessions, so the counts are exact however many
processes work. Nothing is lost: every message is in the inbox and in the transcript, and each has its step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from bot.engine.begin import draft_of
from bot.script.draft import Draft
from bot.script.notes import FLOOD_UNTIL, SAME, SPOKE
from core.messages import Event
from core.reading import Reading
from core.session import Session
from core.settings import Settings

KINDS = {"image": "image", "video": "image", "document": "image", "sticker": "image", "audio": "audio"}
BLOCKING_S = 3600.0
"""A limit over a window this long, once passed, blocks for the desk's block time."""

LOOP_TIMES = 5
LOOP_WORDS = 12
LOOP_S = 120.0
"""The same long sentence so many times within this time: two bots are talking to each other."""

Limit = tuple[int, float]
"""At most so many, in so many seconds."""


def hold_back(draft: Draft) -> str:
    """Count what the customer says; past a limit, answer once and then be silent."""
    if not draft.from_customer:
        return ""
    now = (draft.spoken_at or draft.now).timestamp()
    wait_s = max(_over_limit(draft, now), _looping(draft, now))
    until = float(draft.notes.get(FLOOD_UNTIL, 0.0))
    if now < until:
        draft.note = "flood"
        return "flood"
    draft.notes.pop(FLOOD_UNTIL, None)
    if wait_s <= 0:
        return ""
    draft.notes[FLOOD_UNTIL] = round(now + wait_s, 1)
    draft.say("flood" if wait_s < BLOCKING_S / 2 else "flood_blocked", **_how_long(wait_s))
    return "flood"


def holds_back(session: Session, event: Event, now: datetime, settings: Settings) -> bool:
    """Whether the step will hold this event back: then nobody needs to read it."""
    return bool(hold_back(draft_of(session, event, Reading(), now, settings)))


def _over_limit(draft: Draft, now: float) -> float:
    """How long to be silent because of this message: 0 when it is within every limit."""
    kind = KINDS.get(draft.event.kind, "text")
    limits = _limits(str(_setting(draft, f"limit_{kind}")))
    if not limits:
        return 0.0
    spoke = {**draft.notes.get(SPOKE, {})}
    times = [at for at in spoke.get(kind, ()) if at > now - limits[-1][1]][-max(most for most, _ in limits) :]
    wait_s = max(
        _wait(times, most, within_s, now, float(_setting(draft, "flood_block_s"))) for most, within_s in limits
    )
    spoke[kind] = [*times, round(now, 1)]
    draft.notes[SPOKE] = spoke
    return wait_s


def _wait(times: Sequence[float], most: int, within_s: float, now: float, block_s: float) -> float:
    """How long until one more is allowed, when `times` already came."""
    if len(times) < most or times[-most] <= now - within_s:
        return 0.0
    return block_s if within_s >= BLOCKING_S else times[-most] + within_s - now


def _looping(draft: Draft, now: float) -> float:
    """How long to be silent because the same sentence comes again and again."""
    text = draft.event.text
    if draft.event.kind != "text" or len(text) < LOOP_WORDS or not _setting(draft, "limit_text"):
        draft.notes.pop(SAME, None)
        return 0.0
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    before = draft.notes.get(SAME) or ["", 0, now]
    times, since = (before[1] + 1, before[2]) if before[0] == digest and now - before[2] <= LOOP_S else (1, now)
    draft.notes[SAME] = [digest, times, since]
    return float(_setting(draft, "flood_block_s")) if times >= LOOP_TIMES else 0.0


def _setting(draft: Draft, name: str) -> Any:
    """The desk's own, or else the program's."""
    own = getattr(draft.desk_settings, name, None)
    return getattr(draft.settings, name) if own is None else own


@lru_cache(maxsize=64)
def _limits(written: str) -> tuple[Limit, ...]:
    """“10/10,20/60”: at most 10 in 10 s and 20 in 60 s; the longest window last."""
    pairs = (part.split("/") for part in written.split(",") if part)
    return tuple(sorted(((int(most), float(within_s)) for most, within_s in pairs), key=lambda limit: limit[1]))


def _how_long(wait_s: float) -> dict[str, int]:
    return {"seconds": max(1, round(wait_s)), "minutes": max(1, round(wait_s / 60))}
