"""Bursts: several lines of a customer, each stepped in order, are answered by one reply.

What the lines led to is what they would have led to one by one; only what is said becomes less. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import channels
from bot.desks import FLOWS
from bot.engine import replies
from bot.engine.moves import rests
from bot.engine.rules import everyday_words
from core.messages import Outbound
from core.session import Session
from core.turn import ErrandWanted, FileSaid, Sentence, TicketAdded, Turn

ANSWERED_BELOW = "answered with what was said next"
"""Note of a turn whose answer is part of a later one's."""
GREETINGS = ("welcome", "hello_")
COURTESIES = (
    "goodbye",
    "farewell_",
    "thanks_in_midst",
    "yes_in_midst",
    "ok_at_rest",
    "welcome_anytime",
    "help",
    "hello_again",
    "kept",
)
MISSES = ("invalid", "example", "where_were_we")
NOTES = ("understood", "noted")
DANGERS = ("danger_",)
"""How phrases are called that greet, are mere politeness, were not understood, tell what was noted, or tell of danger."""


def ends(turn: Turn) -> bool:
    """Whether what comes after it is another turn's: it wrote what later steps must be able to look up, or its words
    were shown before."""
    wrote = any(not isinstance(record, ErrandWanted | FileSaid | TicketAdded) for record in turn.records)
    return turn.event.shown_at is not None or wrote


def finished(turns: Sequence[Turn]) -> bool:
    """Whether there is no reason to wait for another line: a button, a photo, an answer to all that was asked."""
    last = turns[-1]
    if last.event.kind != "text" or not last.replies or ends(last) or rests(last.after):
        return True
    return last.trigger == "danger" or (len(turns) == 1 and _answers(last))


def _answers(turn: Turn) -> bool:
    before, after = turn.before, turn.after
    if turn.trigger in everyday_words.COURTESIES.keys() - everyday_words.SOFT:
        return True
    if rests(before):
        return _is_full(after)
    return (before.flow, before.state, before.asked) != (after.flow, after.state, after.asked)


def _is_full(session: Session) -> bool:
    form = FLOWS[session.flow].form
    return bool(form.fields) and form.missing(session.slots) is None


def one_answer(turns: Sequence[Turn]) -> list[Turn]:
    """The same turns, in which the last that has anything to say says it all."""
    speaking = [turn for turn in turns if turn.said or turn.question]
    if len(speaking) < 2:
        return list(turns)
    spoken_by = {turn.after.version: _silent(turn) for turn in speaking[:-1]}
    spoken_by[speaking[-1].after.version] = replace(speaking[-1], replies=_answer(speaking))
    return [spoken_by.get(turn.after.version, turn) for turn in turns]


def by_itself(turn: Turn) -> Turn:
    """A turn of a burst, answered alone."""
    notes = [part for part in turn.note.split("; ") if part not in ("", ANSWERED_BELOW)]
    return replace(turn, replies=_answer([turn]), note="; ".join(notes))


def _silent(turn: Turn) -> Turn:
    return replace(turn, replies=(), note="; ".join(part for part in (turn.note, ANSWERED_BELOW) if part))


def _answer(turns: Sequence[Turn]) -> tuple[Outbound, ...]:
    limits = channels.of(turns[-1].event.channel_kind).limits
    sentences = [sentence for turn in turns for sentence in turn.said]
    if len(turns) == 1:
        return replies.made_of(sentences, turns[0].question, limits)
    if dangers := [sentence for sentence in sentences if sentence.key.startswith(DANGERS)]:
        return replies.made_of(_each_once(dangers), None, limits)
    return replies.made_of(_what_matters(_each_once(sentences)), turns[-1].question, limits)


def _what_matters(sentences: Sequence[Sentence]) -> list[Sentence]:
    """One greeting, the last note, and all that is neither politeness nor a misunderstanding; those only by themselves."""
    notes = _last_note(_named(sentences, NOTES))
    greetings = _named(sentences, GREETINGS)
    politeness, misses = _named(sentences, COURTESIES), _named(sentences, MISSES)
    idle = {*greetings[1:], *politeness, *misses, *_named(sentences, NOTES)} - {*notes}
    kept = [sentence for sentence in sentences if sentence not in idle]
    return kept or politeness[-1:] or misses[-1:]


def _named(sentences: Sequence[Sentence], prefixes: tuple[str, ...]) -> list[Sentence]:
    known = COURTESIES if prefixes is GREETINGS else ()
    return [s for s in sentences if s.key.startswith(prefixes) and not (known and s.key.startswith(known))]


def _last_note(notes: Sequence[Sentence]) -> list[Sentence]:
    """Notes that tell something, of the problem the last, which tells all of it; or else the last note."""
    telling = [note for note in notes if note.key not in NOTES]
    of_problems = [note for note in telling if note.key.endswith("_problem")]
    return [note for note in telling if note not in of_problems[:-1]] or list(notes[-1:])


def _each_once(sentences: Sequence[Sentence]) -> list[Sentence]:
    return list(dict.fromkeys(sentences))
