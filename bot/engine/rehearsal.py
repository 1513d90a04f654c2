"""Rehearsal: a conversation in memory, through the real rules and the real engine, for the tests of desks.

    desks.add_folder(Path("desks"))
    turn = Rehearsal(business(Path("desks/bakery"))).say("hola")

A transcript is a conversation as data: `they`, `press`, `timer` … are what the customer does, `burst` is several of
these at once; `we`, `wrote`, `set`, `note` and `state` are what came of it. `profile` is the name in their profile, `timers`
were set before, and `facts` are look-ups that find something else. Where no `errand` is told, those of services that are
rehearsed (`rehearsed.py` in the folder of the desk) are done after each act; `came` is what came of one, and `planned:
{booking_book: {outcome: unknown}}` is what comes of the next.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import desks
from bot.engine import bursts
from bot.engine import step as engine
from bot.engine.rehearsed import services_of
from bot.nlu.reader import written_down
from bot.script import toml_file
from core.messages import Event, Outbound
from core.reading import Missing, Reading
from core.session import Desk, Session
from core.settings import Settings
from core.turn import ErrandWanted, FileSaid, OptOutSet, TicketAdded, TicketChanged, TicketOpened, TimerSet, Turn

Facts = Mapping[str, Mapping[str, Any]]
"""Results of look-ups, by kind and key."""
NO_FACTS: Facts = {}
SETTINGS = Settings.model_validate({})
BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)
STEPS = {"s": 1, "m": 60, "h": 3600}


class Rehearsal:
    """One customer's conversation. Each method is an event, and returns its turn."""

    def __init__(
        self, desk: Desk, language: str = "", *, settings: Settings = SETTINGS, facts: Facts = NO_FACTS
    ) -> None:
        language = language or desk.language
        self.session = Session(1, replace(desk, language=language), language=language)
        self.settings = settings
        self.now = BEGAN
        self.turns: list[Turn] = []
        self.services = services_of(desk)
        self.errands: list[ErrandWanted] = []
        """Errands that were wanted and not done yet, of services that are rehearsed."""
        self.planned: dict[str, list[Mapping[str, Any]]] = {}
        """What comes of the next errands of a kind (`booking_book`), in place of what the service would do; without an
        outcome, it is a hint to the service."""
        self.asked: list[Outbound] = []
        """Every question with buttons that was put, the newest last."""
        self.facts: dict[str, Any] = {**facts}
        self.opted_out = False
        """Of the person, on whichever number they said so."""
        self.opened: dict[str, dict[str, Any]] = {}
        """The tickets of this conversation, by number, the newest last."""
        self.tickets: dict[str, dict[str, str]] = defaultdict(lambda: {"status": "pending", "assignee": ""})
        """How the customer's own stand: every number is one of them."""

    def do_errand(self) -> tuple[str, Turn]:
        """The next errand done, and told: its kind, and the turn that heard of it."""
        errand = self.errands.pop(0)
        kind = f"{errand.service}_{errand.what}"
        planned = self.planned[kind].pop(0) if self.planned.get(kind) else {}
        told = planned if "outcome" in planned else self.services[errand.service](errand, self.now, planned)
        spoken = {"service": errand.service, "what": errand.what, "key": errand.key, **told}
        return f"{kind}_{told['outcome']}", self.event("errand", **spoken)

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
        count = len(self.turns)
        event = Event(f"e{count}", kind, text=spoken, content=content, sent_at=sent_at or self.now, id=count + 1)
        return self.step(event, self.read(event))

    def read(self, event: Event) -> Reading:
        expected = engine.expects(self.session, event)
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
            elif isinstance(record, TicketOpened):
                self._open(record)
            elif isinstance(record, TicketAdded) and record.number in self.opened:
                self.opened[record.number]["summary"] += f" · {record.text}"
            elif isinstance(record, OptOutSet):
                self.opted_out = record.out
        self.turns.append(turn)
        self.errands += [
            each for each in turn.records if isinstance(each, ErrandWanted) and each.service in self.services
        ]
        self.session = turn.after
        self.asked += [reply for reply in turn.replies if reply.options]
        return turn

    def _fact(self, missing: Missing) -> Any:
        if missing.kind == "opted_out":
            return self.opted_out
        if missing.kind == "tickets":
            return self._tickets(missing.key)
        if missing.kind != "own_ticket":
            return self.facts.get(missing.kind, {}).get(missing.key)
        if self._tickets(missing.key, {}).get("mine") is False:
            return None
        try:
            return dict(self.tickets[missing.key])
        except KeyError:
            return None

    def _open(self, record: TicketOpened) -> None:
        kept = {
            "number": record.number,
            "kind": record.kind,
            "summary": record.summary,
            "content": dict(record.content),
        }
        self.opened[record.number] = {**kept, "created_at": self.now.isoformat(), "mine": True}

    def _tickets(self, key: str, otherwise: Any = None) -> Any:
        """Tickets opened in this conversation, and those there before."""
        opened = [{**ticket, "status": self.tickets[number]["status"]} for number, ticket in self.opened.items()]
        before = self.facts.get("tickets", {})
        if key == "mine":
            return [*reversed(opened), *before.get("mine", ())]
        return next((ticket for ticket in opened if ticket["number"] == key), before.get(key, otherwise))

    @property
    def where(self) -> str:
        return f"{self.session.flow}.{self.session.state}"


def business(folder: Path) -> Desk:
    """The first business of the desk in this folder, as its `demo.toml` describes it."""
    described = toml_file.read(folder / "demo.toml")["desks"][0]
    own = {name: described[name] for name in ("id", "name", "language", "timezone", "menu")}
    return Desk(**own, settings=described.get("settings", {}))


def replay(desk: Desk, script: Mapping[str, Any], facts: Facts = NO_FACTS) -> list[dict[str, Any]]:
    """The lines of a transcript, with what is said today."""
    desk = replace(desk, settings={**desk.settings, **script.get("settings", {})})
    rehearsal = Rehearsal(desk, script.get("language", ""), facts={**facts, **script.get("facts", {})})
    if any("errand" in line for line in script["lines"]):
        rehearsal.services = {}  # this script tells what comes of each
    set_before = dict.fromkeys(script.get("timers", ()), 0)
    rehearsal.session = replace(rehearsal.session, contact_name=script.get("profile", ""), timers=set_before)
    lines: list[dict[str, Any]] = []
    for line in script["lines"]:
        if "planned" in line:
            told = line["planned"].items()
            rehearsal.planned |= {kind: [*each] if isinstance(each, list) else [each] for kind, each in told}
            lines.append(line)
        elif "burst" in line or ACTS.keys() & line.keys():
            lines += [line, *(told for turn in _turns(rehearsal, line) for told in outcome(turn)), *_done(rehearsal)]
    return lines


def _done(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """The errands that were wanted, done one by one, and what came of each."""
    lines: list[dict[str, Any]] = []
    while rehearsal.errands:
        kind, turn = rehearsal.do_errand()
        lines += [{"came": kind}, *outcome(turn)]
    return lines


def _turns(rehearsal: Rehearsal, line: Mapping[str, Any]) -> list[Turn]:
    """The turn of an act; those of a burst are answered together."""
    if "burst" not in line:
        return [act(rehearsal, line)]
    acts = [{"they": told} if isinstance(told, str) else told for told in line["burst"]]
    return bursts.one_answer([act(rehearsal, told) for told in acts])


def paid(lines: Sequence[Mapping[str, Any]], ends_well: Callable[[Mapping[str, Any]], bool]) -> int | None:
    """The paid messages of a transcript up to the first line at which it ends well; None where there is no such line."""
    last = next((at for at, line in enumerate(lines) if ends_well(line)), None)
    return None if last is None else sum("we" in line for line in lines[: last + 1])


def act(rehearsal: Rehearsal, line: Mapping[str, Any]) -> Turn:
    """Do what one line of a transcript says."""
    if "at" in line:
        rehearsal.wait(line["at"])
    name, value = next((name, value) for name, value in line.items() if name in ACTS)
    return ACTS[name](rehearsal, value)


def outcome(turn: Turn) -> list[dict[str, Any]]:
    """The lines of a transcript that tell what a turn said and wrote."""
    lines: list[dict[str, Any]] = [{"staff" if r.author == "agent" else "we": readable(r)} for r in turn.replies]
    lines += [{"wrote": _record(record)} for record in turn.records if not isinstance(record, FileSaid)]
    lines += [{"set": timer.name} for timer in turn.timers if isinstance(timer, TimerSet) and timer.rest_s is None]
    if turn.note:
        lines.append({"note": turn.note})
    moved = (turn.before.flow, turn.before.state) != (turn.after.flow, turn.after.state)
    return lines + ([{"state": f"{turn.after.flow}.{turn.after.state}"}] if moved else [])


def readable(reply: Outbound) -> str:
    """The reply with its picture and its buttons, as the customer sees it."""
    if reply.template:
        return f"[{reply.template.name}/{reply.template.language}: {' · '.join(reply.template.parameters)}]"
    shown = " ".join(f"[{option.title}]" for option in reply.options)
    if reply.kind == "location_request":
        shown = "[📍]"
    if reply.kind == "link":
        shown = f"[{reply.button} → {reply.link}]"
    picture = "🖼 " if reply.media else "🗺 " if reply.place else ""
    return f"{picture}{reply.text}\n{shown}" if shown else f"{picture}{reply.text}"


def _record(record: Any) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__slots__ if name != "content"}
    if values.get("priority") == "normal":
        del values["priority"]
    if isinstance(record, ErrandWanted):
        own = {} if record.key.startswith("event:") else {"key": record.key}
        values = {"service": record.service, "what": record.what, **own, **record.content}
    if isinstance(record, TicketOpened):
        given = record.content["given"]
        values["given"] = {name: f"{g['value']} ({g['confidence']}, {g['source']})" for name, g in given.items()}
    named = re.sub(r"(?<!^)(?=[A-Z])", "_", type(record).__name__).lower()
    return {named: values}


ACTS: dict[str, Callable[[Rehearsal, Any], Turn]] = {
    "they": lambda it, text: it.say(text),
    "press": lambda it, choice: it.press(choice),
    "errand": lambda it, told: it.event("errand", **told),
    "press_twice": lambda it, choice: it.press_again(choice),
    "old_press": lambda it, choice: it.press(choice, of=it.asked[-2]),
    "timer": lambda it, timer: it.timer(timer) if isinstance(timer, str) else it.timer(**timer),
    "ticket": lambda it, ticket: it.event("ticket", **ticket),
    "hold": lambda it, hold: it.event("hold", **hold),
    "pin": lambda it, pin: it.event("location", latitude=pin[0], longitude=pin[1]),
    "place": lambda it, pin: it.event("location", latitude=pin[0], longitude=pin[1], name=pin[2], address=pin[3]),
    "photo": lambda it, media: it.event("image", media_id=media, mime_type="image/jpeg"),
    "captioned": lambda it, told: it.event("image", spoken=told[1], media_id=told[0], mime_type="image/jpeg"),
    "card": lambda it, card: it.event(
        "contacts", contacts=[{"name": {"formatted_name": card[0]}, "phones": [{"phone": card[1]}]}]
    ),
    "photo_shows": lambda it, found: it.event("media_result", **{"for": "image", **found}),
    "voice_says": lambda it, text: it.event("media_result", **{"for": "audio", "outcome": "ok", "text": text}),
    "sends": lambda it, kind: it.event(kind, media_id="m"),
    "agent": lambda it, content: it.event("agent", **content),
    "echo": lambda it, text: it.event("echo", spoken=text),
    "late": lambda it, text: it.event("text", spoken=text, sent_at=it.now - timedelta(hours=3)),
}
"""Acts of a customer, of staff or of the program itself, by the word of a transcript."""
