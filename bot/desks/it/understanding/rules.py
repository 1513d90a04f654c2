"""Deterministic rules by which the IT desk understands a message. Their order is significant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.desks.it.understanding import case
from bot.desks.it.understanding.words import IT, NOT_NAMES
from bot.nlu import answers, names, rules
from bot.nlu.lexicon import Hit
from bot.nlu.message import Found, Message
from bot.nlu.rules import CLEAR, HALF, SURE, Said
from core.reading import Expectation, Guess, Reading

FEW_WORDS = 4
ASKED, STATED, INFERRED = 90, 80, 40
LONGEST, SHORTEST = 800, 3
MOST_STEPS = 8
_WORDS: Final = (
    "restart", "rephrase", "person", "close", "consult_tickets", "menu", "solved", "persists", "step_help", "simpler",
    "more_tests", "enable_image", "no_name", "decline", "accept", "confirm_ticket", "cancel", "back", "english",
    "spanish_ar", "spanish_419", "spanish", "help", "farewell", "thanks", "greeting",
)  # fmt: skip
"""Words that mean something by themselves, the most telling first."""
_CLEAR: Final = frozenset(
    {"restart", "rephrase", "person", "consult_tickets", "close", "enable_image", "no_name", "decline"}
)
"""Phrases of two words or more that mean it wherever they stand."""
_PROGRESS: Final = frozenset({"solved", "persists", "simpler", "step_help", "more_tests"})
"""Intents that matter only while steps are being tried: their phrases count when nothing else was told."""
_NOTHING_NEW: Final = frozenset({"not_working", "nothing_works"})
"""Symptoms that, while steps are tried, tell of no other problem."""
_YET: Final = frozenset("pero mal raro peor but badly wrong worse".split())
"""Words behind “it works” by which it does not."""
_HELPING: Final = frozenset({"diagnosis", "escalation"})
"""Flows in which it may begin to work, whatever is asked."""
_NUMBERS: Final = {
    **{str(n): n for n in range(1, MOST_STEPS + 1)},
    **dict.fromkeys(("uno", "primero", "primer", "one", "first", "1ro", "1er"), 1),
    **dict.fromkeys(("dos", "segundo", "two", "second", "2do"), 2),
    **dict.fromkeys(("tres", "tercero", "tercer", "three", "third", "3ro", "3er"), 3),
    **dict.fromkeys(("cuatro", "cuarto", "four", "fourth", "4to"), 4),
    **dict.fromkeys(("cinco", "quinto", "five", "fifth", "5to"), 5),
    **dict.fromkeys(("seis", "sexto", "six", "sixth"), 6),
    **dict.fromkeys(("siete", "septimo", "seven", "seventh"), 7),
    **dict.fromkeys(("ocho", "octavo", "eight", "eighth"), 8),
}
_STEP = re.compile(r"\W*+(?:paso|step|punto|help|ayuda)?+\W*+(?:paso|step)?+\W*+([1-8])\W*+")


def read(text: str, expects: Expectation) -> Reading:
    """Understand a text by the IT desk's rules."""
    found = Found(Message.of(text, IT), expects)
    said = rules.first(found, _ORDER)
    _mood(found)
    intent, sure = said or ("", found.confidence)
    if intent in ("", "greeting"):
        _introduction(found)
    return Reading(intent, sure, found.guesses)


def _option(found: Found) -> Said | None:
    return ("", SURE) if rules.chosen(found) else None


def _mark(found: Found) -> Said | None:
    return rules.mark(found) or _word(found) if found.expects.kind == "rating" else None


def _step(found: Found) -> Said | None:
    """“ayuda paso 2”, “no me sale el segundo”."""
    match = _STEP.fullmatch(found.message.plain) if "persists" in _choices(found) else None
    number = int(match[1]) if match else 0
    if found.message.has("step_help"):
        number = next((_NUMBERS[word] for word in found.message.words if word in _NUMBERS), number)
    if not number:
        return None
    found.guesses["step"] = Guess(number, 95, "rules")
    return "step_help", CLEAR


def _yes_no(found: Found) -> Said | None:
    if found.expects.kind != "yes_no" or _telling(found):
        return None
    said = rules.whole(found, "decline", "accept", "no_name")
    if said:
        return said
    decision = answers.yes_no(found.message)
    if not decision:
        return None
    if decision == "no":
        _case(found)
    return decision, SURE


def _unwanted(found: Found) -> Said | None:
    """A ticket or a technician is wanted no more, whatever is said along with it."""
    return ("cancel", CLEAR) if found.message.has("cancel:made") else None


def _word(found: Found) -> Said | None:
    """The message is one of our words and nothing else that matters, or holds one that can only mean one thing."""
    said = rules.whole(found, *_WORDS)
    if said:
        return said
    for hit in found.message.hits:
        for intent in _WORDS:
            if intent in hit.tags & _CLEAR and hit.last - hit.first > 1:
                return intent, CLEAR
    return None


def _name(found: Found) -> Said | None:
    """The answer to “what is your name?”; anything else that was told with it is kept."""
    if found.asked != "name":
        return None
    name = names.read(found.message.text, NOT_NAMES)
    if not name and _case(found):
        name = names.before(found.message.text, NOT_NAMES)
    if name:
        found.guesses["name"] = Guess(name, ASKED, "asked")
    if not name or len(found.message.words) > names.MOST_WORDS + 3:
        _case(found)
    return ("" if name else "not_a_name"), CLEAR


def _need(found: Found) -> Said | None:
    """“it is a question”: what is needed was said, and nothing of what it is about."""
    for tag, need in (("question", "howto"), ("problem", "problem")):
        if found.message.has(tag) and answers.covered_by(found.message, tag):
            found.guesses["need"] = Guess(need, ASKED, "rules")
            return "need_told", CLEAR
    return None


def _how_to(found: Found) -> Said | None:
    message = found.message
    device = case.device(message)
    named = str(device.value) if device else ""
    if not message.has("howto") or case.symptom(message, named, asking_how=True):
        return None
    topic = case.topic(message, named)
    if device:
        found.guesses["device"] = device
    if topic:
        found.guesses["topic"] = Guess(topic, STATED, "rules")
    found.guesses["need"] = Guess("howto", STATED, "rules")
    _aside(found)
    _keep_words(found, STATED if topic else INFERRED)
    return "howto", CLEAR


def _trouble(found: Found) -> Said | None:
    """A device, something wrong, or both."""
    progress = _progress(found)
    if progress:
        return progress
    if not _case(found):
        return None
    whole = "symptom" in found.guesses or len(found.message.words) <= FEW_WORDS
    return "trouble", CLEAR if whole else HALF  # a device in a sentence that says more than was understood


def _progress(found: Found) -> Said | None:
    """While steps are tried, “sigue sin andar” and “no anda” say how that went, and no new problem."""
    if "persists" not in _choices(found) and found.expects.flow not in _HELPING:
        return None
    device = case.device(found.message)
    hit = next((hit for hit in found.message.hits if hit.tags & _PROGRESS), None)
    if hit and not ("solved" in hit.tags and _fails_otherwise(found, hit)) and not _is_of_another(hit, device):
        return next(intent for intent in _WORDS if intent in hit.tags & _PROGRESS), CLEAR
    symptom = case.symptom(found.message, "", asking_how=False)
    if symptom not in _NOTHING_NEW or device is not None:
        return None
    return ("frustrated" if found.message.has("frustrated") else "persists"), CLEAR


def _is_of_another(hit: Hit, device: Guess | None) -> bool:
    """“y la impresora tampoco” tells of one thing more, and not how the step went."""
    return device is not None and any(tag.startswith("sym:") for tag in hit.tags)


def _fails_otherwise(found: Found, solved: Hit) -> bool:
    """“ya entra, pero no imprime”: something is told to fail after it works."""
    rest = found.message.written(solved.last, len(found.message.tokens))
    return bool(_YET & {*found.message.words[solved.last :]}) or bool(
        case.symptom(Message.of(rest, IT), "", asking_how=False)
    )


def _free_text(found: Found) -> Said | None:
    """The answer to “what is wrong with it?”, though nothing in it is known: the words are kept as they are."""
    if found.asked != "details" or not found.message.tokens or found.message.has("frustrated"):
        return None
    found.guesses["details"] = Guess(found.message.text[:LONGEST], ASKED, "asked")
    return "", ASKED / 100


def _anger(found: Found) -> Said | None:
    return ("frustrated", CLEAR) if found.message.has("frustrated") else None


def _case(found: Found) -> bool:
    """Take in which device, what is wrong, and in which words. Whether anything was told."""
    message = found.message
    device = case.device(message)
    named = str(device.value) if device else ""
    symptom = case.symptom(message, named, asking_how=False)
    _introduction(found)
    if device:
        found.guesses["device"] = device
    if symptom:
        found.guesses["symptom"] = Guess(symptom, STATED, "rules")
        found.guesses["need"] = Guess("problem", STATED, "rules")
        _keep_words(found, STATED)
    elif device and message.has("problem"):
        found.guesses["need"] = Guess("problem", STATED, "rules")
    _aside(found)
    return bool(device or symptom)


def _introduction(found: Found) -> None:
    """“soy Ana”, said along with something else."""
    name = names.introduced(found.message.text, NOT_NAMES)
    if name:
        found.guesses.setdefault("name", Guess(name, STATED, "rules"))


def _telling(found: Found) -> bool:
    """More than a yes or a no: a problem is being told."""
    return bool(case.symptom(found.message, "", asking_how=False)) and len(found.message.words) > 2


def _keep_words(found: Found, confidence: int) -> None:
    written = found.message.text[:LONGEST]
    if len(written) >= SHORTEST:
        source = "asked" if found.asked == "problem" and confidence > INFERRED else "rules"
        found.guesses["problem"] = Guess(written, confidence, "inferred" if confidence == INFERRED else source)


def _aside(found: Found) -> None:
    brand, system = case.brand(found.message), case.system(found.message)
    if brand:
        found.guesses["brand"] = Guess(brand, STATED, "rules")
    if system:
        found.guesses["system"] = Guess(system, STATED, "rules")


def _mood(found: Found) -> None:
    if found.message.has("frustrated"):
        found.guesses["mood"] = Guess("frustrated", STATED, "rules")


def _choices(found: Found) -> set[str]:
    return {option.id for option in found.expects.options}


_ORDER: Final[tuple[Callable[[Found], Said | None], ...]] = (
    rules.opt_out,
    _option,
    _mark,
    _step,
    _yes_no,
    _unwanted,
    _word,
    rules.decision,
    _name,
    _need,
    _how_to,
    _trouble,
    rules.comment,
    _free_text,
    _anger,
    rules.polite,
)
