"""Numbered text: a question without buttons, for a platform that refuses them; its options are numbered."""

from __future__ import annotations

from dataclasses import replace

from core.messages import MARK, Option, Outbound


def plainly(question: Outbound) -> Outbound:
    """The same as text: what could be pressed is numbered, unless it bears the number that it means (a mark); a link is
    written out, and of a picture the caption stays."""
    lines = "\n".join(_line(place, option) for place, option in enumerate(question.options, start=1))
    link = question.place.link if question.place else question.link
    text = "\n\n".join(part for part in (question.text, lines, link) if part)
    return replace(question, kind="text", text=text, options=(), button="", link="", footer="", media=None, place=None)


def _line(place: int, option: Option) -> str:
    return option.title if option.id.startswith(MARK) else f"{place}. {option.title}"
