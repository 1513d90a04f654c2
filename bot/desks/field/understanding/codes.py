"""Classification of numbers: equipment (SAP) codes, employee numbers, tickets, and numbers to ignore.

The words before a number decide what it is; then what was asked; then its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.nlu.fold import Token
from bot.nlu.message import Message
from core import ticket_numbers
from core.reading import Guess

SAP: Final = re.compile(r"\d{5,10}")
EMPLOYEE: Final = re.compile(r"(?=.*\d)[0-9a-z]{3,20}", re.IGNORECASE)
_DENIALS: Final = ("no es", "no era", "no son", "is not", "it's not", "isn't")
BARE_ANSWER = 20
"""An answer this short that holds one number and nothing else is that number."""

_PHONE = re.compile(r"\+\s?\d[\d\s().-]{7,18}\d")
_LETTERS_DIGITS = re.compile(r"(?=\w*\d)(?=\w*[a-z])[0-9a-z]{3,20}")
_GLUED = re.compile(r"(emp|empleado|sap|id|cod|codigo)(\d{3,20})")
_ONLY_NUMBER = re.compile(r"\d[\d\s.-]*")
_DECIMAL = re.compile(r"[.,]?\d")

_CONNECTORS: Final = frozenset(
    "es el la los mi su un una numero num nro no n de del con que sap is the my number of its it's era son codigo id "
    "tengo traigo seria soy a por ahora".split()
)
_ROLES: Final[dict[str, str]] = {
    **dict.fromkeys("sap codigo cod code id clave equipo equipment serie activo".split(), "sap"),
    **dict.fromkeys("empleado empleada emp nomina legajo employee badge trabajador gafete".split(), "employee"),
    **dict.fromkeys("telefono tel cel celular whatsapp whats phone movil fono".split(), "other"),
    **dict.fromkeys(
        "postal cp km kilometro calle avenida av col colonia lote manzana casa local piso".split(), "other"
    ),
    **dict.fromkeys("hace desde hasta debe pague cuesta pesos".split(), "other"),
    **dict.fromkeys("ticket tiket folio reporte report".split(), "ticket"),
}
_UNITS: Final = frozenset(
    "pesos km kms kilometros anos dias horas minutos meses semanas mil litros grados personas dolares usd mxn "
    "years days hours".split()
)
_SPOKEN: Final = dict(
    zip(
        (
            "cero uno dos tres cuatro cinco seis siete ocho nueve zero one two three four five six seven eight nine"
        ).split(),
        "0123456789" * 2,
        strict=True,
    )
)
SPOKEN_SHORTEST = 4
"""So many digits, told in words, are a code."""
_TENS: Final = dict(
    zip("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), range(2, 10), strict=True)
)
_TEENS: Final = {
    **dict(
        zip(
            "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve".split(),
            range(10, 20),
            strict=True,
        )
    ),
    **{
        f"veinti{digit}": 20 + n for n, digit in enumerate("uno dos tres cuatro cinco seis siete ocho nueve".split(), 1)
    },
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the message, and the words it covers. `role` is what the words around it say it is."""

    value: str
    first: int
    last: int
    role: str = ""


@dataclass(slots=True)
class Codes:
    """The codes found, and the words that belong to them."""

    guesses: dict[str, Guess] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)


def read(message: Message, asked: str, skip: Sequence[range] = ()) -> Codes:
    """Every code in the message; `skip` are places (addresses, coordinates) whose numbers are their own."""
    codes = Codes()
    if not any(c.isdigit() for c in message.plain) and not (_SPOKEN.keys() | _TENS.keys()) & {
        token.word for token in message.tokens
    }:
        return codes
    taken = [*skip, *_phones(message)]
    taken += _tickets(message, asked, codes)
    found = [n for n in numbers(message) if not _inside(message.tokens[n.first], taken)]
    if asked in ("sap_code", "employee_number") and _is_bare(message, found):
        found = [Number("".join(n.value for n in found), 0, len(message.tokens))]
    for number in _in_groups(message, found) if asked == "sap_code" else found:
        _place(number, asked, message, codes)
    codes.covered |= {i for i, token in enumerate(message.tokens) if _inside(token, taken)}
    return codes


def _is_bare(message: Message, numbers: Sequence[Number]) -> bool:
    """Digits alone, perhaps in groups (“404 5101”), but two whole numbers are two numbers."""
    if len(numbers) < 2 or len(message.plain) > BARE_ANSWER or not _ONLY_NUMBER.fullmatch(message.plain):
        return False
    return not all(len(n.value) >= 5 for n in numbers)


def _in_groups(message: Message, numbers: Sequence[Number]) -> list[Number]:
    """“ya la encontré, es el 404 5101”: two groups beside each other, neither of them a code, that are one together."""
    joined: list[Number] = []
    for number in numbers:
        before = joined[-1] if joined else None
        if before and before.last == number.first and message.gap(number.first) in " -" and _are_one(before, number):
            joined[-1] = Number(before.value + number.value, before.first, number.last, before.role)
        else:
            joined.append(number)
    return joined


def _are_one(one: Number, other: Number) -> bool:
    halves = not (SAP.fullmatch(one.value) or SAP.fullmatch(other.value) or other.role) and one.role in ("", "sap")
    return halves and SAP.fullmatch(one.value + other.value) is not None


def _tickets(message: Message, asked: str, codes: Codes) -> list[range]:
    found = ticket_numbers.find(message.plain)
    if found:
        codes.guesses["ticket_number"] = Guess(found[0], 95, "rules")
        return [found[1]]
    bare = (ticket_numbers.BARE if asked == "ticket_number" else ticket_numbers.BARE_ANYWHERE).search(message.plain)
    if bare:
        codes.guesses["ticket_number"] = Guess(ticket_numbers.completed(bare.group()), 95, "rules")
        return [range(*bare.span())]
    tried = ticket_numbers.TRIED.search(message.plain)
    if tried:
        codes.guesses["invalid_code"] = Guess(message.text[slice(*tried.span())], 95, "rules")
        return [range(*tried.span())]
    return []


def _phones(message: Message) -> list[range]:
    return [range(*m.span()) for m in _PHONE.finditer(message.plain)] if "+" in message.plain else []


def _inside(token: Token, places: Sequence[range]) -> bool:
    return any(token.start in place for place in places)


def numbers(message: Message) -> Iterator[Number]:
    """Every number in the message, with what the words around it say it is."""
    at, written = 0, [token.word for token in message.tokens]
    while at < len(message.tokens):
        word = written[at]
        spoken, end = _spoken(written, at)
        if len(spoken) >= SPOKEN_SHORTEST:
            yield _judged(message, spoken, at, end)
            at = end
            continue
        glued = _GLUED.fullmatch(word)
        if glued:
            yield Number(glued[2], at, at + 1, _ROLES[glued[1]])
        elif _ascii_digits(word) or _LETTERS_DIGITS.fullmatch(word):
            yield _judged(message, message.text[message.tokens[at].start : message.tokens[at].end], at, at + 1)
        at += 1


def _ascii_digits(word: str) -> bool:
    return word.isdigit() and word.isascii()


def _spoken(words: Sequence[str], at: int) -> tuple[str, int]:
    """The digits of “cuatro cero cuarenta y cinco uno”, and where they end."""
    digits = ""
    while at < len(words):
        told, after = _spoken_at(words, at)
        if not told:
            break
        digits, at = digits + told, after
    return digits, at


def _spoken_at(words: Sequence[str], at: int) -> tuple[str, int]:
    """One digit, or the two of “cuarenta y cinco”; "" for another word."""
    word = words[at]
    if word in _SPOKEN:
        return _SPOKEN[word], at + 1
    if word in _TEENS:
        return str(_TEENS[word]), at + 1
    if word not in _TENS:
        return "", at
    joined = (
        at + 2 < len(words)
        and words[at + 1] == "y"
        and words[at + 2] in _SPOKEN
        and words[at + 2] not in ("cero", "zero")
    )
    return f"{_TENS[word]}{_SPOKEN[words[at + 2]] if joined else '0'}", at + 3 if joined else at + 1


def _judged(message: Message, value: str, first: int, last: int) -> Number:
    """The number with its role, covering the words that gave it."""
    if (last < len(message.words) and message.words[last] in _UNITS) or _is_part_of_decimal(message, first):
        return Number(value, first, last, "other")
    if _is_denied(message, first):
        return Number(value, first, last, "denied")
    weak = False
    for at in range(first - 1, max(first - 7, -1), -1):
        word = message.tokens[at].word
        role = _ROLES.get(word) or _ROLES.get(message.words[at]) or _kind_role(message, at)
        if role == "sap" and _employee_before(message, at):
            continue
        if role:
            return Number(value, _numero_de(message, at), last, role)
        weak = weak or (word in ("numero", "num", "number") and at > 0 and message.words[at - 1] in ("mi", "my"))
        if word not in _CONNECTORS:
            break
    return _named_after(message, Number(value, first, last, "mine" if weak else ""))


def _is_part_of_decimal(message: Message, at: int) -> bool:
    token = message.tokens[at]
    return _DECIMAL.fullmatch(message.plain[token.end : token.end + 2]) is not None and message.plain[token.end] in ".,"


def _is_denied(message: Message, at: int) -> bool:
    """“es 77121, no 77120”, “no es el 77120, es el 77121”: what it is not."""
    if at >= 2 and message.words[at - 1] == "no" and "." not in message.gap(at):
        return any(token.word.isdigit() for token in message.tokens[: at - 1])
    before = " ".join(word for word in message.words[max(at - 3, 0) : at] if word not in ("el", "la"))
    return before.endswith(_DENIALS) and any(token.word.isdigit() for token in message.tokens[at + 1 :])


def _employee_before(message: Message, at: int) -> bool:
    """“empleado con código 54321”: the code of an employee."""
    return any(_ROLES.get(message.words[i]) == "employee" for i in range(max(at - 2, 0), at))


def _kind_role(message: Message, at: int) -> str:
    """“carro 483765723”: a number right after a kind of equipment is its code."""
    known = any(hit.first <= at < hit.last and _is_kind(hit.tags) for hit in message.hits)
    return "kind" if known else ""


def _is_kind(tags: frozenset[str]) -> bool:
    return "kind:refrigerator" in tags or "kind:vehicle" in tags


def _numero_de(message: Message, at: int) -> int:
    """“soy el número de empleado …” begins at “soy”."""
    while at > 0 and message.words[at - 1] in _CONNECTORS:
        at -= 1
    return at


def _named_after(message: Message, number: Number) -> Number:
    """“54321 es mi número de empleado”."""
    rest = message.words[number.last : number.last + 6]
    if number.role or not rest or rest[0] not in ("es", "is"):
        return number
    for offset, word in enumerate(rest):
        role = _ROLES.get(word, "")
        if role and role != "other" and not (role == "sap" and "employee" in map(_ROLES.get, rest)):
            return Number(number.value, number.first, number.last + offset + 1, role)
    return number


def _place(number: Number, asked: str, message: Message, codes: Codes) -> None:
    """Put the number where it belongs."""
    codes.covered |= set(range(number.first, number.last))
    name, confidence, source = _meaning(number, asked, message, codes)
    if name:
        codes.guesses[name] = Guess(_neat(name, number.value), confidence, source)


def _neat(name: str, value: str) -> str:
    """As it is kept: a ticket's eight characters get their family name."""
    if name == "ticket_number":
        return ticket_numbers.completed(value)
    return value if name == "invalid_code" else value.upper()


def _meaning(number: Number, asked: str, message: Message, codes: Codes) -> tuple[str, int, str]:
    match number.role:
        case "other":
            return "", 0, ""
        case "denied":
            return "denied", 95, "rules"
        case "sap":
            return ("sap_code" if SAP.fullmatch(number.value) else "invalid_code"), 95, "rules"
        case "employee":
            return ("employee_number" if EMPLOYEE.fullmatch(number.value) else "invalid_code"), 90, "rules"
        case "ticket":
            return _ticket_of(number.value)
        case "kind" if SAP.fullmatch(number.value):
            return "sap_code", 95, "rules"
        case "kind":
            return "", 0, ""
    return _unnamed(number, asked, message, codes)


def _ticket_of(value: str) -> tuple[str, int, str]:
    return ("", 0, "") if not ticket_numbers.BARE.fullmatch(value.lower()) else ("ticket_number", 95, "rules")


def _unnamed(number: Number, asked: str, message: Message, codes: Codes) -> tuple[str, int, str]:
    """No word says what it is: what was asked decides, then its length."""
    value = number.value
    if asked in ("sap_code", "employee_number") and asked not in codes.guesses:
        fits = SAP.fullmatch(value) if asked == "sap_code" else EMPLOYEE.fullmatch(value)
        alone = number.last - number.first == len(message.tokens) or len(message.tokens) <= 4
        if fits and (value.isdigit() or alone):
            return asked, 95, "asked"
        if alone:
            return "invalid_code", 95, "asked"
    if number.role == "mine" and EMPLOYEE.fullmatch(value):
        return "employee_number", 90, "rules"
    if not value.isdigit():
        return "", 0, ""
    if SAP.fullmatch(value) and number.last - number.first == len(message.tokens):
        return "sap_code", 95 if len(value) < 10 else 50, "rules" if len(value) < 10 else "inferred"
    if SAP.fullmatch(value):
        return "sap_code", (50 if len(value) == 10 else 80), ("inferred" if len(value) == 10 else "rules")
    too_long = len(value) > 13
    return ("invalid_code", 80, "rules") if too_long else ("", 0, "")
