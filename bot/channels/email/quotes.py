"""Quoted text and signatures, cut from a reply: in Spanish, English and Portuguese, as mail programs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_LINE = 500
_WROTE = re.compile(r"(?:escribió|escribio|wrote|escreveu|a écrit|ha scritto|schrieb)\s*:$", re.I)
_BEGINS = re.compile(r"(?:El|On|Em|No dia|A|Le|Il|Am|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4})\s", re.I)
_ORIGINAL = re.compile(
    r"[-_ ]{2,}(?:mensaje original|original message|mensagem original|ursprüngliche nachricht)[-_ ]{2,}", re.I
)
_RULE = re.compile(r"_{8,}|-{8,}")
_FROM = re.compile(r"\*?(?:De|From|Desde|Von)\s?:\*?\s", re.I)
_SENT = re.compile(r"\*?(?:Enviado(?: el| em)?|Enviada em|Sent|Date|Data|Fecha)\s?:", re.I)
_SUBJECT = re.compile(r"\*?(?:Asunto|Subject|Assunto)\s?:", re.I)
_MOBILE = re.compile(
    r"(?:Enviado (?:desde|de) (?:mi|el|Outlook|Correo|Yahoo)|Sent from (?:my|Mail|Outlook|Yahoo|the)|Enviado (?:do|pelo|a partir do) "
    r"|Get Outlook for|Obtener Outlook para|Descarga Outlook|Obter o Outlook|Baixe o Outlook).{0,80}",
    re.I,
)
_NOTICE = re.compile(
    r"(?:aviso (?:legal|de confidencialidad)|confidentiality notice|aviso de confidencialidade"
    r"|(?:este|esta|this) (?:correo|mensaje|e-?mail|message|mensagem).{0,120}confiden)",
    re.I,
)
_FAREWELL = re.compile(
    r"(?:(?:muchos |un |cordiales? |atentos )?saludos?(?: cordial(?:es)?)?|cordialmente|atentamente|atte|gracias|muchas gracias"
    r"|desde ya,? (?:muchas )?gracias|(?:kind |best |warm )?regards|best(?: wishes)?|thanks(?: a lot| so much)?|thank you|cheers"
    r"|sincerely|atenciosamente|att|abra[çc]os?|(?:muito )?obrigad[oa]|cumprimentos)[\s,.!]*",
    re.I,
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w.'-]*(?: (?:[A-ZÀ-Þ][\w.'-]*|de|del|la|da|dos|do|y|e)){0,4}")


def own_words(text: str) -> str:
    """The words of the writer, without quotes and signature."""
    lines = [line.strip()[:LONGEST_LINE] for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = _without_quotes(lines)
    lines = [line for line in lines if not _MOBILE.fullmatch(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_without_farewell(lines))).strip()


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """All above what is quoted; of quotes with `>` also what stands between and below them."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith(">"):
            at += 1
        elif wrote := _attribution(lines, at):
            at += wrote
            if not _is_quoted(lines, at):
                return kept
        elif _ends(lines, at, kept):
            return kept
        else:
            kept.append(line)
            at += 1
    return kept


def _attribution(lines: Sequence[str], at: int) -> int:
    """Of how many lines, from here, the sentence is that says who wrote what follows; 0: of none."""
    if not _BEGINS.match(lines[at]):
        return 0
    whole = ""
    for count, line in enumerate(lines[at : at + 4], start=1):
        whole = f"{whole} {line}".strip()
        if _WROTE.search(whole):
            return count
        if not line:
            return 0
    return 0


def _is_quoted(lines: Sequence[str], at: int) -> bool:
    return next((line.startswith(">") for line in lines[at:] if line), False)


def _ends(lines: Sequence[str], at: int, kept: Sequence[str]) -> bool:
    """Whether nothing of the writer's own follows: a signature, the letter before, a legal notice."""
    line = lines[at]
    if line == "--" or _ORIGINAL.fullmatch(line):
        return True
    if _FROM.match(line) or (_RULE.fullmatch(line) and any(_FROM.match(after) for after in lines[at + 1 : at + 4])):
        below = lines[at + 1 : at + 10]
        return any(_SENT.match(after) for after in below) and any(_SUBJECT.match(after) for after in below)
    return bool(_NOTICE.match(line)) and any(kept)


def _without_farewell(lines: Sequence[str]) -> list[str]:
    """Without “Saludos, Rosa” at the end: only where nothing but a name and a line or two of hers follows."""
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    for at in range(max(1, len(kept) - 7), len(kept)):
        below = [line for line in kept[at + 1 :] if line]
        if (
            _FAREWELL.fullmatch(kept[at])
            and any(kept[:at])
            and (not below or _NAME.fullmatch(below[0]))
            and len(below) <= 4
        ):
            return kept[:at]
    return kept
