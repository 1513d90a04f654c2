"""How much a channel lets us say at once: a value of each channel, asked when flows are checked and when a turn speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from core.messages import Option, Outbound

UNLIMITED = 1 << 31
_MARKDOWN = re.compile(r"\*[^*\s][^*]*\*|\b_[^_\s][^_]*_\b|~[^~\s][^~]*~|`")
_ENDS = (re.compile(r"\n(?:[^\S\n]*+\n)++"), re.compile(r"\n"), re.compile(r"[.!?…][)\]\"'»”]*+\s"), re.compile(r"\s"))
"""Places at which a text may be cut, best first: after a paragraph, a line, a sentence, a word."""


def length(text: str) -> int:
    """How long `text` is, at most: an emoji counts two, as it does for Meta."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of one channel. Without buttons and without rows, what could be pressed is numbered in the text."""

    text: int = UNLIMITED
    """The longest plain text."""
    question: int = UNLIMITED
    """The longest text above buttons, a list or a location request."""
    caption: int = UNLIMITED
    footer: int = UNLIMITED
    buttons: int = UNLIMITED
    """How many buttons stand under a question; more options than that become a list."""
    button_title: int = UNLIMITED
    button_id: int = UNLIMITED
    rows: int = UNLIMITED
    """How many rows a list has."""
    row_title: int = UNLIMITED
    row_id: int = UNLIMITED
    link: int = UNLIMITED
    """The longest address that a button may open."""
    description: int = UNLIMITED
    """The longest line beneath the title of a row."""
    formatted_titles: bool = True
    """Whether a button's title may hold *bold* and the like."""
    pictures: bool = False
    """Whether pictures are shown there, above buttons too; where not, their captions are said."""
    voice: bool = False
    """Whether voice notes of ours are played there."""

    pins: bool = False
    """Whether a place on the map is shown there; where not, a button opens a map."""

    @property
    def pressable(self) -> bool:
        """Whether anything can be pressed there."""
        return self.buttons > 0 or self.rows > 0

    def title(self, options: int) -> int:
        """The longest title of an option, when there are so many options."""
        if not self.pressable:
            return UNLIMITED
        return self.button_title if options <= self.buttons else self.row_title

    def fits(self, text: str, *, question: bool) -> bool:
        """Whether `text` may be said at once, alone or above something to press."""
        return length(text) <= (self.question if question else self.text)

    def problems(self, outbound: Outbound) -> list[str]:
        """Everything the channel would refuse in `outbound`, a sentence each; empty when it may go."""
        return list(_CHECKS[outbound.kind](self, outbound))

    def split(self, text: str) -> list[str]:
        """`text` in pieces that each fit one message, cut after a paragraph, a sentence or a word where there is one."""
        pieces = []
        rest = text.strip()
        while length(rest) > self.text:
            cut = _cut(rest[: _fitting(rest, self.text)])
            pieces.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        return [*pieces, rest] if rest else pieces


def _fitting(text: str, most: int) -> int:
    """How many characters of `text` fit one message."""
    used = 0
    for count, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > most:
            return count
    return len(text)


def _cut(text: str) -> int:
    """Choose where to split a text that exceeds one message: the best sentence end in its second half, else its limit."""
    for end in _ENDS:
        last = max((found.end() for found in end.finditer(text, len(text) // 2)), default=0)
        if last:
            return last
    return len(text)


def _text(limits: Limits, outbound: Outbound) -> Iterator[str]:
    return _sized("text", outbound.text, limits.text, least=1)


def _location_request(limits: Limits, outbound: Outbound) -> Iterator[str]:
    return _sized("text", outbound.text, limits.question, least=1)


def _location(limits: Limits, outbound: Outbound) -> Iterator[str]:
    place = outbound.place
    if place is None or not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        yield "location needs a place on the map"
    elif not limits.pins:
        yield "no place is shown there"
    yield from _sized("text", outbound.text, limits.text)


def _buttons(limits: Limits, outbound: Outbound) -> Iterator[str]:
    yield from _interactive(limits, outbound, "button", limits.buttons, limits.button_title, limits.button_id)
    yield from _shown(limits, outbound) if outbound.media else ()
    yield from _repeated("button titles", [option.title for option in outbound.options])
    for option in outbound.options:
        if not limits.formatted_titles and _MARKDOWN.search(option.title):
            yield f"button title {option.title!r} has formatting in it"


def _list(limits: Limits, outbound: Outbound) -> Iterator[str]:
    yield from _interactive(limits, outbound, "row", limits.rows, limits.row_title, limits.row_id)
    yield from _sized("list button", outbound.button, limits.button_title, least=1)
    for option in outbound.options:
        yield from _sized(f"description of {option.title!r}", option.description, limits.description)


def _link(limits: Limits, outbound: Outbound) -> Iterator[str]:
    yield from _sized("text", outbound.text, limits.question, least=1)
    yield from _sized("footer", outbound.footer, limits.footer)
    yield from _sized("button title", outbound.button, limits.button_title, least=1)
    yield from _sized("link", outbound.link, limits.link)
    if not outbound.link.startswith(("http://", "https://")):
        yield f"link {outbound.link[:30]!r} is not a web address"


def _interactive(
    limits: Limits, outbound: Outbound, what: str, most: int, longest_title: int, longest_id: int
) -> Iterator[str]:
    yield from _sized("text", outbound.text, limits.question, least=1)
    yield from _sized("footer", outbound.footer, limits.footer)
    if not 1 <= len(outbound.options) <= most:
        yield f"{len(outbound.options)} {what}s, must be 1 to {most}"
    yield from _repeated(f"{what} ids", [option.id for option in outbound.options])
    yield from chain.from_iterable(_option(option, what, longest_title, longest_id) for option in outbound.options)


def _option(option: Option, what: str, longest_title: int, longest_id: int) -> Iterator[str]:
    yield from _sized(f"{what} title", option.title, longest_title, least=1)
    yield from _sized(f"{what} id", option.id, longest_id, least=1)
    if option.id != option.id.strip():
        yield f"{what} id {option.id!r} begins or ends with a space"


def _shown(limits: Limits, outbound: Outbound) -> Iterator[str]:
    """A file of an outbound: by exactly one of the two ways."""
    media = outbound.media
    if media is None or bool(media.id) == bool(media.link):
        yield f"{outbound.kind} needs either an id or a link"
    elif media.link and not media.link.startswith(("http://", "https://")):
        yield f"link {media.link!r} is not a web address"
    elif outbound.kind in ("image", "buttons") and not limits.pictures:
        yield "no picture is shown there"


def _media(limits: Limits, outbound: Outbound) -> Iterator[str]:
    media = outbound.media
    yield from _shown(limits, outbound)
    if media is not None and media.filename and outbound.kind != "document":
        yield f"{outbound.kind} cannot have a filename"
    if outbound.kind == "audio" and outbound.text:
        yield "audio cannot have a caption"
    yield from _sized("caption", outbound.text, limits.caption)


def _template(limits: Limits, outbound: Outbound) -> Iterator[str]:
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


_CHECKS: dict[str, Callable[[Limits, Outbound], Iterator[str]]] = {
    "text": _text,
    "buttons": _buttons,
    "list": _list,
    "link": _link,
    "location_request": _location_request,
    "location": _location,
    "image": _media,
    "audio": _media,
    "video": _media,
    "document": _media,
    "template": _template,
}
