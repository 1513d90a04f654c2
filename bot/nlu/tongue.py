"""The language of a message, by the small words that only one language has."""

from __future__ import annotations

from typing import Final

from bot.nlu.fold import clean, plain, words_in

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


def spoken(text: str) -> str:
    """The language, where its own words say so and no other's do; "" where that is not plain."""
    words = set(words_in(plain(clean(text))))
    own = {language: len(words & marks) for language, marks in OWN.items()}
    best = max(own, key=lambda language: (own[language], len(words & MARKS[language])))
    if not own[best] or any(own[other] for other in own if other != best):
        return ""
    enough = own[best] > 1 or len(words & MARKS[best]) > 1 or len(words) == 1
    return best if enough else ""
