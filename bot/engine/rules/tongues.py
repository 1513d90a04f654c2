"""The language of the customer: taken from the first sentence; who speaks none of the desk's is passed to a person."""

from __future__ import annotations

from typing import Final

from bot.desks import serving
from bot.engine.moves import rest
from bot.engine.rules import waiting
from bot.nlu.fold import clean, plain, words_in
from bot.script import phrases
from bot.script.draft import Draft
from bot.script.notes import FOREIGN, QUIET
from bot.script.phrases import FIRST_AID
from bot.script.phrases.regions import written_as

MARKS: Final = {
    "en": frozenset(
        "the is isn't my it's i i'm you your not doesn't don't won't can can't please help with hello hi hey good morning afternoon "
        "evening this that what how when where need have morning speak has broken working".split()
    ),
    "es": frozenset(
        "el la los las mi tu es esta no se que con por para hola buenos buenas dias tardes noches necesito tengo quiero "
        "gracias porque pero muy".split()
    ),
    "pt": frozenset(
        "nao minha meu meus uma voce voces preciso obrigado obrigada bom boa dia noite oi ola tudo esta estou tem com "
        "gelando ligando quebrou ajuda quero falar por favor quanto muito agora".split()
    ),
}
OWN: Final = {
    "en": frozenset(
        "the is isn't my it's i'm you your morning doesn't don't won't can't hello hi please this that what how".split()
    ),
    "es": frozenset("el los las mi hola buenos buenas tengo necesito quiero muy".split()),
    "pt": frozenset("nao minha meu voce voces preciso obrigado obrigada bom oi estou gelando".split()),
}
"""Words that no other of these languages has."""


def speak_alike(draft: Draft) -> None:
    """Answer in the language of the sentence that begins a conversation, where the desk speaks it."""
    if not draft.woken or draft.event.kind != "text":
        return
    spoken = language_of(draft.event.text)
    if spoken and spoken != written_as(draft.language) and spoken in serving(draft.before.desk).languages:
        own = draft.before.desk.language
        draft.language = own if written_as(own) == spoken else spoken


def hand_over(draft: Draft) -> str:
    """Pass somebody whose language only first aid speaks to a person, where nothing was understood."""
    if draft.event.kind != "text" or draft.taken or draft.guesses or draft.agent is not None:
        return ""
    spoken = language_of(draft.event.text)
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


def language_of(text: str) -> str:
    """The language, where its own small words say so and no other's do; "" where that is not plain."""
    words = set(words_in(plain(clean(text))))
    own = {language: len(words & marks) for language, marks in OWN.items()}
    best = max(own, key=lambda language: (own[language], len(words & MARKS[language])))
    if not own[best] or any(own[other] for other in own if other != best):
        return ""
    enough = own[best] > 1 or len(words & MARKS[best]) > 1 or len(words) == 1
    return best if enough else ""
