"""The reader: rules always, the AI only where they are unsure.

The rules' reading is at hand before the AI is asked, so that whatever happens to the
AI there is an answer: the same one as with the AI switched off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from time import monotonic, perf_counter, thread_time
from typing import TYPE_CHECKING, Final, Protocol

from bot.nlu import rules
from bot.nlu.ai import usable
from bot.nlu.ai.prompts import Operation, Question
from bot.nlu.rules import OUT_OF_TIME, OutOfTime, ReadText, within
from bot.nlu.subject import A_NAME, Subject
from bot.script.purposes import EVIDENCE, Purposes
from core.breaker import Observer
from core.messages import Event
from core.reading import Expectation, Guess, Reading
from core.session import Session
from core.settings import Settings
from core.ttl_cache import TtlCache

if TYPE_CHECKING:
    from bot.nlu.ai.client import Ai, Outcome

LONG_MESSAGE = 30
FEW_WORDS = 3
FEWEST_LETTERS = 3
MEDIUM = 0.7
"""A guess counts as said from here on."""
NO_NAME_FROM = 0.75
"""So sure must the AI be that nobody is called so."""
MOST_RESTING = 10_000

_OWNED: Final = frozenset({"yes_no", "rating", "choice", "opinion"})
"""Questions whose short answers no model may guess."""
_log = logging.getLogger(__name__)


def _on() -> bool:
    return True


def _client(settings: Settings, clock: Callable[[], float], on_change: Observer | None) -> Ai:
    """Its library is loaded only where an AI may be asked: it takes half a second and tens of megabytes."""
    from bot.nlu.ai.client import Ai

    return Ai(settings, clock=clock, on_change=on_change)


class Understands(Protocol):
    """The parts of a desk that reading its events needs."""

    @property
    def read(self) -> ReadText | None: ...
    @property
    def subject(self) -> Subject | None: ...
    @property
    def photos(self) -> Purposes: ...


class Reader:
    """Reads events; share one in a process. `switch` is asked each time: the AI can be turned off at run time.

    `effort` is the clock that the rules' own time is told by.
    """

    def __init__(
        self,
        settings: Settings,
        desks: Mapping[str, Understands],
        *,
        switch: Callable[[], bool] = _on,
        ai: Ai | None = None,
        clock: Callable[[], float] = monotonic,
        effort: Callable[[], float] = thread_time,
        on_change: Observer | None = None,
    ):
        self._ai = (ai or _client(settings, clock, on_change)) if usable(settings) else None
        self._desks, self._switch, self._effort = desks, switch, effort
        self._most_chars = settings.ai_max_chars
        self._resting: TtlCache[int, bool] = TtlCache(MOST_RESTING, settings.ai_breaker_open_s, clock)

    def read(self, event: Event, expectation: Expectation, session: Session) -> Reading | Future[Reading]:
        """The reading, or a future of it that is settled within the AI's limit and never raises."""
        begun = perf_counter()
        desk = self._desks[expectation.desk]
        event = written_down(event, desk.photos)
        assert desk.read is not None, "a desk that has a menu reads"
        reading = replace(self._by_rules(event, expectation, desk.read), ms=_ms(begun))
        subject = None if reading.why == OUT_OF_TIME else desk.subject
        operation = unsure(reading, event, expectation, subject) if self._ai and subject else None
        if operation is None or subject is None:
            return reading
        if not self._switch():
            return replace(reading, why="switched_off")
        if self._resting.get(session.conversation_id):
            return replace(reading, why="resting")
        question = Question.about(
            operation, subject, event.text, expectation, name=session.contact_name, most=self._most_chars
        )
        return self._asked(question, replace(reading, operation=operation), session.conversation_id, begun)

    def _by_rules(self, event: Event, expectation: Expectation, read_text: ReadText) -> Reading:
        """Read by the rules; when they take too long, only danger is looked for."""
        try:
            with within(self._effort):
                return rules.read(event, expectation, read_text)
        except OutOfTime:
            return Reading(why=OUT_OF_TIME, guesses=rules.danger_in(event, expectation))

    def close(self) -> None:
        if self._ai:
            self._ai.close()

    def _asked(
        self, question: Question, reading: Reading, conversation_id: int, begun: float
    ) -> Reading | Future[Reading]:
        assert self._ai is not None

        def settled(outcome: Outcome) -> Reading:
            self._learn(conversation_id, outcome)
            return replace(merge(reading, outcome, question.subject), ms=_ms(begun))

        answered = self._ai.ask(question)
        return settled(answered.result()) if answered.done() else _then(answered, settled, reading)

    def _learn(self, conversation_id: int, outcome: Outcome) -> None:
        """Stop asking the AI for a conversation that waited for a timeout; a successful answer to anybody lifts that."""
        if outcome.why == "timeout":
            self._resting.put(conversation_id, True)
        elif not outcome.why:
            self._resting.clear()


def unsure(reading: Reading, event: Event, expectation: Expectation, subject: Subject) -> Operation | None:
    """The question for the AI about this message; None when the rules are sure, or the state wants its answers unread."""
    if "danger" in reading.guesses:
        return None  # it waits for nothing
    if event.kind != "text" or sum(c.isalpha() for c in event.text) < FEWEST_LETTERS:
        return None
    if _calls_themselves(reading, expectation, subject):
        return "name"
    long = len(event.text) > LONG_MESSAGE
    guessed = [g for name, g in reading.guesses.items() if name != "choice"]
    weak = all(g.source == "inferred" and g.confidence < MEDIUM * 100 for g in guessed)
    nothing = not reading.intent and not reading.guesses
    if expectation.kind in _OWNED and not long:
        return None
    if long and (reading.confidence < MEDIUM or (guessed and weak and "problem" in reading.guesses)):
        return "extract"
    if "problem" in reading.guesses and weak:
        return "extract"
    if nothing:
        return "term" if len(event.text.split()) <= FEW_WORDS else "intent"
    return None


def _calls_themselves(reading: Reading, expectation: Expectation, subject: Subject) -> bool:
    """A name that the rules would take, where somebody may say whether it is one."""
    name = reading.guesses.get("name")
    judged = "name" in subject.tasks
    return judged and expectation.slot == "name" and name is not None and name.source == "asked"


def merge(reading: Reading, outcome: Outcome, subject: Subject) -> Reading:
    """The rules' reading with what the AI added: the surer value wins, and an answer to the asked slot always does.

    Less sure than the subject's `least`, the AI said nothing.
    """
    if outcome.why or outcome.confidence < subject.least:
        return replace(reading, why=outcome.why or "low_confidence")
    if reading.operation == "name":
        return _named(reading, outcome)
    guesses = dict(reading.guesses)
    for name, guess in outcome.guesses.items():
        if _wins(guess, guesses.get(name)):
            guesses[name] = guess
    added = guesses != dict(reading.guesses)
    intent, confidence = _intent(reading, outcome, subject)
    source = "rules+ai" if reading.intent or reading.guesses else "ai"
    if not added and intent == reading.intent:
        return reading
    return replace(reading, intent=intent, confidence=confidence, guesses=guesses, source=source)


def _named(reading: Reading, outcome: Outcome) -> Reading:
    """The name as the rules took it, unless the AI is sure that it is none."""
    judged = outcome.guesses.get(A_NAME)
    if judged is None or judged.value != "no" or outcome.confidence < NO_NAME_FROM:
        return reading
    others = {slot: guess for slot, guess in reading.guesses.items() if slot != "name"}
    return replace(reading, intent="not_a_name", confidence=outcome.confidence, guesses=others, source="rules+ai")


def _wins(new: Guess, old: Guess | None) -> bool:
    return old is None or (old.source != "asked" and new.confidence > old.confidence)


def _intent(reading: Reading, outcome: Outcome, subject: Subject) -> tuple[str, float]:
    if not outcome.intent or (reading.intent and reading.confidence >= outcome.confidence):
        return reading.intent, max(reading.confidence, 0.0 if outcome.intent else outcome.confidence)
    if outcome.intent in subject.vaguer and outcome.confidence < MEDIUM:
        return subject.vaguer[outcome.intent], outcome.confidence
    return outcome.intent, outcome.confidence


def _then(answered: Future[Outcome], settled: Callable[[Outcome], Reading], otherwise: Reading) -> Future[Reading]:
    """A future of the reading; `otherwise` should anything break on the way."""
    reading: Future[Reading] = Future()

    def finish(done: Future[Outcome]) -> None:
        try:
            value = settled(done.result())
        except Exception:
            _log.exception("an answer of the AI could not be merged")
            value = replace(otherwise, why="broken")
        if reading.set_running_or_notify_cancel():
            reading.set_result(value)

    answered.add_done_callback(finish)
    return reading


def _ms(begun: float) -> float:
    return (perf_counter() - begun) * 1000


def written_down(event: Event, photos: Purposes) -> Event:
    """A voice note that was written down is read like a text, and so is a photo of a purpose that says so."""
    content = event.content
    written = content.get("for") == "audio" or photos.get(str(content.get("purpose")), EVIDENCE).written
    text = content.get("text") if event.kind == "media_result" and written else None
    return replace(event, kind="text", text=str(text)) if text else event
