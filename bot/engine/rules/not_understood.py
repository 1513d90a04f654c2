"""Not understood: repeat the question, then give an example, then offer a person."""

from __future__ import annotations

from bot.desks import serving
from bot.engine.moves import advance, flow_of
from bot.script.draft import Draft
from bot.script.phrases import find

OFFER = ("person", "menu")


def help_out(draft: Draft) -> str:
    """The last rule: it always answers, more helpfully each time."""
    draft.repeat()
    if draft.paused and not draft.refused and not flow_of(draft).patient:
        draft.say("where_were_we")
        return "where_were_we"
    if advance(draft, "unclear"):
        draft.misses += 1
        return "unclear"
    draft.misses += 1
    if draft.said:
        return "unclear"  # a warning was said, which is answer enough
    if draft.misses >= 3:
        draft.say("offer_person")
        draft.offered = OFFER
        draft.offer("person")
    elif draft.intent == "yes" and draft.misses == 1:  # “ok”, 👍: heard, and no answer yet
        draft.say("yes_in_midst")
    else:
        values = {**serving(draft.before.desk).shows(draft), **flow_of(draft).values_of(draft)}
        draft.say(_hint(draft, "invalid" if draft.misses == 1 and not _tells_no_code(draft) else "example"), **values)
    return "unclear"


def _tells_no_code(draft: Draft) -> bool:
    """A code is asked and words came: they are no wrong code."""
    asked = flow_of(draft).asked(draft.state, draft.slots)
    open_ = flow_of(draft).states[draft.state].expects == "slot"
    return open_ and asked in serving(draft.before.desk).alike and not any(c.isdigit() for c in draft.event.text)


def _hint(draft: Draft, which: str) -> str:
    """The hint for the state, else for what is asked, else the one that fits everywhere."""
    asked = flow_of(draft).asked(draft.state, draft.slots)
    keys = (f"{which}_{draft.state}", f"{which}_{asked}")
    return next((key for key in keys if find(draft.language, draft.flow, key)), which)
