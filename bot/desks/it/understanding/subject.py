"""The AI's tasks at the IT desk."""

from __future__ import annotations

from typing import Final

from bot.desks.it import knowledge
from bot.nlu.subject import A_NAME, Subject, one_of

_CASE: Final = (
    "device: the device it is about, a group when the kind is not told. symptom: what is wrong with it, not_working when "
    "only that. topic: what the customer wants to learn or set up. intent: trouble when something fails, howto when the "
    "customer wants to do or install something, frustrated when only anger is told."
)
_NAME: Final = (
    "The text is the answer to “what is your name?”. a_name: yes when somebody may be called so, be it a first name, a "
    "surname, a nickname or a foreign and rare name; no when it is a thing, a joke, an insult, an order or a sentence. "
    "intent stays empty. confidence is how sure you are of a_name."
)
IT: Final = Subject(
    about="You read what people write to an IT help desk (Argentine and other Spanish, English, with typos), about "
    "computers, printers, networks, televisions and programs.",
    tasks={
        "extract": f"Find what the customer wants and what it is about. {_CASE}",
        "term": f"The text is a word or two that nobody knew. Say what it names. {_CASE}",
        "intent": f"Say what the customer wants. {_CASE}",
        "name": _NAME,
    },
    intents=("", "greeting", "help", "menu", "person", "trouble", "howto", "rephrase", "persists", "simpler", "frustrated"),
    values={
        "device": one_of(*knowledge.DEVICES, *knowledge.GROUPS),
        "symptom": one_of(*knowledge.SYMPTOMS),
        "topic": one_of(*knowledge.GUIDES),
        A_NAME: one_of("yes", "no"),
    },
    term=("device", "symptom", "topic"),
    least=0.6,
)  # fmt: skip
