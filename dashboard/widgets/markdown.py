"""A safe subset of Markdown: headings, paragraphs, lists, **bold**, *emphasis*, `code`, and internal links.

Column: `markdown`, one row each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from core.rows import Rows
from dashboard.widgets.drawing import joined, tag
from dashboard.widgets.frame import Frame, wanting

COLUMNS = ("markdown",)
MOST_CHARS = 50_000
"""In all rows together."""
CUT = "*… and more: ask for fewer rows, or download them.*"

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<bold>[^*]+)\*\*|\*(?P<em>[^*]+)\*|\[(?P<text>[^\]\[]+)\]\((?P<href>/admin/[\w/?&=.%-]*)\)"
)


def draw(rows: Rows, _: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    return tag("div", joined(rendered(text) for text in _within(rows.column("markdown"))), class_="prose")


def _within(texts: Iterable[Any]) -> Iterator[str]:
    """The texts, until together they are longer than anybody reads on one page."""
    left = MOST_CHARS
    for text in map(str, filter(None, texts)):
        yield text[:left]
        left -= len(text)
        if left < 0:
            yield CUT
            return


def rendered(text: str) -> Markup:
    """The text as markup: whatever is not named above stands as it was written."""
    blocks = re.split(r"\n(?:[^\S\n]*+\n)++", text.strip())
    return joined(_block(block) for block in blocks if block)


def _block(block: str) -> Markup:
    if heading := re.match(r"(#{1,3}) ++(.++)\Z", block):
        return tag(f"h{len(heading[1]) + 2}", _inline(heading[2]))
    parts = []
    for is_list, lines in groupby(block.splitlines(), key=lambda line: line.startswith("- ")):
        if is_list:
            parts.append(tag("ul", joined(tag("li", _inline(line[2:])) for line in lines)))
        else:
            parts.append(tag("p", _inline("\n".join(lines))))
    return joined(parts)


def _inline(text: str) -> Markup:
    parts: list[Markup] = []
    at = 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(_marked(found))
        at = found.end()
    return joined([*parts, escape(text[at:])])


def _marked(found: re.Match[str]) -> Markup:
    if found["href"]:
        return tag("a", found["text"], href=found["href"])
    kind = found.lastgroup or ""
    return tag({"code": "code", "bold": "strong", "em": "em"}[kind], found[kind])
