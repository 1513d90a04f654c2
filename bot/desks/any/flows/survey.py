"""The satisfaction survey about a resolved ticket: six ratings from 1 to 5, and a comment.

It is begun by a timer, waits days if need be, and steps aside as soon as the customer
has something else to say. Each rating is stored once.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.desks.any import follow_ups
from bot.script.draft import Draft
from bot.script.flow import Row, State
from bot.script.follow_ups import end
from bot.script.forms import Field, Form, one_of, words
from bot.script.notes import SURVEY
from bot.script.phrases import find, phrase
from core.turn import SurveyAnswer, SurveyFinished

VERSION = 1
PATIENT = True
FORM = Form(extra=(Field("rating", one_of(1, 2, 3, 4, 5)), Field("comment", words(1, 1000))))

LAST = 6
RATINGS = ("rating_1", "rating_3", "rating_5")

STATES = (
    State("invited", asks="invitation", shows="ticket", expects="yes_no", options=("accept", "decline")),
    *(
        State(f"question_{n}", asks=f"question_{n}", shows="question", expects="rating", slot="rating", options=RATINGS)
        for n in range(1, LAST + 1)
    ),
    State("commenting", asks="want_to_comment", expects="yes_no", slot="comment", options=("yes", "no")),
    State("writing", asks="write_comment", expects="slot", slot="comment"),
    State("completed", final=True),
    State("rejected", final=True),
    State("expired", final=True),
)

QUESTIONS = " ".join(f"question_{n}" for n in range(1, LAST + 1))
OPEN = f"invited {QUESTIONS} commenting writing"
RATED = "rating told rating_1 rating_2 rating_3 rating_4 rating_5"
ELSEWHERE = "interrupted consult_tickets menu restart"

# fmt: off
ROWS = (
    # in          on                      goes to             when           doing
    Row("invited",   "begin",                "invited"),
    Row("invited",   "yes accept",           "question_1",       "",            "explain"),
    Row("invited",   "no decline cancel farewell", "rejected",   "",            "reject"),
    *(
        Row(f"question_{n}", RATED, f"question_{n + 1}" if n < LAST else "commenting", "was_rated", "store_rating")
        for n in range(1, LAST + 1)
    ),
    Row(QUESTIONS,   "cancel",               "rejected",         "",            "reject"),
    Row("commenting", "yes",                 "writing"),
    Row("commenting", "no cancel thanks farewell", "completed",  "",            "finish"),
    Row("commenting", "told",                "completed",        "commented",   "finish"),
    Row("writing",   "told",                 "completed",        "commented",   "finish"),
    Row("writing",   "no cancel",            "completed",        "",            "finish"),
    Row(OPEN,        "expire",               "expired",          "",            "expire"),
    Row(OPEN,        ELSEWHERE,              "@menu",            "",            "step_aside"),
)
# fmt: on


# --- guards ---


def was_rated(draft: Draft) -> bool:
    return _rating(draft) is not None


def commented(draft: Draft) -> bool:
    return "comment" in draft.slots


def _rating(draft: Draft) -> int | None:
    if draft.intent.startswith("rating_"):
        return int(draft.intent.removeprefix("rating_"))
    rating: int | None = draft.value("rating") if "rating" in draft.guesses else None
    return rating


# --- effects ---


def explain(draft: Draft) -> None:
    draft.say("instructions")


def store_rating(draft: Draft) -> None:
    question = int(draft.state.removeprefix("question_"))
    draft.keep(SurveyAnswer(_ticket(draft), question, _rating(draft) or 0))
    draft.forget("rating")
    draft.say("answer_stored", given=question, total=LAST)


def finish(draft: Draft) -> None:
    comment = draft.value("comment") or ""
    draft.say("thanks_for_comment" if comment else "thanks_for_answers")
    _end(draft, SurveyFinished(_ticket(draft), "completed", comment))


def reject(draft: Draft) -> None:
    draft.say("rejected")
    _end(draft, SurveyFinished(_ticket(draft), "rejected"))


def expire(draft: Draft) -> None:
    _end(draft, SurveyFinished(_ticket(draft), "expired"))


def step_aside(draft: Draft) -> None:
    """Leave the survey when the customer asks for something else."""
    _end(draft, SurveyFinished(_ticket(draft), "expired"))


def _end(draft: Draft, outcome: SurveyFinished) -> None:
    draft.keep(outcome)
    end(draft, follow_ups.SURVEY)
    draft.forget("rating", "comment")


def _ticket(draft: Draft) -> str:
    return str(draft.notes.get(SURVEY, {}).get("ticket", ""))


# --- what the questions show ---


def ticket(draft: Draft) -> Mapping[str, object]:
    return {"number": _ticket(draft)}


def question(draft: Draft) -> Mapping[str, object]:
    """The business's own words where it has some; the usual question of its desk in the language of the customer."""
    number = draft.state.removeprefix("question_")
    own = draft.fact("survey_question", number)
    if own is None or own == _usual(draft, draft.before.desk.language, number):
        own = _usual(draft, draft.language, number)
    return {"question": own}


def _usual(draft: Draft, language: str, number: str) -> str:
    key, menu = f"usual_{number}", draft.before.desk.menu
    return phrase(language, menu if find(language, menu, key) else "survey", key)
