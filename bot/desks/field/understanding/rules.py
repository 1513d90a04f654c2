"""What a message means, by rules alone: pure, always the same, and quick.

The order is the meaning. First what the whole message can only be (stop, a typed
option), then what the standing question expects (yes or no, a mark, the slot that
was asked), then words that work everywhere, then reports and corrections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.desks.field.understanding import places, problems
from bot.desks.it.understanding import rules
from bot.nlu import answers, dangers, ratings
from bot.nlu.found import KINDS, Found
from bot.nlu.message import Message
from core.messages import Event
from core.reading import Expectation, Guess, Reading
from core.session import Session

SURE, CLEAR, LIKELY, FAINT = 1.0, 0.9, 0.7, 0.5
FREE: Final = {"problem": 90, "address": 85, "comment": 90}
"""Slots whose answer is free text, and how sure an answer to their question is."""
_EVERYWHERE: Final = (
    "restart",
    "person",
    "consult_tickets",
    "menu",
    "back",
    "help",
    "cancel",
    "english",
    "spanish",
    "farewell",
    "thanks",
    "greeting",
)
_ALWAYS_CLEAR: Final = frozenset(
    {"restart", "person", "consult_tickets", "cancel", "english", "spanish", "help", "menu", "back"}
)
_PRAISE: Final = frozenset({"thanks", "farewell", "greeting", "yes"})
"""What is mere politeness elsewhere is what many a comment consists of."""
_OPENS: Final = frozenset("estoy estamos me mi la direccion ubicacion i i'm my".split())
_CLEAR_WORDS = 2
MOSTLY = 0.75
"""How much of a free answer a clear phrase must be: a long description may well contain one."""
_REPORTS: Final = {"refrigerator": "report_refrigerator", "vehicle": "report_vehicle"}


Said = tuple[str, float]
"""An intent and how sure we are of it."""


WRITTEN: Final = frozenset({"text", "image", "video", "document"})
"""Kinds of event in which a customer writes: a caption may tell of danger as well."""
SURELY: Final = 95


def read(event: Event, expectation: Expectation, session: Session) -> Reading:
    """What the event says. `session` is what a rule may look at; today the expectation tells them all they need."""
    reading = _read(event, expectation)
    danger = dangers.told(event.text, expectation.language) if event.kind in WRITTEN else ""
    if not danger:
        return reading
    return replace(reading, guesses={**reading.guesses, "danger": Guess(danger, SURELY, "rules")})


def _read(event: Event, expectation: Expectation) -> Reading:
    if event.kind == "text":
        return VOCABULARIES[expectation.vocabulary](event.text, expectation)
    if event.kind == "request_welcome":
        return Reading("greeting", SURE, why="kind")
    if event.kind == "choice" and event.content.get("id"):
        return Reading("", SURE, {"choice": Guess(event.content["id"], 100, "pressed")}, why="kind")
    spot = places.pin(event.content) if event.kind == "location" else None
    if spot:
        return Reading("", SURE, {"location": spot}, why="kind")
    return Reading(source="kind", why=event.kind)


def _text(text: str, expectation: Expectation) -> Reading:
    found = Found(Message.of(text), expectation)
    for rule in _ORDER:
        said = rule(found)
        if said is not None:
            if said[0] in ("consult_tickets", "cancel"):
                found.read_codes()
            return Reading(said[0], said[1], found.guesses)
    return Reading("", found.confidence, found.guesses)


def _opt_out(found: Found) -> Said | None:
    intent = answers.opt_out(found.message)
    return (intent, SURE) if intent else None


def _option(found: Found) -> Said | None:
    """An option typed by its title or its number goes along with whatever else was understood."""
    option = answers.option(found.message, found.expects)
    if option is None:
        return None
    found.guesses["choice"] = Guess(option.id, 100, "typed")
    if len(found.message.tokens) == 1 and found.message.words[0].isdigit():
        return "", SURE
    return None if found.expects.kind != "choice" else (_whole(found) or ("", SURE))


def _mark(found: Found) -> Said | None:
    if found.expects.kind != "rating":
        return None
    mark = ratings.read(found.message)
    if mark is not None:
        found.guesses["rating"] = Guess(mark, 95, "asked")
        return "rating", SURE
    return _everywhere(found) or _decision(found)


def _confirmation(found: Found) -> Said | None:
    if found.expects.kind != "yes_no":
        return None
    decision = answers.yes_no(found.message)
    if not decision:
        return None
    found.read_codes()
    found.read_kind()
    if decision == "no":
        found.read_problem(reporting=False)
    return decision, SURE


def _correction(found: Found) -> Said | None:
    change = answers.correction(found.message)
    if change is None:
        return None
    found.read_codes()
    if change.slot:
        found.guesses["corrects"] = Guess(change.slot, 90, "rules")
    if change.value and change.slot in FREE:
        found.guesses[change.slot] = Guess(change.value, FREE[change.slot], "rules")
    elif not change.slot:
        found.read_kind(hints=False)
        found.read_problem(reporting=False)
    _retarget(found, change.slot)
    return "correct", CLEAR


def _retarget(found: Found, slot: str) -> None:
    """“cambia mi número de empleado, es 54322”: the number is what is being changed."""
    if slot == "employee_number" and slot not in found.guesses and "sap_code" in found.guesses:
        code = found.guesses.pop("sap_code")
        found.guesses[slot] = Guess(code.value, 90, "rules")


def _free_text(found: Found) -> Said | None:
    """The answer to a question whose answer is free text, unless the whole of it is a word that works everywhere."""
    slot = found.asked
    if slot not in FREE or not found.message.tokens:
        return None
    said = _whole(found) or _clear(found, least=MOSTLY)
    if said and not (slot == "comment" and said[0] in _PRAISE):
        return said
    found.read_codes()
    text = _answer(found, slot)
    if text:
        found.guesses[slot] = Guess(text, FREE[slot], "asked")
    return "", found.confidence


def _answer(found: Found, slot: str) -> str:
    """The whole text, or what is left of it where codes were told along with it."""
    if slot == "address":
        return _place_asked(found)
    if slot == "comment":
        return found.message.text
    if not found.covered:
        return found.message.text if len(found.message.text) >= problems.SHORTEST else ""
    rest = problems.read(found.message, found.covered, reporting=True)
    return str(rest.value) if rest else ""


def _place_asked(found: Found) -> str:
    if "location" in found.guesses or places.numbers_of(found.message):
        return ""
    if problems.told(found.message) and not any(c.isdigit() for c in found.message.plain):
        return ""  # a fault is no place
    told = found.guesses.get("address")
    written = str(told.value) if told and _begins_with_opening(found) else found.message.text
    return written if len(written) >= problems.SHORTEST and any(w.isalpha() for w in found.message.words) else ""


def _begins_with_opening(found: Found) -> bool:
    """“estoy en …” is cut; an address that is told in the middle of more is kept whole."""
    return 0 in found.covered and found.message.words[0] in _OPENS


def _whole(found: Found) -> Said | None:
    """The message is one of our words and nothing else that matters; who does not know what was asked wants help."""
    if (
        found.asked not in ("", "comment")
        and found.message.has("unsure")
        and answers.covered_by(found.message, "unsure")
    ):
        return "help", CLEAR
    for intent in _EVERYWHERE:
        if found.message.has(intent) and answers.covered_by(found.message, intent):
            return intent, SURE
    return _decision(found)


def _decision(found: Found) -> Said | None:
    for intent in ("yes", "no"):
        if found.message.has(intent) and answers.covered_by(found.message, intent):
            return intent, SURE
    return None


def _clear(found: Found, least: float = 0.0) -> Said | None:
    """A phrase of two words or more that can only mean one thing, wherever it stands."""
    for hit in found.message.hits:
        for intent in _EVERYWHERE:
            clear = intent in hit.tags & _ALWAYS_CLEAR and hit.last - hit.first >= _CLEAR_WORDS
            if clear and answers.share(found.message, hit) >= least:
                return intent, CLEAR
    return None


def _everywhere(found: Found) -> Said | None:
    return _whole(found) or _clear(found)


def _report(found: Found) -> Said | None:
    """A kind of equipment, a known fault, or the wish to report."""
    message = found.message
    if not message.tokens:
        return None
    found.read_codes()
    if "ticket_number" in found.guesses:
        return "consult_tickets", CLEAR
    if message.has("not_fault"):
        return None
    if message.has("unsure") and not message.has("fault"):
        return None
    kind = found.read_kind()
    wished = message.has("+report")
    found.read_problem(reporting=wished or kind is not None)
    if kind:
        return _REPORTS[kind], CLEAR
    return ("report_fault", CLEAR) if wished or "problem" in found.guesses else None


def _asked_code(found: Found) -> Said | None:
    """A code was asked and the message holds codes and nothing else to speak of."""
    if found.asked in FREE or not found.message.tokens or _names_its_kind(found):
        return None
    before = dict(found.guesses)
    found.read_codes()
    rest = [i for i in range(len(found.message.tokens)) if i not in found.covered]
    if found.guesses == before or answers.matters(found.message, rest):
        return None
    return ("consult_tickets", SURE) if "ticket_number" in found.guesses else ("", found.confidence)


def _names_its_kind(found: Found) -> bool:
    """“refrigerador 4045101” where nothing of the kind was asked is a report, not just a code."""
    return not found.asked and any(found.message.has(f"kind:{kind}") for kind in KINDS)


def _comment(found: Found) -> Said | None:
    """Whether there is a comment was asked, and here it is already."""
    expects, message = found.expects, found.message
    if (expects.kind, expects.slot) != ("yes_no", "comment") or len(message.tokens) < _CLEAR_WORDS:
        return None
    if problems.told(message):
        return None
    found.guesses["comment"] = Guess(message.text, FREE["comment"], "asked")
    return "", CLEAR


def _polite(found: Found) -> Said | None:
    """A greeting before something we did not understand."""
    hit = found.message.hit("greeting")
    return ("greeting", FAINT) if hit and hit.first == 0 and len(found.message.text) > 30 else None


_ORDER: Final[tuple[Callable[[Found], Said | None], ...]] = (
    _opt_out,
    _option,
    _mark,
    _confirmation,
    _correction,
    _free_text,
    _everywhere,
    _asked_code,
    _comment,
    _report,
    _polite,
)

VOCABULARIES: Final[dict[str, Callable[[str, Expectation], Reading]]] = {"field": _text, "it": rules.text}
"""How a desk's words are read, by the vocabulary its menu names."""
