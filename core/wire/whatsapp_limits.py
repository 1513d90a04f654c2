"""WhatsApp's length limits: checked by `flows check`, before a customer meets them.

Meta: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from core.messages import Option, Outbound

LONGEST_BODY = 4096
LONGEST_INTERACTIVE_BODY = 1024
LONGEST_CAPTION = 1024
LONGEST_FOOTER = 60
MOST_BUTTONS = 3
LONGEST_BUTTON = 20
LONGEST_BUTTON_ID = 256
MOST_ROWS = 10
LONGEST_ROW = 24
LONGEST_ROW_ID = 200
LONGEST_DESCRIPTION = 72

_MARKDOWN = re.compile(r"\*[^*\s][^*]*\*|\b_[^_\s][^_]*_\b|~[^~\s][^~]*~|`")
_ENDS = (re.compile(r"\n(?:[^\S\n]*+\n)++"), re.compile(r"\n"), re.compile(r"[.!?…][)\]\"'»”]*+\s"), re.compile(r"\s"))
"""Where a text may be cut, best first: after a paragraph, a line, a sentence, a word."""


def length(text: str) -> int:
    """How long `text` is for Meta, at most: an emoji counts two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(outbound: Outbound) -> list[str]:
    """Everything Meta would refuse in `outbound`, a sentence each; empty when it may go."""
    return list(_CHECKS[outbound.kind](outbound))


def split(text: str) -> list[str]:
    """`text` in pieces that each fit one message, cut after a paragraph, a sentence or a word where there is one."""
    pieces = []
    rest = text.strip()
    while length(rest) > LONGEST_BODY:
        cut = _cut(rest[: _fitting(rest)])
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _fitting(text: str) -> int:
    """How many characters of `text` fit one message."""
    used = 0
    for count, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > LONGEST_BODY:
            return count
    return len(text)


def _cut(text: str) -> int:
    """Choose where to split a text that exceeds one message: the best sentence end in its second half, else its limit."""
    for end in _ENDS:
        last = max((found.end() for found in end.finditer(text, len(text) // 2)), default=0)
        if last:
            return last
    return len(text)


def _text(outbound: Outbound) -> Iterator[str]:
    return _sized("text", outbound.text, LONGEST_BODY, least=1)


def _location_request(outbound: Outbound) -> Iterator[str]:
    return _sized("text", outbound.text, LONGEST_INTERACTIVE_BODY, least=1)


def _buttons(outbound: Outbound) -> Iterator[str]:
    yield from _interactive(outbound, "button", MOST_BUTTONS, LONGEST_BUTTON, LONGEST_BUTTON_ID)
    yield from _repeated("button titles", [option.title for option in outbound.options])
    for option in outbound.options:
        if _MARKDOWN.search(option.title):
            yield f"button title {option.title!r} has formatting in it"


def _list(outbound: Outbound) -> Iterator[str]:
    yield from _interactive(outbound, "row", MOST_ROWS, LONGEST_ROW, LONGEST_ROW_ID)
    yield from _sized("list button", outbound.button, LONGEST_BUTTON, least=1)
    for option in outbound.options:
        yield from _sized(f"description of {option.title!r}", option.description, LONGEST_DESCRIPTION)


def _interactive(outbound: Outbound, what: str, most: int, longest_title: int, longest_id: int) -> Iterator[str]:
    yield from _sized("text", outbound.text, LONGEST_INTERACTIVE_BODY, least=1)
    yield from _sized("footer", outbound.footer, LONGEST_FOOTER)
    if not 1 <= len(outbound.options) <= most:
        yield f"{len(outbound.options)} {what}s, must be 1 to {most}"
    yield from _repeated(f"{what} ids", [option.id for option in outbound.options])
    yield from chain.from_iterable(_option(option, what, longest_title, longest_id) for option in outbound.options)


def _option(option: Option, what: str, longest_title: int, longest_id: int) -> Iterator[str]:
    yield from _sized(f"{what} title", option.title, longest_title, least=1)
    yield from _sized(f"{what} id", option.id, longest_id, least=1)
    if option.id != option.id.strip():
        yield f"{what} id {option.id!r} begins or ends with a space"


def _media(outbound: Outbound) -> Iterator[str]:
    media = outbound.media
    if media is None or bool(media.id) == bool(media.link):
        yield f"{outbound.kind} needs either an id or a link"
    elif media.link and not media.link.startswith(("http://", "https://")):
        yield f"link {media.link!r} is not a web address"
    if media is not None and media.filename and outbound.kind != "document":
        yield f"{outbound.kind} cannot have a filename"
    if outbound.kind == "audio" and outbound.text:
        yield "audio cannot have a caption"
    yield from _sized("caption", outbound.text, LONGEST_CAPTION)


def _template(outbound: Outbound) -> Iterator[str]:
    template = outbound.template
    if template is None or not template.name or not template.language:
        yield "template needs a name and a language"
    elif not all(template.parameters):
        yield "template has an empty parameter"


def _sized(what: str, text: str, most: int, *, least: int = 0) -> Iterator[str]:
    size = length(text)
    if size > most:
        yield f"{what} {text[:30]!r} is {size} characters long, at most {most}"
    elif size < least or (least and not text.strip()):
        yield f"{what} is empty"


def _repeated(what: str, values: Sequence[str]) -> Iterator[str]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        yield f"{what} are not unique: {', '.join(twice)}"


_CHECKS: dict[str, Callable[[Outbound], Iterator[str]]] = {
    "text": _text,
    "buttons": _buttons,
    "list": _list,
    "location_request": _location_request,
    "image": _media,
    "audio": _media,
    "video": _media,
    "document": _media,
    "template": _template,
}
