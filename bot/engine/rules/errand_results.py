"""Results of errands: what a service did, given to the flow that waits for it. The conversation may have gone on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.desks import serving
from bot.engine import speaking
from bot.engine.moves import advance, rests
from bot.script.draft import Draft
from bot.script.notes import AWAITED

SAID: Final = {"refused": "errand_failed", "failed": "errand_failed", "unknown": "errand_unknown"}
"""What the customer hears when the flow has no row for it."""


def receive(draft: Draft) -> str:
    """Fire `<service>_<what>_<outcome>` or `<service>_<outcome>` in the flow that waits for this result."""
    if draft.event.kind != "errand":
        return ""
    if draft.event.content.get("service") == speaking.SERVICE:
        return speaking.play(draft)
    wanted_by = _take(draft)
    if wanted_by and not rests(draft):
        for trigger in _triggers(draft.event.content):
            if advance(draft, trigger):
                return trigger
        if wanted_by == draft.flow:
            return _unplanned(draft)
    return serving(draft.before.desk).late_result(draft)


def _take(draft: Draft) -> str:
    """The flow that wanted it, "" if none waits for it; it is waited for no more."""
    content, awaited = draft.event.content, dict(draft.notes.get(AWAITED, {}))
    wanted_by = str(awaited.pop(f"{content.get('service')}:{content.get('key')}", ""))
    if wanted_by:
        draft.notes[AWAITED] = awaited
    return wanted_by


def _triggers(content: Mapping[str, Any]) -> Iterator[str]:
    service, what, outcome = (str(content.get(name)) for name in ("service", "what", "outcome"))
    yield f"{service}_{what}_{outcome}"
    yield f"{service}_{outcome}"


def _unplanned(draft: Draft) -> str:
    """The flow has no row for this outcome: a failure is said, and the question stands."""
    draft.note = "the flow has no row for this result"
    if said := SAID.get(str(draft.event.content.get("outcome"))):
        draft.say(said)
        draft.repeat()
    return "errand"
