"""HTML of a letter as text: what a person would see of it, without what is quoted.

A tokenizer of our own, because that of the standard library takes minutes for some hundred kilobytes of unclosed tags;
this one looks at every character once. Scripts, styles and hidden parts are left out, and nothing is ever fetched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

LONGEST = 400_000
LONGEST_TAG = 4_000
_BREAKS = frozenset(
    {"p", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "hr", "section"}
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "select", "textarea"})
_ALONE = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source"})
_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_QUOTE = re.compile(
    r"gmail_quote|yahoo_quoted|divRplyFwdMsg|appendonsend|moz-cite-prefix|ms-outlook-mobile-reference", re.I
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|\bhidden\b", re.I)
_REST = re.compile(r"divRplyFwdMsg|appendonsend", re.I)
"""After these marks of Outlook, all that follows is quoted."""


def text_of(markup: str) -> str:
    """The text that a reader of this HTML sees."""
    seen = _Seen()
    for tag, words in _tokens(markup[:LONGEST]):
        if tag and not seen.open_or_close(tag):
            break
        seen.write(words)
    return seen.text()


def _tokens(markup: str) -> Iterator[tuple[str, str]]:
    """Each tag, and the text after it."""
    at = markup.find("<")
    yield "", markup if at < 0 else markup[:at]
    while at >= 0:
        end, tag = _tag(markup, at)
        at = markup.find("<", end)
        yield tag, markup[end : at if at >= 0 else len(markup)]


def _tag(markup: str, at: int) -> tuple[int, str]:
    """The end of the tag at this place, and its text; empty for a comment, and for a `<` that is no tag."""
    if markup.startswith("<!--", at):
        end = markup.find("-->", at + 4)
        return (end + 3 if end >= 0 else len(markup)), ""
    if not markup[at + 1 : at + 2].isalpha() and markup[at + 1 : at + 2] not in ("/", "!", "?"):
        return at + 1, ""
    end, another = markup.find(">", at, at + LONGEST_TAG), markup.find("<", at + 1, at + LONGEST_TAG)
    if end < 0 or 0 <= another < end:  # it never closes
        return (another if another >= 0 else min(len(markup), at + LONGEST_TAG)), ""
    return end + 1, markup[at + 1 : end]


class _Seen:
    """The text that is seen so far. Of unseen parts only the one that was opened first counts, until it closes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._unseen = ""
        self._depth = 0

    def open_or_close(self, tag: str) -> bool:
        """Take a tag; False when all that follows is quoted."""
        named = _NAME.match(tag)
        if named is None:
            return True
        name, closes = named[1].lower(), tag.startswith("/")
        if self._unseen:
            self._in_the_dark(name, closes=closes, alone=name in _ALONE or tag.endswith("/"))
            return True
        if not closes and _REST.search(tag):
            return False
        if not closes and name not in _ALONE and _is_unseen(name, tag):
            self._unseen, self._depth = name, 1
        self._parts.append("\n" if name == "br" or name in _BREAKS else "\n• " if name == "li" and not closes else "")
        if name in ("td", "th") and closes:
            self._parts.append(" ")
        return True

    def write(self, words: str) -> None:
        if not self._unseen and words:
            self._parts.append(re.sub(r"\s+", " ", html.unescape(words)))

    def text(self) -> str:
        lines = [" ".join(line.split()) for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _in_the_dark(self, name: str, *, closes: bool, alone: bool) -> None:
        if name == self._unseen and not alone:
            self._depth += -1 if closes else 1
            if self._depth == 0:
                self._unseen = ""


def _is_unseen(name: str, tag: str) -> bool:
    return name in _UNSEEN or (name == "blockquote") or bool(_QUOTE.search(tag)) or bool(_HIDDEN.search(tag))
