"""Deterministic rules by which the field desk understands a message.

The order is the meaning. First what the whole message can only be (stop, a typed
option), then what the standing question expects (yes or no, a mark, the slot that
was asked), then words that work everywhere, then reports and corrections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.desks.field.understanding import corrections, problems, several
from bot.desks.field.understanding.found import KINDS, Report
from bot.desks.field.understanding.words import FIELD
from bot.nlu import aftercare, answers, places, rules
from bot.nlu.message import Message
from bot.nlu.rules import CLEAR, SURE, Said
from core.reading import Expectation, Guess, Reading

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
"""Mere politeness elsewhere; many a comment consists of it."""
_INSTEAD: Final = {"employee_number": "no_employee", "sap_code": "no_code"}
"""Slots that somebody may not have, and the one that says so."""
_OPENS: Final = frozenset("estoy estamos me mi la direccion ubicacion i i'm my".split())
_CLEAR_WORDS = 2
MOSTLY = 0.75
"""How much of a free answer a clear phrase must be: a long description may well contain one."""
_REPORTS: Final = {"refrigerator": "report_refrigerator", "vehicle": "report_vehicle"}


def read(text: str, expectation: Expectation) -> Reading:
    """Understand a text by the field desk's rules; of several pieces of equipment each by itself."""
    message = Message.of(text, FIELD)
    first, *others = several.parts(message) if len(message.tokens) >= several.FEWEST_WORDS else [text]
    if not others:
        return _read(message, expectation)
    reading = _read(Message.of(first, FIELD), expectation)
    told = [_one_of_several(_read(Message.of(other, FIELD), expectation)) for other in others]
    return replace(reading, guesses={**reading.guesses, "others": Guess([each for each in told if each], 90, "rules")})


def _one_of_several(reading: Reading) -> list[str]:
    """The code and the problem of another piece of equipment."""
    code, problem = reading.guesses.get("sap_code"), reading.guesses.get("problem")
    return [str(code.value), str(problem.value) if problem else ""] if code else []


def _read(message: Message, expectation: Expectation) -> Reading:
    found = Report(message, expectation)
    said = rules.first(found, _ORDER)
    found.guesses |= problems.urgent(message, found.guesses.get("problem"), expectation.flow)
    if said is None:
        return Reading("", found.confidence, found.guesses)
    if said[0] in ("consult_tickets", "cancel"):
        found.read_codes()
    return Reading(said[0], said[1], found.guesses)


def _option(found: Report) -> Said | None:
    """An option typed by its title or its number goes along with whatever else was understood."""
    if not rules.chosen(found):
        return None
    if len(found.message.tokens) == 1 and found.message.words[0].isdigit():
        return "", SURE
    return None if found.expects.kind != "choice" else (_whole(found) or ("", SURE))


def _mark(found: Report) -> Said | None:
    if found.expects.kind != "rating":
        return None
    return rules.mark(found) or _everywhere(found) or rules.decision(found)


def _confirmation(found: Report) -> Said | None:
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


def _correction(found: Report) -> Said | None:
    change = corrections.correction(found.message)
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


def _without_number(found: Report) -> Said | None:
    """“no tengo número de empleado, soy cliente”, “no trae etiqueta”: the report goes on without it."""
    instead = _INSTEAD.get(found.asked, "") if found.expects.kind == "slot" else ""
    if not instead or not (_has_none(found.message, instead) or _tells_plates(found.message, instead)):
        return None
    found.read_codes()
    if found.asked not in found.guesses:
        found.guesses[instead] = Guess(found.message.text, 90, "rules")
    return "", CLEAR


def _told_before(found: Report) -> Said | None:
    """“el empleado es ese número que te di”: says only which of the numbers it was."""
    message = found.message
    named = [slot for slot in ("employee_number", "sap_code") if message.has(f"field:{slot}")]
    if not named or any(c.isdigit() for c in message.plain) or aftercare.meant(message.text) != "before":
        return None
    found.guesses["meant_as"] = Guess(named[0], 90, "rules")
    return "", CLEAR


def _has_none(message: Message, instead: str) -> bool:
    """It is said, and not asked: “¿dónde viene ese número?” has none yet."""
    return message.has(instead) and "?" not in message.text


def _tells_plates(message: Message, instead: str) -> bool:
    """“las placas son NLX-45-92” tells which one it is as well as a code."""
    return instead == "no_code" and message.has("plates") and any(c.isdigit() for c in message.plain)


def _retarget(found: Report, slot: str) -> None:
    """“cambia mi número de empleado, es 54322”: the number is what is being changed."""
    if slot == "employee_number" and slot not in found.guesses and "sap_code" in found.guesses:
        code = found.guesses.pop("sap_code")
        found.guesses[slot] = Guess(code.value, 90, "rules")


def _free_text(found: Report) -> Said | None:
    """The answer to a question whose answer is free text, unless the whole of it is a word that works everywhere."""
    slot = found.asked
    if slot not in FREE or not found.message.tokens:
        return None
    said = _whole(found) or _clear(found, least=MOSTLY)
    if said and said[0] == "cancel" and not answers.outright(found.message):
        return (
            "",
            found.confidence,
        )  # “ya no” may be the beginning of what is wrong: it cancels nothing, and says nothing
    if said and not (slot == "comment" and said[0] in _PRAISE):
        return said
    found.read_codes()
    text = _answer(found, slot)
    if text:
        found.guesses[slot] = Guess(text, FREE[slot], "asked")
    return "", found.confidence


def _answer(found: Report, slot: str) -> str:
    """The whole text, or what is left of it where codes were told along with it."""
    if slot == "address":
        return _place_asked(found)
    if slot == "comment":
        return found.message.text
    if not found.covered:
        return found.message.text if len(found.message.text) >= problems.SHORTEST else ""
    rest = problems.read(found.message, found.covered, reporting=True)
    return str(rest.value) if rest else ""


def _place_asked(found: Report) -> str:
    if "location" in found.guesses or places.numbers_of(found.message):
        return ""
    if problems.is_reported(found.message) and not any(c.isdigit() for c in found.message.plain):
        return ""  # a fault is no place
    guess = found.guesses.get("address")
    written = str(guess.value) if guess and _begins_with_opening(found) else found.message.text
    return written if len(written) >= problems.SHORTEST and any(w.isalpha() for w in found.message.words) else ""


def _begins_with_opening(found: Report) -> bool:
    """“estoy en …” is cut; an address that is told in the middle of more is kept whole."""
    return 0 in found.covered and found.message.words[0] in _OPENS


def _whole(found: Report) -> Said | None:
    """The message is one of our words and nothing else that matters; who does not know what was asked wants help."""
    if (
        found.asked not in ("", "comment")
        and found.message.has("unsure")
        and answers.covered_by(found.message, "unsure")
    ):
        return "help", CLEAR
    return rules.whole(found, *_EVERYWHERE) or rules.decision(found)


def _clear(found: Report, least: float = 0.0) -> Said | None:
    """A phrase of two words or more that can only mean one thing, wherever it stands."""
    for hit in found.message.hits:
        for intent in _EVERYWHERE:
            clear = intent in hit.tags & _ALWAYS_CLEAR and hit.last - hit.first >= _CLEAR_WORDS
            if clear and not answers.yields(found.message, hit, intent) and answers.share(found.message, hit) >= least:
                return intent, CLEAR
    return None


def _everywhere(found: Report) -> Said | None:
    return _whole(found) or _clear(found)


def _report(found: Report) -> Said | None:
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


def _asked_code(found: Report) -> Said | None:
    """A code was asked and the message holds codes and nothing else to speak of."""
    if found.asked in FREE or not found.message.tokens or _names_its_kind(found):
        return None
    before = dict(found.guesses)
    found.read_codes()
    rest = [i for i in range(len(found.message.tokens)) if i not in found.covered]
    if found.guesses == before or answers.matters(found.message, rest):
        return None
    return ("consult_tickets", SURE) if "ticket_number" in found.guesses else ("", found.confidence)


def _names_its_kind(found: Report) -> bool:
    """“refrigerador 4045101” where nothing of the kind was asked is a report, not just a code."""
    return not found.asked and any(found.message.has(f"kind:{kind}") for kind in KINDS)


def _comment(found: Report) -> Said | None:
    """Take a comment that comes with, or instead of, the yes to “any comments?”."""
    expects, message = found.expects, found.message
    if (expects.kind, expects.slot) != ("yes_no", "comment") or len(message.tokens) < _CLEAR_WORDS:
        return None
    if problems.is_reported(message):
        return None
    found.guesses["comment"] = Guess(message.text, FREE["comment"], "asked")
    return "", CLEAR


def _polite(found: Report) -> Said | None:
    return rules.polite(found, longer_than=30)


_ORDER: Final[tuple[Callable[[Report], Said | None], ...]] = (
    rules.opt_out,
    _option,
    _mark,
    _confirmation,
    _told_before,
    _correction,
    _without_number,
    _free_text,
    _everywhere,
    _asked_code,
    _comment,
    _report,
    _polite,
)
