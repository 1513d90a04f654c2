"""The rules of a step, in their order: what each answers, and when it can. A rule is a file beside this one, which nobody
need open for a message that it cannot answer.

The order matters: staff come before the bot, an old button before what it says, a word that means the same everywhere
before the flow, and "I did not understand" last of all.
"""

from __future__ import annotations

from bot.engine.rules import (
    announcing,
    buttons,
    cancelling,
    danger,
    errand_results,
    everyday_words,
    filling,
    flood,
    flows_off,
    hold_changes,
    last_case,
    late_messages,
    media_results,
    not_understood,
    nothing_to_answer,
    offers,
    opt_out,
    other_desk,
    privacy,
    questions,
    secrets_warning,
    staff,
    ticket_changes,
    ticket_page,
    ticket_requests,
    timers,
    tongues,
    waiting,
)
from bot.engine.when import (
    ALL_GIVEN,
    ALWAYS,
    ANNOUNCING,
    ASKING,
    BY_ITSELF,
    CUSTOMER,
    HELD,
    LATE,
    OFF,
    TURNED_AWAY,
    Answers,
    Prepares,
    Rules,
    but_kinds,
    guessed,
    inside,
    intent,
    kept,
    kinds,
    lacking,
    noted,
    setting,
    written,
)
from bot.nlu.questions import GUESS as QUESTION
from bot.script.draft import Draft
from bot.script.notes import DANGER, LAST_CASE, MEANWHILE, PENDING, QUIET, VISITOR
from core.errors import Broken
from core.kinds import SILENT
from core.turn import TicketOpened

# fmt: off
RULES = Rules(
    Answers(staff.act, kinds("agent", "echo")),  # what a member of staff does
    Answers(timers.ring, kinds("timer")),  # our own clock
    Answers(ticket_changes.change, kinds("ticket")),  # what staff want of a ticket
    Answers(hold_changes.change, kinds("hold")),  # what staff want of a place that is kept
    Answers(opt_out.record, kinds("opt_out")),  # messages turned off or on in the platform's settings
    Answers(ticket_requests.open_ticket, kinds("ticket_wanted")),  # a ticket without a form
    Answers(ticket_page.take, kinds("ticket_told")),  # what was added or taken back on a ticket's page
    Answers(danger.act, guessed(danger.GUESS) | noted(DANGER)),  # danger to people, before every question
    Answers(staff.silence, HELD),  # somebody of staff holds the conversation
    Answers(nothing_to_answer.pass_over, kinds(*SILENT)),  # a reaction, a notice: nothing to answer
    Answers(late_messages.apologise, CUSTOMER & LATE),  # said long ago
    Answers(flood.hold_back, CUSTOMER),  # more than anybody writes; of what it holds back only danger is read
    Answers(other_desk.turn_away, CUSTOMER & TURNED_AWAY),  # a contact who belongs to another desk of the same owner
    Answers(buttons.press, kinds("choice")),  # a button: what it means, or that it is old
    Answers(media_results.receive, kinds("media_result")),  # what a photo or a voice note says
    Answers(errand_results.receive, kinds("errand")),  # what a service did
    Answers(waiting.escalate, kinds("text") & setting("on_call") & written(waiting.URGENT)),  # urgent, while nobody is there
    Answers(waiting.take_number, kinds("text") & written(waiting.PHONE)),  # a number to call
    Answers(last_case.answer, CUSTOMER & (noted(LAST_CASE) | inside(cancelling.FLOW))),  # after the ticket: it is about it
    Prepares(filling.take_in, ALWAYS),  # wake up, fill the form
    Prepares(tongues.speak_alike, kinds("text")),  # the language of the first sentence
    Prepares(secrets_warning.caution, kinds("text") & setting("caution") & written(secrets_warning.SIGNS)),  # better not sent
    Prepares(flows_off.resume, noted(MEANWHILE)),  # what was given while the flow was off
    Prepares(offers.resolve, CUSTOMER & noted(PENDING)),  # “yes” to what was offered besides the question
    Prepares(privacy.notice, CUSTOMER & setting("consent", privacy.LINE) & lacking(VISITOR, "consent_at")),  # in a line
    Answers(privacy.let_go, CUSTOMER & intent(privacy.DECLINES)),  # a customer who declines it
    Answers(questions.answer, guessed(QUESTION)),  # a question, which may come with an answer
    Answers(tongues.hand_over, kinds("text")),  # a language that the desk does not speak
    Answers(waiting.keep_quiet, CUSTOMER & noted(QUIET)),  # whoever asked for a person
    Answers(everyday_words.be_kind, intent("yes", *everyday_words.COURTESIES)),  # words that mean the same everywhere
    Answers(flows_off.hold, OFF),  # a flow that is turned off keeps what it hears, and waits
    Answers(filling.follow, ALWAYS),  # the flow's own table
    Answers(everyday_words.be_kind_after_all, intent(*everyday_words.COURTESIES)),  # such a word that no row took
    Answers(nothing_to_answer.decline, but_kinds(*nothing_to_answer.READABLE)),  # nobody asked for this, or can read it
    Answers(questions.admit, ALWAYS),  # a question that nothing answers
    Answers(not_understood.help_out, ALWAYS),  # not understood
)
"""The first that answers names the turn."""
AFTER = Rules(
    Prepares(last_case.remember, kept(TicketOpened)),  # the ticket that was opened last
    Prepares(flows_off.settle, ASKING & (OFF | ALL_GIVEN)),  # a flow that is off asks nothing, one that is on takes all
    Prepares(announcing.settle, ANNOUNCING),  # announcements stay within the window of their channel
    Prepares(opt_out.settle, BY_ITSELF | noted(opt_out.NOTE)),  # what was asked to be left unsaid
    Prepares(timers.watch, ALWAYS),  # timers that a waiting conversation needs
)
"""What follows from a decision."""
# fmt: on


def decide(draft: Draft) -> str:
    """The name of the turn by the first rule that answers, and all that follows from it. Raises Broken when none does."""
    trigger = RULES.answer(draft)
    if not trigger:
        raise Broken("no rule answered")
    AFTER.answer(draft)
    return trigger
