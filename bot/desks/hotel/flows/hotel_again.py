"""A quote that was left open: asked about once, and looked for anew when the guest still wants to come."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.hotel.after import quoted
from bot.desks.hotel.flows import wish
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.follow_ups import end
from bot.script.forms import Form
from core.session import Slot

VERSION = 1
PATIENT = True
FORM = Form(extra=wish.FIELDS)

STATES = (
    State("asked", asks="still_looking", shows="wished", expects="yes_no", options=("yes", "no")),
    State("declined", final=True),
    State("expired", final=True),
)

ELSEWHERE = "interrupted consult_tickets menu restart"

# fmt: off
ROWS = (
    # in     on                  goes to        when  doing
    Row("asked", "begin",           "asked"),
    Row("asked", "yes rooms book told", "@hotel_stay", "",   "look_again"),
    Row("asked", "no cancel farewell",  "declined",    "",   "say_farewell"),
    Row("asked", "expire",              "expired",     "",   "leave"),
    Row("asked", ELSEWHERE,             "@menu",       "",   "leave"),
)
# fmt: on


def look_again(draft: Draft) -> None:
    """With the wish of then, but for what was told now."""
    for name, value in draft.notes.get(quoted.AGAIN.about, {}).get("wish", {}).items():
        if name not in draft.taken:
            draft.slots[name] = Slot(value, 90, "told before")
    leave(draft)


def say_farewell(draft: Draft) -> None:
    draft.say("left")
    leave(draft)


def leave(draft: Draft) -> None:
    end(draft, quoted.AGAIN)


def wished(draft: Draft) -> Mapping[str, object]:
    """The wish in words."""
    content = draft.notes.get(quoted.AGAIN.about)
    return quoted.wished(draft, content) if content else {"stay": "", "people": ""}
