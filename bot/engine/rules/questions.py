"""A question is no wrong answer: it is answered from the desk's data in a line, and what was asked stands."""

from __future__ import annotations

from bot.desks import serving
from bot.engine.moves import flow_of, rest
from bot.engine.rules import waiting
from bot.engine.rules.everyday_words import nothing_under_way
from bot.engine.rules.staff_tickets import tell_staff
from bot.nlu.questions import GUESS, asks
from bot.script.draft import Draft
from bot.script.notes import ANSWERED, QUIET
from core.messages import Place
from core.turn import Sentence


def answer(draft: Draft) -> str:
    """Answer what was asked; what was told besides goes on its way."""
    asked = draft.guesses.pop(GUESS, None)
    if asked is None:
        return ""
    for name in str(asked.value).split():
        _answer(draft, name)
    if draft.intent or draft.taken or draft.guesses or draft.filling or draft.off(draft.flow):
        return ""
    _go_on(draft)
    return "question"


def answer_briefly(draft: Draft, names: str) -> None:
    """Answer in a line what is known, and nothing else."""
    faq = serving(draft.before.desk).faq
    for name in names.split():
        if name in faq.topics and (answer := faq.answer(draft, name)):
            draft.answers.append(answer)


def _answer(draft: Draft, name: str) -> None:
    faq = serving(draft.before.desk).faq
    if name not in faq.topics:
        return  # its desk has dropped it since
    topic = faq.topics[name]
    if topic.once and name in draft.notes.get(ANSWERED, ()):
        return
    draft.notes[ANSWERED] = [*draft.notes.get(ANSWERED, ()), *([name] if topic.once else [])]
    said = faq.answer(draft, name)
    if said:
        draft.answers.append(said)
    else:
        not_known(draft)
    if topic.then == "place":
        _show_place(draft)
    if topic.ticket:
        number = tell_staff(draft, topic.ticket, urgent=topic.urgent)
        draft.answers.append(draft.words("noted_for_staff", number=number))
    if topic.then == "person":
        draft.want_person()
        draft.notes[QUIET] = True
        draft.answers += waiting.after_hours(draft)


def _show_place(draft: Draft) -> None:
    """A pin of the desk on the map, or a button that opens one, where the desk has said where it is."""
    own = draft.desk_settings
    if own.latitude is None or own.longitude is None:
        return
    place = Place(own.latitude, own.longitude, draft.before.desk.name, own.address)
    if draft.limits.pins:
        draft.said.append(Sentence("on_the_map", "", place=place))
    else:
        draft.say_link("on_the_map", "open_map", place.link)


def not_known(draft: Draft) -> None:
    """Say so, and ask staff where the desk does, or else offer a person; a customer who waits for one is offered none."""
    if serving(draft.before.desk).asks_staff and _in_words(draft):
        draft.answers.append(draft.words("question_to_staff", number=tell_staff(draft, "question")))
        return
    draft.answers.append(draft.words("question_to_person" if draft.person_wanted else "question_unknown"))
    if not draft.person_wanted:
        draft.offer("person")


def _in_words(draft: Draft) -> bool:
    """Whether it was written or spoken, so that somebody can read it."""
    return bool(draft.event.text or draft.event.content.get("text"))


def _go_on(draft: Draft) -> None:
    """The standing question once more; where none stood, none is put."""
    if draft.woken or nothing_under_way(draft):
        rest(draft, "rested")
    elif not waiting.is_quiet(draft):
        draft.repeat()


def admit(draft: Draft) -> str:
    """A question that no data answers: say so, instead of calling it a wrong answer."""
    if draft.answers:
        _go_on(draft)
        return "question"
    if waiting.is_quiet(draft):
        waiting.comfort(draft)
        return "waits"
    if draft.event.kind != "text" or draft.refused or not asks(draft.event.text):
        return ""
    if flow_of(draft).states[draft.state].expects == "yes_no" and draft.intent in ("yes", "no"):
        return ""
    not_known(draft)
    _go_on(draft)
    return "question"
