"""Words that mean the same everywhere: menu, back, cancel, help, start again, a person, thanks…

A flow that has its own row for one of them in its state goes first. None of them throws
away what was given, except those that say so.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.desks import serving
from bot.engine.moves import clear, enter, flow_of, go, rest
from bot.engine.rules import cancelling, waiting
from bot.script.draft import Draft
from bot.script.phrases import find
from bot.script.phrases.regions import written_as
from core.turn import OptOutSet

TICKETS, NUMBER = "tickets", "ticket_number"
OPEN = ("pending", "in_progress")
SOFT = frozenset({"greeting", "thanks", "farewell"})
"""Said along with something else, these are mere politeness."""


def be_kind(draft: Draft) -> str:
    """Answer a word that means the same everywhere."""
    intent = draft.intent
    if intent == "cancel" and draft.flow != cancelling.FLOW and nothing_under_way(draft) and _open_ticket(draft):
        _cancel(draft)
        return intent
    if intent == "yes" and draft.woken and not _says_more(draft):
        draft.say("ok_at_rest")
        rest(draft, "rested")
        return intent
    courtesy = COURTESIES.get(intent)
    if courtesy is None or flow_of(draft).takes(draft.state, intent) or (intent in SOFT and _says_more(draft)):
        return ""
    courtesy(draft)
    return intent


def be_kind_after_all(draft: Draft) -> str:
    """The same for a word that the flow had rows for, when none of them held."""
    courtesy = COURTESIES.get(draft.intent)
    if courtesy is None or (draft.intent in SOFT and _says_more(draft)):
        return ""
    courtesy(draft)
    return draft.intent


def _says_more(draft: Draft) -> bool:
    return bool(draft.taken) or any(name in draft.guesses for name in serving(draft.before.desk).told_by)


def _menu(draft: Draft) -> None:
    if draft.slots:
        draft.say("kept")
    go(draft, draft.before.desk.menu)


def _back(draft: Draft) -> None:
    _menu(draft)


def _cancel(draft: Draft) -> None:
    """Cancel the flow under way; a report that was already filed once the customer has confirmed it. "Cancelar" or
    "salir" alone may only mean to leave the menu: it is told how to cancel the report."""
    made = draft.guesses.get(NUMBER)
    if made is not None:
        draft.use_up(NUMBER)
        cancelling.cancel(draft, str(made.value))
        return
    if not nothing_under_way(draft):
        draft.say("cancelled")
    elif number := _open_ticket(draft):
        if len(draft.event.text.split()) > 1:
            cancelling.cancel(draft, number)
            return
        draft.say("cancel_how", number=number)
    else:
        draft.say("nothing_to_cancel")
    rest(draft, "cancelled")


def _open_ticket(draft: Draft) -> str:
    """The newest ticket of the customer that is not settled; "" for none."""
    mine = draft.fact("tickets", "mine")
    return next((str(ticket["number"]) for ticket in mine if ticket["status"] in OPEN), "")


def _help(draft: Draft) -> None:
    """How to answer what is asked; where nothing special is asked, what there is."""
    asked = flow_of(draft).asked(draft.state, draft.slots)
    keys = (f"example_{draft.state}", f"example_{asked}") if asked else ()
    example = next((key for key in keys if find(draft.language, draft.flow, key)), "")
    if example:
        draft.say(example, **flow_of(draft).values_of(draft))
        if not draft.misses:
            draft.say("help_words")
    else:
        draft.say("help")
    draft.misses += 1
    draft.repeat()


def _restart(draft: Draft) -> None:
    clear(draft)
    draft.say("restarted")
    go(draft, draft.before.desk.menu)


def _person(draft: Draft) -> None:
    """Staff see who waits for them. The form rests; it goes on when the customer goes on with it."""
    waiting.call_person(draft)
    if draft.woken or nothing_under_way(draft):
        rest(draft, "rested")
    draft.hush()


def _consult(draft: Draft) -> None:
    enter(draft, TICKETS)


def _farewell(draft: Draft) -> None:
    if draft.woken or nothing_under_way(draft):
        draft.say("goodbye")
        rest(draft, "rested")
    else:
        draft.say("farewell_in_midst")
        draft.repeat()


def _thanks(draft: Draft) -> None:
    if draft.woken or nothing_under_way(draft):
        draft.say("welcome_anytime", name=draft.called)
        rest(draft, "rested")
    else:
        draft.say("thanks_in_midst")
        draft.repeat()


def _greeting(draft: Draft) -> None:
    draft.say("hello_again", name=draft.called)
    draft.repeat()


def _stop(draft: Draft) -> None:
    draft.keep(OptOutSet(out=True))
    draft.say("opted_out")
    _go_on(draft)


def _start(draft: Draft) -> None:
    draft.keep(OptOutSet(out=False))
    draft.say("opted_in")
    _go_on(draft)


def _go_on(draft: Draft) -> None:
    """Repeat the question, if there was one; a conversation that rested rests again."""
    if draft.woken:
        rest(draft, "rested")
    else:
        draft.repeat()


def _spanish(draft: Draft) -> None:
    """The Spanish of the desk: es-AR where that is its own."""
    own = draft.before.desk.language
    _switch(draft, own if written_as(own) == "es" else "es")


def _english(draft: Draft) -> None:
    _switch(draft, "en")


def _portuguese(draft: Draft) -> None:
    _switch(draft, "pt")


def _switch(draft: Draft, language: str) -> None:
    draft.language = language
    draft.say("language_switched")
    draft.repeat()


def nothing_under_way(draft: Draft) -> bool:
    """In the menu, or among one's reports, with nothing given before."""
    given = draft.slots.keys() - set(draft.taken)
    return draft.woken or (draft.flow in (draft.before.desk.menu, TICKETS, cancelling.FLOW) and not given)


COURTESIES: dict[str, Callable[[Draft], None]] = {
    "menu": _menu,
    "back": _back,
    "cancel": _cancel,
    "help": _help,
    "restart": _restart,
    "person": _person,
    "call_card": waiting.call_card,
    "consult_tickets": _consult,
    "farewell": _farewell,
    "thanks": _thanks,
    "greeting": _greeting,
    "stop": _stop,
    "start": _start,
    "spanish": _spanish,
    "english": _english,
    "portuguese": _portuguese,
}
