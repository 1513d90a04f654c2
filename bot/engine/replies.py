"""Replies of a turn: merged into few messages, within the channel's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.engine.moves import flow_of, rests
from bot.engine.rules.buttons import stamped
from bot.script.draft import Draft
from core.limits import Limits
from core.messages import Media, Outbound, pin, point, say, show, use_template
from core.numbered_text import plainly
from core.turn import Sentence


def of(draft: Draft) -> tuple[Outbound, ...]:
    """The replies in order: staff's own words, then ours with the question beneath."""
    if draft.template and (draft.said or draft.asking):
        own: tuple[Outbound, ...] = (use_template(draft.template),)
    else:
        own = made_of(sentences_of(draft), question_of(draft), draft.limits)
    replies = (*draft.spoken, *own)
    return tuple(_marked(reply, draft) for reply in replies)


def sentences_of(draft: Draft) -> tuple[Sentence, ...]:
    """Answers to questions first, then all else that is said."""
    return (
        *(Sentence("answer", text) for text in draft.answers),
        *draft.said,
        *(Sentence("closing", text) for text in draft.closing),
    )


def made_of(sentences: Sequence[Sentence], question: Outbound | None, limits: Limits) -> tuple[Outbound, ...]:
    """Sentences with the question beneath, in as few messages as the channel lets us."""
    shown, rest = _shown(sentences, limits)
    said = _together(rest)
    link = next((sentence.link for sentence in reversed(rest) if sentence.link), None)
    if link:
        return (*shown, _linked(said, *link, limits), *([question] if question else []))
    return (*shown, *(_joined(said, question, limits) if question else _alone(said, limits)))


def _shown(sentences: Sequence[Sentence], limits: Limits) -> tuple[list[Outbound], Sequence[Sentence]]:
    """The pictures (each with its caption) and pins, after what was said before; and the sentences after the last of them."""
    shown: list[Outbound] = []
    before = 0
    for place, sentence in enumerate(sentences):
        if sentence.place:
            shown += [*_alone(_together(sentences[before:place]), limits), pin(sentence.place)]
            before = place + 1
        elif sentence.picture:
            shown += [*_alone(_together(sentences[before:place]), limits), *_picture(sentence, limits)]
            before = place + 1
    return shown, sentences[before:]


def _picture(sentence: Sentence, limits: Limits) -> Iterator[Outbound]:
    """A picture with its caption; one that is too long for a caption stands beneath it."""
    picture = show("image", sentence.picture or Media(), sentence.text)
    if limits.problems(picture):
        yield replace(picture, text="")
        yield from _alone(sentence.text, limits)
    else:
        yield picture


def _together(sentences: Sequence[Sentence]) -> str:
    return "\n\n".join(sentence.text for sentence in sentences if sentence.text)


def _marked(reply: Outbound, draft: Draft) -> Outbound:
    """With what the sender must know: whether somebody waits for it, and whether it is worth a template."""
    begun = reply.initiative or draft.by_itself
    return replace(reply, initiative=begun, announcement=reply.announcement or draft.announcing)


def asks_anew(draft: Draft) -> bool:
    return draft.asking and draft.moved


def question_of(draft: Draft) -> Outbound | None:
    if not draft.asking or rests(draft):
        return None
    question = _headed(flow_of(draft).question(draft), draft)
    if not question.options:
        return question
    return stamped(question, draft, draft.version if asks_anew(draft) else draft.before.asked_at_version)


def _headed(question: Outbound, draft: Draft) -> Outbound:
    """The question with the picture that was put above it; only buttons have room for one."""
    return replace(question, media=draft.heading) if draft.heading and question.kind == "buttons" else question


def _joined(said: str, question: Outbound, limits: Limits) -> tuple[Outbound, ...]:
    whole = f"{said}\n\n{question.text}" if said else question.text
    if limits.fits(whole, question=question.kind != "text"):
        return (replace(question, text=whole),)
    return (*_alone(said, limits), question)


def _linked(said: str, title: str, link: str, limits: Limits) -> Outbound:
    """A text with a button that opens a link; where that cannot be, the link stands in the text."""
    whole = point(said, title, link)
    return whole if limits.pressable and not limits.problems(whole) else plainly(whole)


def _alone(said: str, limits: Limits) -> tuple[Outbound, ...]:
    return (say(said[: limits.text // 2]),) if said else ()
