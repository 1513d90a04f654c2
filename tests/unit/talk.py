"""A conversation in memory: the real rules and the real engine, with a small catalogue and a clock that is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import desks
from bot.engine import step as engine
from bot.nlu.reader import written_down
from core.messages import Event, Outbound
from core.reading import Missing, Reading
from core.session import Desk, Session
from core.settings import Settings
from core.turn import OptOutSet, TicketChanged, TicketOpened, TimerSet, Turn

DESK = Desk("field", "Refrescos del Norte")
SETTINGS = Settings()
BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)
MINE = [
    {
        "number": "TKT-1A2B3C4D",
        "kind": "refrigerator",
        "status": "pending",
        "summary": "no enfría",
        "content": {
            "equipment": {"model": "VR-20", "brand": "Imbera", "client": "Abarrotes Lupita"},
            "given": {"sap_code": {"value": "4045101"}},
        },
        "created_at": "2026-03-01T09:00:00Z",
        "mine": True,
    },
    {
        "number": "TKT-0000FFFF",
        "kind": "vehicle",
        "status": "resolved",
        "summary": "no enciende",
        "content": {"given": {"sap_code": {"value": "483765723"}, "employee_number": {"value": "54321"}}},
        "created_at": "2025-12-01T04:00:00Z",
        "mine": True,
    },
]
FACTS: dict[str, dict[str, Any]] = {
    "equipment": {
        code: {"code": code, "model": "VR-20", "brand": "Imbera", "client": "Abarrotes Lupita", "place": "Monterrey"}
        for code in ("4045101", "4045102")
    },
    "tickets": {
        "mine": MINE,
        **{str(ticket["number"]): ticket for ticket in MINE},
        "TKT-9999AAAA": {"number": "TKT-9999AAAA", "mine": False},
    },
    "centre": {
        "25.679000,-100.286000": None,
        "25.651400,-100.289500": {
            "name": "CS Monterrey",
            "latitude": 25.6892,
            "longitude": -100.2895,
            "opens": "00:00",
            "closes": "23:59",
            "days": [1, 2, 3, 4, 5, 6, 7],
        },
    },
    "way": {"25.689200,-100.289500 25.651400,-100.289500": {"km": 4.2, "minutes": 9, "simple": True}},
    "survey_question": {},
    "photos_waiting": {},
    "vehicle": {},
}
IT_DESK = Desk(
    "it-desk",
    "Mesa Clara",
    language="es-AR",
    timezone="America/Argentina/Buenos_Aires",
    menu="help_desk",
    settings={
        "session_h": 48,
        "surveys": False,
        "ticket_family": "TCK",
        "caution": True,
        "technician": "5493415550199",
        "contact": "ayuda@mesaclara.example",
        "policy": "https://mesaclara.example/privacidad",
        "site": "mesaclara.example",
        "account": "@mesaclara",
        "zone": "ART",
        "photos": 10,
    },
)
DESKS = {"field": DESK, "it-desk": IT_DESK}
STEPS = {"s": 1, "m": 60, "h": 3600}


class Talk:
    """One customer's conversation. Each method is an event, and returns its turn."""

    def __init__(self, language: str = "es", settings: Settings = SETTINGS, desk: Desk = DESK) -> None:
        self.session = Session(1, replace(desk, language=language), language=language)
        self.settings = settings
        self.now = BEGAN
        self.turns: list[Turn] = []
        self.asked: list[Outbound] = []
        """Every question with buttons that was put, the newest last."""
        self.facts = FACTS
        self.opted_out = False
        """Of the person, on whichever number they said so."""
        self.tickets: dict[str, dict[str, str]] = defaultdict(lambda: {"status": "pending", "assignee": ""})
        """How the customer's own stand: every number is one of them."""

    def wait(self, how_long: str) -> None:
        number, unit = int(how_long.strip("+")[:-1]), how_long[-1]
        self.now += timedelta(seconds=number * STEPS[unit])

    def say(self, text: str) -> Turn:
        return self.event("text", spoken=text)

    def press(self, choice: str, *, of: Outbound | None = None) -> Turn:
        shown = of or self.asked[-1]
        self.pressed = shown
        option = next(option for option in shown.options if option.id.startswith(choice + "|"))
        return self.event("choice", spoken=option.title, id=option.id, title=option.title, source="button")

    def press_again(self, choice: str) -> Turn:
        """The same button once more, at once: a finger that taps twice."""
        self.now -= timedelta(seconds=6)
        return self.press(choice, of=self.pressed)

    def timer(self, name: str, **content: Any) -> Turn:
        content.setdefault("set_at_version", self.session.timers.get(name))
        return self.event("timer", name=name, **content)

    def event(self, kind: str, *, spoken: str = "", sent_at: datetime | None = None, **content: Any) -> Turn:
        self.now += timedelta(seconds=7)  # nobody types faster
        event = Event(f"e{len(self.turns)}", kind, text=spoken, content=content, sent_at=sent_at or self.now)
        return self.step(event, self.read(event))

    def read(self, event: Event) -> Reading:
        expected = engine.expects(self.session)
        return desks.read(written_down(event, desks.DESKS[expected.desk].photos), expected)

    def step(self, event: Event, reading: Reading) -> Turn:
        """Step as a worker does: look up what is missing, and step again."""
        while True:
            try:
                turn = engine.step(self.session, event, reading, self.now, self.settings)
            except Missing as missing:
                found = self._fact(missing)
                reading = reading.knowing(missing.kind, missing.key, found)
            else:
                break
        for record in turn.records:
            if isinstance(record, TicketChanged):
                self.tickets[record.number][record.what] = record.after
            elif isinstance(record, OptOutSet):
                self.opted_out = record.out
        self.turns.append(turn)
        self.session = turn.after
        self.asked += [reply for reply in turn.replies if reply.options]
        return turn

    def _fact(self, missing: Missing) -> Any:
        if missing.kind == "opted_out":
            return self.opted_out
        if missing.kind != "own_ticket":
            return self.facts[missing.kind].get(missing.key)
        try:
            return dict(self.tickets[missing.key])
        except KeyError:
            return None

    @property
    def where(self) -> str:
        return f"{self.session.flow}.{self.session.state}"


def act(talk: Talk, line: Mapping[str, Any]) -> Turn:
    """Do what one line of a transcript says."""
    if "at" in line:
        talk.wait(line["at"])
    name, value = next((name, value) for name, value in line.items() if name in ACTS)
    return ACTS[name](talk, value)


def tell(turn: Turn) -> list[dict[str, Any]]:
    """What a turn said and wrote, as lines of a transcript."""
    lines: list[dict[str, Any]] = [{"staff" if r.author == "agent" else "we": readable(r)} for r in turn.replies]
    lines += [{"wrote": record} for record in map(_record, turn.records)]
    lines += [{"set": timer.name} for timer in turn.timers if isinstance(timer, TimerSet) and timer.rest_s is None]
    if turn.note:
        lines.append({"note": turn.note})
    moved = (turn.before.flow, turn.before.state) != (turn.after.flow, turn.after.state)
    return lines + ([{"state": f"{turn.after.flow}.{turn.after.state}"}] if moved else [])


def readable(reply: Outbound) -> str:
    """The reply with its buttons, as the customer sees it."""
    shown = " ".join(f"[{option.title}]" for option in reply.options)
    if reply.kind == "location_request":
        shown = "[📍]"
    return f"{reply.text}\n{shown}" if shown else reply.text


def _record(record: Any) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__slots__ if name != "content"}
    if values.get("priority") == "normal":
        del values["priority"]
    if isinstance(record, TicketOpened):
        given = record.content["given"]
        values["given"] = {name: f"{g['value']} ({g['confidence']}, {g['source']})" for name, g in given.items()}
    named = re.sub(r"(?<!^)(?=[A-Z])", "_", type(record).__name__).lower()
    return {named: values}


ACTS: dict[str, Callable[[Talk, Any], Turn]] = {
    "they": lambda talk, text: talk.say(text),
    "press": lambda talk, choice: talk.press(choice),
    "old_press": lambda talk, choice: talk.press(choice, of=talk.asked[-2]),
    "timer": lambda talk, timer: talk.timer(timer) if isinstance(timer, str) else talk.timer(**timer),
    "ticket": lambda talk, ticket: talk.event("ticket", **ticket),
    "pin": lambda talk, pin: talk.event("location", latitude=pin[0], longitude=pin[1]),
    "place": lambda talk, pin: talk.event("location", latitude=pin[0], longitude=pin[1], name=pin[2], address=pin[3]),
    "photo": lambda talk, media: talk.event("image", media_id=media, mime_type="image/jpeg"),
    "screen_shows": lambda talk, found: talk.event("media_result", **{"for": "image", "purpose": "screen", **found}),
    "press_twice": lambda talk, choice: talk.press_again(choice),
    "photo_shows": lambda talk, found: talk.event("media_result", **{"for": "image", "purpose": "code", **found}),
    "voice_says": lambda talk, text: talk.event("media_result", **{"for": "audio", "outcome": "ok", "text": text}),
    "sends": lambda talk, kind: talk.event(kind, media_id="m"),
    "agent": lambda talk, content: talk.event("agent", **content),
    "echo": lambda talk, text: talk.event("echo", spoken=text),
    "late": lambda talk, text: talk.event("text", spoken=text, sent_at=talk.now - timedelta(hours=3)),
}
