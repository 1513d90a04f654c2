"""A draft: a turn in the making. Rules and flows write on it; the engine makes the turn of it.

It is the only thing that changes during a step, and it lives no longer than the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from bot.script import phrases
from bot.script.desk_settings import DeskSettings
from bot.script.notes import AWAITED, FOREIGN, PENDING, PERSON_WANTED, QUIET, REASSURED_AT
from core import ticket_numbers
from core.limits import Limits
from core.messages import Event, Media, Outbound, Template
from core.reading import Guess, Reading
from core.session import Session, Slot
from core.settings import Settings
from core.turn import ErrandWanted, Record, Sentence, TimerCancelled, TimerChange, TimerSet

PAUSE = timedelta(minutes=10)


@dataclass(slots=True)
class Draft:
    before: Session
    event: Event
    reading: Reading
    now: datetime
    settings: Settings
    desk_settings: DeskSettings
    limits: Limits
    """How much the channel lets us say at once."""

    flow: str = ""
    flow_version: int = 0
    state: str = ""
    """Written by the flow's table; where the conversation will stand."""
    language: str = "es"
    slots: dict[str, Slot] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    armed: dict[str, int] = field(default_factory=dict)
    agent: str | None = None
    misses: int = 0

    name: str = ""
    """What the customer is called by the profile; "" where that is no name."""
    intent: str = ""
    """The meaning of the event: the pressed option, else the reading's intent."""
    guesses: dict[str, Guess] = field(default_factory=dict)
    taken: tuple[str, ...] = ()
    """The slots this event filled or changed."""
    refused: tuple[str, ...] = ()
    filling: bool = False
    """True when what was pressed fills a slot, even with what it held already."""
    entered: set[str] = field(default_factory=set)
    """The flows begun in this step: none is begun twice."""
    woken: bool = False
    """True when the conversation rested, and this event begins a new one."""

    answers: list[str] = field(default_factory=list)
    """Answers to questions, said before everything else of ours."""
    closing: list[str] = field(default_factory=list)
    """Said after everything else of ours, above the question."""
    said: list[Sentence] = field(default_factory=list)
    brief: bool = False
    """True when the question is the one that was put last: it is said shortly."""
    asking: bool = False
    """Whether the question of the state is put under what was said."""
    moved: bool = False
    """True when the flow asks something new; False when a standing question is only repeated."""
    offered: tuple[str, ...] | None = None
    """Options shown instead of the state's own."""
    heading: Media | None = None
    """A picture above the question."""
    spoken: list[Outbound] = field(default_factory=list)
    """Said as it is, before everything else: what a member of staff wrote."""
    by_itself: bool = False
    announcing: bool = False
    """True when all that is said tells how the conversation is served: left unsaid where it would cost a template."""
    template: Template | None = None
    """Said instead of everything else of ours, because the window is shut."""
    records: list[Record] = field(default_factory=list)
    timers: list[TimerChange] = field(default_factory=list)
    note: str = ""

    @classmethod
    def of(
        cls,
        before: Session,
        event: Event,
        reading: Reading,
        now: datetime,
        settings: Settings,
        desk_settings: DeskSettings,
        limits: Limits,
    ) -> Draft:
        return cls(
            before,
            event,
            reading,
            now,
            settings,
            desk_settings,
            limits,
            flow=before.flow,
            flow_version=before.flow_version,
            state=before.state,
            language=before.language,
            slots=dict(before.slots),
            notes=dict(before.notes),
            armed=dict(before.timers),
            agent=before.agent,
            misses=before.misses,
            intent=reading.intent,
            guesses=dict(reading.guesses),
        )

    @property
    def called(self) -> str:
        """The customer's name with a comma before it, as sentences put it; nothing for an unknown one."""
        return f", {self.name}" if self.name else ""

    @property
    def version(self) -> int:
        """The version this turn makes."""
        return self.before.version + 1

    @property
    def from_customer(self) -> bool:
        """Whether this is the customer speaking."""
        return self.event.origin == "customer"

    @property
    def spoken_at(self) -> datetime | None:
        """When the customer spoke, as far as is known; never later than now."""
        at = self.event.sent_at or self.event.received_at
        return min(at if at.tzinfo else at.replace(tzinfo=UTC), self.now) if at else None

    @property
    def late_s(self) -> float:
        """How long ago the customer spoke; 0 where that is not known."""
        at = self.spoken_at
        return (self.now - at).total_seconds() if at else 0.0

    @property
    def paused(self) -> bool:
        """Whether the customer comes back after a while."""
        heard_at = self.before.heard_at
        return not self.woken and heard_at is not None and self.now - heard_at > PAUSE

    def say(self, key: str, /, **values: object) -> None:
        """Put a sentence before the question: the flow's own, else the desk's, else the one that is common to all."""
        self.said.append(Sentence(key, self.words(key, **values)))

    def say_link(self, key: str, title: str, link: str, /, **values: object) -> None:
        """The same, with a button that opens a link."""
        shown = phrases.title(self.language, self.flow, title)
        self.said.append(Sentence(key, self.words(key, **values), (shown, link)))

    def words(self, key: str, /, **values: object) -> str:
        """The sentence that `say` would put."""
        speaker = self.flow if phrases.has_own(self.language, self.flow, key) else self.before.desk.menu
        return phrases.phrase(self.language, speaker, key, **values)

    def speak(self, outbound: Outbound) -> None:
        self.spoken.append(outbound)

    def offer(self, intent: str) -> None:
        """Say besides the question what a plain yes will mean."""
        self.notes[PENDING] = intent

    @property
    def person_wanted(self) -> bool:
        """Whether the customer waits for a person who has not answered yet."""
        return PERSON_WANTED in self.notes

    def want_person(self) -> None:
        """Put the customer in the line of those who wait for a person; who asks again keeps the place."""
        self.notes.setdefault(PERSON_WANTED, self.now.isoformat())

    def stop_waiting(self) -> None:
        """A person has answered, or none is wanted any more."""
        for note in (PERSON_WANTED, QUIET, REASSURED_AT, FOREIGN):
            self.notes.pop(note, None)

    def announce(self) -> None:
        """Mark the turn's replies as an announcement that the bot begins by itself."""
        self.by_itself = self.announcing = True

    def repeat(self) -> None:
        """Put the standing question once more."""
        self.asking = True

    def hush(self) -> None:
        """Do not put the question this time: something else is coming, and it stands as it was."""
        self.asking = self.moved = False

    def value(self, slot: str) -> Any:
        """The value of a slot; None when it is empty."""
        known = self.slots.get(slot)
        return known.value if known else None

    def forget(self, *slots: str) -> None:
        for slot in slots:
            self.slots.pop(slot, None)

    def use_up(self, slot: str) -> None:
        """Clear a slot whose value has been used."""
        self.forget(slot)
        self.guesses.pop(slot, None)
        self.taken = tuple(name for name in self.taken if name != slot)

    def fact(self, kind: str, key: str) -> Any:
        return self.reading.fact(kind, key)

    def off(self, flow: str) -> bool:
        """Whether staff have turned this flow off."""
        return self.reading.off(f"flow:{flow}")

    @property
    def ai_on(self) -> bool:
        """Whether there is an AI to ask about photos and voice notes."""
        s = self.settings
        return s.smart_mode and bool(s.openai_api_key.get_secret_value()) and not self.reading.off("ai")

    def keep(self, record: Record) -> None:
        self.records.append(record)

    def want_photo(self, purpose: str) -> None:
        """Have the photo of this event fetched and looked into."""
        self._want_media("photo", purpose)

    def want_voice(self) -> None:
        """Have the voice note of this event fetched and written down."""
        self._want_media("voice", "voice")

    def _want_media(self, service: str, what: str) -> None:
        content = {"media_id": str(self.event.content.get("media_id", ""))}
        self.keep(ErrandWanted(service, what, f"event:{self.event.id}", content, self.settings.media_result_s))

    def want(self, service: str, what: str, key: str, *, within_s: float = 60.0, **content: Any) -> None:
        """Have a service of the desk do something; what came of it fires `<service>_<outcome>` in the flow.

        `key` is the idempotency key: in one conversation, a service does once what has this key.
        """
        self.keep(ErrandWanted(service, what, key, content, within_s))
        self.notes[AWAITED] = {**self.notes.get(AWAITED, {}), f"{service}:{key}": self.flow}

    @property
    def result(self) -> Mapping[str, Any]:
        """The answer of a service, in the turn that brings it; empty where there is none."""
        return dict(self.event.content.get("result") or {})

    def arm(self, name: str, after_s: float, *, rest_s: float | None = None, **content: Any) -> None:
        self.armed[name] = self.version
        self.timers.append(TimerSet(name, self.now + timedelta(seconds=after_s), rest_s, content))

    def disarm(self, *names: str) -> None:
        for name in names:
            if self.armed.pop(name, None) is not None:
                self.timers.append(TimerCancelled(name))

    def ticket_number(self, kind: str = "") -> str:
        """The number of a ticket opened by this event, of its desk's family: the same however often it is stepped.

        `kind` tells the numbers apart where one event opens several.
        """
        event, desk = self.event, self.before.desk
        seed = event.external_id + (f"#{event.attempts}" if event.attempts else "") + (f"+{kind}" if kind else "")
        digest = blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest().upper()
        today = (event.received_at or self.now).astimezone(ZoneInfo(desk.timezone)).date()
        family = ticket_numbers.FAMILIES[self.desk_settings.ticket_family]
        return family.number(digest, today)

    @property
    def local_now(self) -> datetime:
        """The time at the desk; of a greeting that was shown before the first line, when it was shown."""
        return (self.event.shown_at or self.now).astimezone(ZoneInfo(self.before.desk.timezone))

    def given(self) -> Mapping[str, Any]:
        """All that was given, with its source, as a ticket keeps it."""
        return {
            name: {"value": slot.value, "confidence": slot.confidence, "source": slot.source}
            for name, slot in self.slots.items()
        }
