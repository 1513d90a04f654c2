"""Rules for personal data: patterns and, where a pattern proves nothing, check digits or the words before it.

The order is who wins where two see the same stretch.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import iban, luhn
from stdnum.ar import cuit
from stdnum.mx import curp, rfc

Check = Callable[[re.Match[str]], bool]


def _always(_: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    shape: re.Pattern[str]
    """Its group `it` is what is masked; without one, all of it."""
    check: Check = _always
    digits: int = 0
    """A text with fewer holds none of it: most rules need not look."""


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def _digits(found: re.Match[str]) -> str:
    return re.sub(r"\D", "", found["it"])


def _is_card(found: re.Match[str]) -> bool:
    """By its check digit; sixteen that begin as cards do are one even when mistyped."""
    digits = _digits(found)
    return (len(digits) == 16 and digits[0] in "3456") or (len(set(digits)) > 1 and bool(luhn.is_valid(digits)))


def _is_clabe(found: re.Match[str]) -> bool:
    *digits, last = map(int, _digits(found))
    weighed = sum(digit * weight % 10 for digit, weight in zip(digits, (3, 7, 1) * 6, strict=False))
    return any(digits) and -weighed % 10 == last


def _is_address(found: re.Match[str]) -> bool:
    """Every part at most 255; `1.2.3.4` of a version is told apart by its word."""
    try:
        ipaddress.IPv4Address(found["it"])
    except ValueError:
        return False
    return True


def _is_secret_token(found: re.Match[str]) -> bool:
    """Long, and mixed as only machines mix: no word of any language is."""
    text = found["it"]
    kinds = sum(any(test(c) for c in text) for test in (str.isdigit, str.islower, str.isupper))
    return kinds >= 2 and len(set(text)) >= 8 and not text.isdigit()


def _is_mixed_secret(found: re.Match[str]) -> bool:
    """Letters and digits, which are no product, ticket or error."""
    word = found["it"]
    mixed = any(map(str.isalpha, word)) and any(map(str.isdigit, word))
    return mixed and _NO_SECRET.match(word) is None


def _is_told_secret(found: re.Match[str]) -> bool:
    """After "is", a word may be about the secret instead of being it: `my password is wrong`."""
    word = found["it"].rstrip(".:!?)”»")
    if found["sign"] or not word.isalpha():
        return True
    ends = word != found["it"] or found.string[found.end() : found.end() + 4].lstrip()[:1] in ("", ",", ";", "\n")
    return ends and _ABOUT_SECRETS.match(word) is None


def _is_no_product(found: re.Match[str]) -> bool:
    """Numbers in groups that a word before them calls something else are no phone."""
    return _OTHER_NUMBERS.search(found.string[max(found.start() - 24, 0) : found.start()]) is None


def _is_no_round_sum(found: re.Match[str]) -> bool:
    return not found["it"].endswith(".000")


_ABOUT_SECRETS = re.compile(
    r"(?:in)?(?:correct|v[aá]lid)|wrong|right|es[aeo]$|est[aáeo]$|la$|el$|una?$|muy$|que$|igual|mal|nuev|vieja?|otr"
    r"|lost$|bent$|forgotten$|missing$|saved$|expired$|blocked$|perdid|olvidad|vencid|bloquead|guardad|larg|cort",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"win(?:dows)?\W?\d|office|wi-?fi|0x|t[ck][kt]-|sti-|\d+\W?(?:v|px|gb|mb|mm|cm|kg|veces|d[ií]as?)\b", re.IGNORECASE
)
_OTHER_NUMBERS = re.compile(
    r"\b(?:serie|serial|modelo?|sap|c[oó]digo|code|ticket|folio|pedido|orden|order|placa|factura|parte?|versi[oó]n)"
    r"\W{0,3}(?:n[°ºo.]?|nro\.?|number|es|is|#)?\W{0,3}$",
    re.IGNORECASE,
)
_TOLD = (  # words that a secret follows
    r"(?:password|passwd|pwd|pass|clave|contrase[nñ]a|pin|secret[oa]?|api[_-]?key|token|c[oó]digo\ de\ seguridad|cvv)"
)
_PHONE_WORD = (
    r"(?:tel(?:[eé]fono|f)?|cel(?:ular)?|m[oó]vil|whats?app?|wsp|n[uú]mero\ de\ (?:tel[eé]fono|celular|whatsapp)"
    r"|ll[aá]m[ae](?:me|nme|r(?:me)?|dme)?|phone|call\ me|mobile)"
)
_FILLER = r"(?:\s{1,3}(?:es|is|al|a|el|la|mi|me|de|del|at|on|number|n[uú]mero|nro|tarjeta|card)\b){0,6}"
_BY = r"[\s._/-]{0,3}"
"""Separators between the groups of a number that is recognised by its check digits."""

RULES: tuple[Rule, ...] = (
    Rule("PASSWORD", _shape(
        rf"\b{_TOLD}\b (?: \s{{0,3}}(?P<sign>[=:])\s{{0,3}} | {_FILLER}\s{{1,3}}(?:es|is)\s{{0,3}}:?\s{{1,3}} )"
        r"(?P<it>(?!es\b|is\b)[^\s,;]++(?:[ ]\d{1,6}(?![\w.,:/-]))?)"),
         _is_told_secret),
    Rule("PASSWORD", _shape(rf"\b{_TOLD}\b \s{{1,3}} (?P<it>[^\s,;]{{4,}}+)"), _is_mixed_secret),
    Rule("PASSWORD", _shape(rf"\b(?:pin|cv[vc]2?)\b {_FILLER} \s{{0,3}}:?\s{{0,3}} (?P<it>\d{{3,8}}) (?![\w]|[.,/:-]\d)")),
    Rule("TOKEN", _shape(r"(?<![\w-]) (?:bearer\s+)? (?P<it>eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*) ")),
    Rule("TOKEN", _shape(r"(?<![\w-]) (?P<it>(?:sk|pk|ghp|gho|xox[abp]|EAA)[-_]?[\w-]{20,}) (?![\w-])")),
    Rule("EMAIL", _shape(
        r"(?P<it> (?<![\w.+%-]) [\w.+%-]{1,64} \s{0,2}(?:@|\(at\)|\[at\])\s{0,2}"
        r"(?:[\w-]{1,63}(?:\.|[ ]\.[ ]?)){1,8}[a-z]{2,24} ) (?!\w)")),
    Rule("IBAN", _shape(r"(?<!\w) (?P<it>[a-z]{2}\d{2}(?:[ ]?[a-z0-9]{4}){2,7}(?:[ ]?[a-z0-9]{1,3})?) (?!\w)"),
         lambda found: bool(iban.is_valid(found["it"])), digits=4),
    Rule("CURP", _shape(r"(?<!\w) (?P<it>[a-z]{4}\d{6}[hmx][a-z]{5}[a-z0-9]\d) (?!\w)"),
         lambda found: bool(curp.is_valid(found["it"])), digits=7),
    Rule("CBU", _shape(rf"(?<![\d.,-]) (?P<it>\d{{8}}{_BY}\d{{14}} | \d{{4}}(?:{_BY}\d{{4}}){{4}}{_BY}\d{{2}}) (?![\d]|[.,-]\d)"), digits=22),
    Rule("CLABE", _shape(rf"(?<![\d.,-]) (?P<it>\d{{3}}{_BY}\d{{3}}{_BY}\d{{11}}{_BY}\d) (?![\d]|[.,-]\d)"), _is_clabe, digits=18),
    Rule("CARD", _shape(rf"(?<![\d.,-]) (?P<it>\d{{4}}(?:{_BY}\d{{4}}){{3}}(?:{_BY}\d{{1,3}})? | 3\d{{3}}{_BY}\d{{6}}{_BY}\d{{5}})"
                        r"(?![\d]|[.,-]\d)"), _is_card, digits=13),
    Rule("CUIT", _shape(rf"(?<![\d.,-]) (?P<it>(?:20|23|24|25|26|27|30|33|34){_BY}\d{{8}}{_BY}\d) (?![\d]|[.,-]\d)"),
         lambda found: "-" in found["it"] or bool(cuit.is_valid(found["it"])), digits=11),
    Rule("RFC", _shape(r"(?<!\w) (?P<it>[a-zñ&]{3,4}[ -]?\d{6}[ -]?[a-z0-9]{3}) (?!\w)"),
         lambda found: bool(rfc.is_valid(found["it"])), digits=6),
    Rule("IP", _shape(r"(?<![\w.]) (?<!versi[oó]n\ ) (?<!version\ ) (?<!firmware\ )"
                      r"(?P<it>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}) (?![\w]|\.\d)"), _is_address, digits=4),
    Rule("DNI", _shape(
        rf"\b(?:d\.?n\.?i\.?|documento(?:\s{1,3}de\s{1,3}identidad)?|l\.?[ec]\.?)\b {_FILLER}"
        r"\s{0,3}(?:n[°ºo]\.?|nro\.?|num)?\s{0,3}[:=]?\s{0,3} (?P<it>\d{7,8}|\d{1,2}\.\d{3}\.\d{3}) (?![\d])"), digits=7),
    Rule("DNI", _shape(r"(?<![\d.,$-]) (?<!\$\ ) (?P<it>\d{2}\.\d{3}\.\d{3}) (?![\d.,]\d|\d|\s{0,3}(?:pesos|usd|d[oó]lares|ars|mxn))"), _is_no_round_sum, digits=7),
    Rule("PHONE", _shape(r"(?<![\w.+]) (?P<it>(?:\+|00[ ]?)[1-9]\d{0,2}(?:[ .()-]{0,2}\d){7,13}) (?!\w)"), digits=7),
    Rule("PHONE", _shape(rf"\b{_PHONE_WORD}\b {_FILLER} \s{{0,3}}[:=]?\s{{0,3}} (?P<it>\(?\d(?:[ .()-]{{0,2}}\d){{6,13}}) (?!\w)"), digits=7),
    Rule("PHONE", _shape(
        r"(?<![\w.,$/:-]) (?P<it>\(\d{2,4}\)[ ]{0,2}\d{3,4}[ -]?\d{4} | \d{2,4}(?:[ -]{1,3}|\.)\d{3,4}(?:[ -]{1,3}|\.)\d{4})"
        r"(?![\w]|[.,/:-]\d)"), _is_no_product, digits=7),
    Rule("PHONE", _shape(rf"\b(?:mi|my)\s(?:n[uú]mero|nro|number)\b {_FILLER} \s{{0,3}}[:=]?\s{{0,3}} (?P<it>\d{{10,13}}) (?![\w]|[.,/:-]\d)"), digits=10),
    Rule("PHONE", _shape(  # bare, with the area code of a large town of Argentina or Mexico
        r"(?<![\w.,$/:-]) (?P<it>(?:11|15|33|55|56|81)\d{8} | (?:2[2-9]|3[4-8])\d{8}) (?![\w]|[.,/:-]\d)"), _is_no_product, digits=10),
    Rule("PHONE", _shape(r"(?<![\w.,$/:-]) (?P<it>(?:52|54)\d{10,11}) (?![\w]|[.,/:-]\d)"), _is_no_product, digits=7),
    Rule("TOKEN", _shape(r"(?<![\w/+-]) (?P<it>[\w+-]{32,512}={0,2}) (?![\w/-])"), _is_secret_token),
)  # fmt: skip

MAY_HOLD = re.compile(
    r"\d{2}|[@=]|\((?:at)\)|\[at\]|pass|pwd|clave|contrase|secret|token|pin\b|cv[vc]|[\w-]{24}", re.IGNORECASE
)
"""Signs of which every text with personal data has one."""
