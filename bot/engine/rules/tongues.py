"""The language of the customer: taken from the first sentence; who speaks none of the desk's is passed to a person."""

from __future__ import annotations

from bot.desks import serving
from bot.engine.moves import rest
from bot.engine.rules import waiting
from bot.nlu import tongue
from bot.script import phrases
from bot.script.draft import Draft
from bot.script.notes import FOREIGN, QUIET
from bot.script.phrases import FIRST_AID
from bot.script.phrases.regions import written_as


def speak_alike(draft: Draft) -> None:
    """Answer in the language of the sentence that begins a conversation, where the desk speaks it."""
    if not draft.woken or draft.event.kind != "text":
        return
    spoken = tongue.spoken(draft.event.text)
    if spoken and spoken != written_as(draft.language) and spoken in serving(draft.before.desk).languages:
        own = draft.before.desk.language
        draft.language = own if written_as(own) == spoken else spoken


def hand_over(draft: Draft) -> str:
    """Pass somebody whose language only first aid speaks to a person, where nothing was understood."""
    if draft.event.kind != "text" or draft.taken or draft.guesses or draft.agent is not None:
        return ""
    spoken = tongue.spoken(draft.event.text)
    if not spoken or spoken in serving(draft.before.desk).languages:
        return ""
    if waiting.is_quiet(draft):
        return _say_nothing(draft)
    draft.want_person()
    draft.notes |= {QUIET: True, FOREIGN: spoken}
    draft.answers.append(phrases.phrase(spoken, FIRST_AID, "passed_on"))
    return _say_nothing(draft)


def _say_nothing(draft: Draft) -> str:
    """Ask nothing: a person comes."""
    if draft.woken:
        rest(draft, "rested")
    draft.hush()
    return "foreign"
