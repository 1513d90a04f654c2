"""A safe little of Markdown: headings, paragraphs, lists, **bold**, *emphasis*, `code`, and links to pages of ours.

Column: `markdown`, one row each.
"""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

from core.rows import Rows
from dashboard.widgets.drawing import joined, tag
from dashboard.widgets.frame import Frame, wanting

COLUMNS = ("markdown",)

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<bold>[^*]+)\*\*|\*(?P<em>[^*]+)\*|\[(?P<text>[^\]]+)\]\((?P<href>/admin/[\w/?&=.%-]*)\)"
)


def draw(rows: Rows, _: Frame) -> Markup:
    wanting(rows, *COLUMNS)
    return tag("div", joined(rendered(str(text or "")) for text in rows.column("markdown")), class_="prose")


def rendered(text: str) -> Markup:
    """The text as markup: whatever is not named above stands as it was written."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return joined(_block(block) for block in blocks if block)


def _block(block: str) -> Markup:
    if heading := re.match(r"(#{1,3}) +(.+)\Z", block):
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
