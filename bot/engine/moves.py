"""Moving a conversation: into a flow, along its table, to rest, and awake again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desks import FLOWS, serving
from bot.script.draft import Draft
from bot.script.flow import LEAVE, Flow
from bot.script.forms import Form
from bot.script.notes import EARLIER, HEARD, MENTIONED, OF_A_CASE, TRAIL
from core.session import Session

MENU = "menu"
MOST_EARLIER = 5
MOST_MENTIONED, MOST_INTENTS, INTENTS = 3, 5, "intents"
INTERRUPTED = "interrupted"
"""The trigger by which a shared flow steps aside, for whatever its desk's `interrupts` name."""


def flow_of(draft: Draft) -> Flow:
    return FLOWS[draft.flow]


def rests(where: Draft | Session) -> bool:
    """True when nothing is under way: not begun yet, or ended."""
    return not where.flow or FLOWS[where.flow].states[where.state].final


def all_given(draft: Draft) -> bool:
    """Whether the form of this state is full, so that its question would ask for nothing."""
    if rests(draft):
        return False
    asks = flow_of(draft).states[draft.state].asks
    return isinstance(asks, Form) and asks.missing(draft.slots) is None


def go(draft: Draft, flow: str, state: str = "") -> None:
    """Stand somewhere else, and ask what is asked there."""
    draft.flow, draft.flow_version = flow, FLOWS[flow].version
    draft.state = state or FLOWS[flow].begins
    draft.moved = draft.asking = True


def rest(draft: Draft, state: str) -> None:
    """End in a final state of the menu; nothing that was given is kept."""
    go(draft, draft.before.desk.menu, state)
    clear(draft)


def wake(draft: Draft) -> None:
    """Begin anew, in the menu."""
    go(draft, draft.before.desk.menu)
    clear(draft)
    draft.woken = True


def clear(draft: Draft) -> None:
    draft.slots.clear()
    for name in OF_A_CASE | serving(draft.before.desk).case_notes:
        draft.notes.pop(name, None)


def advance(draft: Draft, trigger: str) -> bool:
    """Let the flow's table decide, through other flows when it leads there. False: no row holds."""
    asking, moved = draft.asking, draft.moved
    draft.asking = draft.moved = True
    if not flow_of(draft).fire(draft, trigger):
        draft.asking, draft.moved = asking, moved
        return False
    if draft.state.startswith(LEAVE):
        heard = draft.intent if trigger == INTERRUPTED else ""
        enter(draft, _place(draft, draft.state.removeprefix(LEAVE)), heard)
    return True


def _place(draft: Draft, name: str) -> str:
    """“@menu” is the menu of the desk, so that flows may serve several desks."""
    return draft.before.desk.menu if name == MENU else name


def enter(draft: Draft, flow: str, heard: str = "") -> None:
    """Begin a flow with all that is known, and with what this event said that only this flow asks for. An intent that
    another flow stepped aside for comes first, where the flow has a row for it."""
    if draft.off(flow):
        draft.say("flow_is_off")
        flow = draft.before.desk.menu
        draft.entered.add(flow)  # it has nothing to add to what was just said
    go(draft, flow)
    fill(draft)
    if flow not in draft.entered:
        draft.entered.add(flow)
        if not (heard and advance(draft, heard)):
            advance(draft, "begin")


def fill(draft: Draft) -> None:
    """Put what was understood into the form of the flow."""
    fits = serving(draft.before.desk).fits
    wrong = [name for name, guess in draft.guesses.items() if not fits(draft, name, guess.value)]
    filled = flow_of(draft).form.fill(
        draft.slots,
        {name: guess for name, guess in draft.guesses.items() if name not in wrong},
        asked="" if draft.woken else draft.before.asked,
        correcting=draft.intent == "correct",
        replacing=draft.intent == "no",
    )
    _keep_earlier(draft, filled.taken)
    mention(draft, {name: filled.slots[name].value for name in filled.taken})
    draft.slots, draft.refused = filled.slots, (*filled.refused, *wrong)
    draft.taken += tuple(slot for slot in filled.taken if slot not in draft.taken)
    heard = {name: draft.slots[name].value for name in filled.taken}
    if heard:
        draft.notes[HEARD] = {**draft.notes.get(HEARD, {}), **heard}
    if filled.taken:
        kept = [slot for slot in draft.notes.get(TRAIL, ()) if slot in draft.slots and slot not in filled.taken]
        draft.notes[TRAIL] = [*kept, *filled.taken]


def mention(draft: Draft, told: Mapping[str, Any]) -> None:
    """Keep what was mentioned last in a ring, where the desk wants it: what was said before is said again, and not asked."""
    wanted = {name: value for name, value in told.items() if name in serving(draft.before.desk).mentions}
    known = draft.notes.get(MENTIONED, {})
    for name, value in wanted.items():
        others = [each for each in known.get(name, ()) if each != value]
        known = {**known, name: [*others, value][-MOST_MENTIONED:]}
    if wanted:
        draft.notes[MENTIONED] = known


def mention_intent(draft: Draft) -> None:
    """The same for what was meant, if it comes twice too."""
    if draft.intent and draft.from_customer and serving(draft.before.desk).mentions:
        known = draft.notes.get(MENTIONED, {})
        draft.notes[MENTIONED] = {**known, INTENTS: [*known.get(INTENTS, ()), draft.intent][-MOST_INTENTS:]}


def _keep_earlier(draft: Draft, taken: tuple[str, ...]) -> None:
    """Keep the codes that another one takes the place of, for “no, it was the first one”."""
    for slot in serving(draft.before.desk).alike:
        if slot in taken and slot in draft.slots:
            known = draft.notes.get(EARLIER, {})
            draft.notes[EARLIER] = {**known, slot: [*known.get(slot, ()), draft.slots[slot].value][-MOST_EARLIER:]}
