"""Letter of a turn: its subject, where it stands in the thread, its text and the same as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Any

from bot.channels.email import headers, words
from bot.channels.email.identities import address_of
from bot.channels.email.message_id import of as message_id_of
from core.errors import Rejected
from core.messages import Outbound
from core.numbered_text import plainly
from core.store.path.letters import Letter

LONGEST_SUBJECT = 200
_ANSWERS = re.compile(r"\s*(?:re|rv|res|aw|fw|fwd|enc)\s*:", re.I)
_ID = re.compile(r"<[^<>\s]{1,400}>")
_NUMBERED = re.compile(r"^(\d{1,2})\. ", re.M)
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}")
_BOLD = re.compile(r"\*(?=\S)([^*\n]+?)(?<=\S)\*")
_ITALIC = re.compile(r"(?<![\w/])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w/])")


def written(letter: Letter, key: str) -> EmailMessage:
    """The letter as it goes out. Raises Rejected when there is nobody it could go to, or nothing to say."""
    to, text = address_of(letter.to), body(letter)
    if to is None or not headers.is_address(to):
        raise Rejected("no address can be written to")
    cids = [f"{file.name[:32]}@turno" for file in letter.files]
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(letter.desk, letter.address)
    message["To"] = _mailbox(letter.name, to)
    message["Subject"] = subject(letter.answers, letter.desk)
    message["Message-ID"] = message_id_of(letter.ids, letter.address, key)
    _thread(message, letter.answers)
    if not any(outbound.author == "agent" for outbound in letter.said):
        begun = all(outbound.initiative for outbound in letter.said)
        message["Auto-Submitted"] = "auto-generated" if begun else "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    message.add_alternative(as_html(text, cids), subtype="html")
    _show(message, letter, cids)
    return message


def _show(message: EmailMessage, letter: Letter, cids: Sequence[str]) -> None:
    """Put the pictures beside the HTML that shows them."""
    html = message.get_body(("html",))
    for file, cid in zip(letter.files, cids, strict=True):
        if isinstance(html, EmailMessage):
            subtype = file.mime_type.partition("/")[2]
            html.add_related(file.content, "image", subtype, cid=f"<{cid}>", disposition="inline")


def subject(answers: Mapping[str, Any], desk: str) -> str:
    """The subject of the letter it answers, else the name of the business."""
    told = headers.printable(str(answers.get("subject", "")))[:LONGEST_SUBJECT]
    if not told:
        return headers.printable(desk) or "…"
    return told if _ANSWERS.match(told) else f"Re: {told}"


def body(letter: Letter) -> str:
    """The text of the letter: a greeting, all that the turn says, how to choose, and who writes."""
    language = words.language_of(letter.language)
    said = [text for text in map(_said, letter.said) if text]
    if not said:
        raise Rejected("there is nothing to say in a letter")
    named = headers.printable(letter.name)
    greeting = words.GREETING[language].format(name=named) if named else words.GREETING_TO_NOBODY[language]
    parts = [*([] if words.greets(said[0]) else [greeting]), *said]
    if numbers := _numbers(said[-1]):
        parts.append(words.BY_NUMBER[language].format(numbers=words.numbers(language, numbers)))
    parts.append("\n".join(part for part in (words.FAREWELL[language], headers.printable(letter.desk)) if part))
    return "\n\n".join(parts) + "\n"


def as_html(text: str, cids: Sequence[str] = ()) -> str:
    """The same as HTML: escaped, with paragraphs, links and bold, and with pictures above the farewell."""
    *above, farewell = [f"<p>{_marked(part)}</p>" for part in text.strip().split("\n\n") if part]
    shown = [f'<p><img src="cid:{cid}" alt="" style="max-width:100%"></p>' for cid in cids]
    inner = "\n".join([*above, *shown, farewell])
    return f'<!DOCTYPE html>\n<html><body style="font-family:sans-serif;line-height:1.45">\n{inner}\n</body></html>\n'


def _said(outbound: Outbound) -> str:
    """One reply in words: what could be pressed is numbered, and a link is written out."""
    if outbound.kind == "template":
        raise Rejected("a template is of another channel")
    text = plainly(outbound).text.strip()
    link = outbound.media.link if outbound.media else ""
    return "\n".join(part for part in (text, link) if part)


def _numbers(text: str) -> list[int]:
    """The numbers of the options at the end of a text; none where they do not begin with 1."""
    last = text.rsplit("\n\n", 1)[-1]
    found = [int(number) for number in _NUMBERED.findall(last)]
    return found if len(found) > 1 and found == list(range(1, len(found) + 1)) else []


def _marked(text: str) -> str:
    """Escaped, with links and what stands between stars or underscores."""
    parts, done = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?)]")
        link = escape(address, quote=True)
        parts += [_emphasised(text[done : found.start()]), f'<a href="{link}">{link}</a>']
        done = found.start() + len(address)
    return "".join([*parts, _emphasised(text[done:])]).replace("\n", "<br>\n")


def _emphasised(text: str) -> str:
    return _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", escape(text, quote=True)))


def _thread(message: EmailMessage, answers: Mapping[str, Any]) -> None:
    """Stand below the letter that this one answers."""
    answered = _ids([str(answers.get("id", ""))])
    if answered:
        message["In-Reply-To"] = answered[0]
        before = _ids([str(id) for id in answers.get("references", ())])
        message["References"] = " ".join(dict.fromkeys([*before[-20:], *answered]))


def _ids(told: Sequence[str]) -> list[str]:
    return [id for id in told if _ID.fullmatch(id) and id.isascii() and id.isprintable()]


def _mailbox(name: str, address: str) -> Address:
    return Address(headers.printable(name)[:60], addr_spec=address)
