"""The language of the customer: taken from the first sentence; who speaks none of the desk's is helped as far as that goes."""

from __future__ import annotations

from typing import Final

from bot.desks import serving
from bot.engine.moves import rest
from bot.engine.rules import waiting
from bot.nlu.fold import clean, plain, words_in
from bot.script import phrases
from bot.script.draft import Draft
from bot.script.notes import FOREIGN, QUIET, SPEAKS, TONGUE
from bot.script.phrases import FIRST_AID
from bot.script.phrases.regions import written_as

MARKS: Final = {
    "en": frozenset(
        "the is isn't my it's i i'm you your not doesn't don't won't can can't please help with hello hi hey good morning afternoon "
        "evening this that what how when where need have morning speak has broken working i'd i've we we'd we're would could want like from "
        "there are and for to of do any next need our tomorrow up at more".split()
    ),
    "es": frozenset(
        "el la los las mi tu es esta no se que con por para hola buenos buenas dias tardes noches necesito tengo quiero "
        "gracias porque pero muy quisiera queremos tienen tenes tienes hay desde hasta y del al cuanto noches puedo una uno para".split()
    ),
    "pt": frozenset(
        "nao minha meu meus uma voce voces preciso obrigado obrigada bom boa dia noite oi ola tudo esta estou tem com "
        "gelando ligando quebrou ajuda quero falar por favor quanto muito agora funciona funcionando imprime conecta liga carrega abre "
        "consigo lento senha tela problema hoje ontem ainda tambem ja pessoa continua igual entendi tchau sim tarde um dois duas amanha "
        "posso pode podem gostaria queria mais isso essa esse pra ate noites fim semana reserva fazer para janeiro fevereiro marco maio perdi acordar "
        "junho julho setembro outubro novembro dezembro segunda terca quarta quinta sexta feira".split()
    ),
}
OWN: Final = {
    "en": frozenset(
        "the is isn't my it's i'm you your morning doesn't don't won't can't hello hi please this that what how i'd i've we we'd we're "
        "would could want from there when where need our tomorrow up".split()
    ),
    "es": frozenset(
        "el los las mi hola buenos buenas tengo necesito quiero muy quisiera queremos tienen tenes tienes hay desde hasta y del cuanto "
        "noches puedo".split()
    ),
    "pt": frozenset(
        "nao minha meu uma quero falar boa voce voces obrigado obrigada bom oi estou gelando senha ainda tambem ontem tchau um dois duas "
        "amanha hoje posso pode podem acordar gostaria mais isso essa pra ate noites janeiro fevereiro junho julho setembro outubro novembro dezembro".split()
    ),
}
"""Words that no other of these languages has."""
ASKS_WHAT: Final = ("greeting", "help")


def speak_alike(draft: Draft) -> None:
    """Answer in the language of the first sentence of a conversation, where the desk speaks it.

    A greeting alone is answered in its language but settles none: who says “hola” may go on in English."""
    if not draft.woken and SPEAKS in draft.notes:
        return
    draft.notes.pop(SPEAKS, None)
    if draft.intent != "greeting":
        draft.notes[SPEAKS] = True
    spoken = language_of(draft.event.text)
    if spoken and spoken != written_as(draft.language) and spoken in serving(draft.before.desk).languages:
        own = draft.before.desk.language
        draft.language = own if written_as(own) == spoken else spoken


def hand_over(draft: Draft) -> str:
    """Help a customer whose language only first aid speaks, as far as something was understood, saying so once.

    A greeting and a call for help are told what there is; everything else goes to a person."""
    spoken = _foreign(draft)
    if not spoken:
        return ""
    known = draft.notes.get(TONGUE) == spoken
    draft.notes[TONGUE] = spoken
    told = bool(draft.taken or draft.guesses)
    if waiting.is_quiet(draft):
        return "" if told or draft.intent else _say_nothing(draft)
    if draft.intent in ASKS_WHAT and not told:
        _answer(draft, spoken, "in_your_language")
        return _say_nothing(draft)
    if draft.intent != "person" and (draft.intent or told):
        if not known:
            _answer(draft, spoken, "in_mine")
        return ""
    draft.want_person()
    draft.notes |= {QUIET: True, FOREIGN: spoken}
    _answer(draft, spoken, "passed_on")
    return _say_nothing(draft)


def _foreign(draft: Draft) -> str:
    """The language that only first aid speaks: of this text, or, where that does not tell, of those before."""
    spoken = language_of(draft.event.text) or str(draft.notes.get(TONGUE, ""))
    if spoken in serving(draft.before.desk).languages:
        draft.notes.pop(TONGUE, None)
        return ""
    return spoken


def _answer(draft: Draft, spoken: str, key: str) -> None:
    mine = phrases.phrase(spoken, FIRST_AID, f"language_{written_as(draft.language)}")
    draft.answers.append(phrases.phrase(spoken, FIRST_AID, key, desk=draft.before.desk.name, language=mine))


def _say_nothing(draft: Draft) -> str:
    """Ask nothing more."""
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
