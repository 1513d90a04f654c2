"""Whatever happens in whatever order — copies, crashes, lapses, timers, staff, lost answers — the end is the same.

The measure is the plain order: the events of each conversation as they were accepted, stepped one after the other,
with nothing going wrong. Only which of them share an answer is taken from what was written: that depends on when
workers came.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bot.desks.field.catalogue import ALIKE
from bot.engine import bursts
from bot.engine import step as engine
from core.errors import Rejected, Throttled, Undecided, Unreachable
from core.messages import Event, Identity, Outbound
from core.reading import Missing, Reading
from core.session import Desk, Session
from core.store.db import Database
from core.store.path import inbox, outbox
from core.store.path.facts import MINE
from core.store.path.outbox import Pace, Way
from core.store.path.sessions import _event
from core.turn import TicketAdded, TicketChanged, TicketOpened
from tests.integration.crew import DESK, SETTINGS, RecordingCarrier, Rooms, text

CUSTOMERS = ("5215550000001", "5215550000002", "5215550000003")
WORDS = ("hola", "refrigerador", "4045101", "sí", "no", "no enfría desde ayer", "menú", "cancelar", "asdf")
ACTIONS = ("take_over", "answer", "release", "reset")
MOODS = ("accepts", "loses the answer", "times out", "is not there", "throttles", "refuses")
FREE = SETTINGS.model_copy(
    update={
        "event_attempts": 10_000,
        "breath_s": 2.0,
        "limit_text": "",
        "pace_number_per_s": 1e6,
        "pace_customer_s": 0.0,
        "send_backoff_s": 0.0,
        "breaker_failures": 10_000,
    }
)
DESK_ROW: dict[str, Any] = DESK["desks"][0]
EQUIPMENT = {
    row["code"]: {k: row[k] for k in ("code", "model", "brand", "client", "place")} for row in DESK_ROW["equipment"]
}
LINES = sorted(DESK_ROW["equipment"], key=lambda row: row["code"])
WHERE_THEY_STAND = "select conversation_id, version, flow, state, agent, memory from sessions order by conversation_id"
NUMBERS = re.compile(r"TKT-[0-9A-F]{8}")
ADDED = re.compile(r"(?: · [^»]*)+»")


class MoodyCarrier(RecordingCarrier):
    """The platform, which does something else each time, and then accepts everything."""

    def __init__(self) -> None:
        super().__init__()
        self.moods: list[str] = []

    def send(self, address: str, outbound: Outbound, to: Identity, callback_id: str) -> str:
        mood = self.moods.pop(0) if self.moods else "accepts"
        if mood in ("accepts", "loses the answer"):
            wamid = super().send(address, outbound, to, callback_id)
            if mood == "accepts":
                return wamid
        raise {
            "is not there": Unreachable("no connection"),
            "refuses": Rejected("no", code=131026),
            "throttles": Throttled("slow", code=131056, scope="customer"),
        }.get(mood, Undecided("no answer"))


class Interleavings(RuleBasedStateMachine):
    rooms: ClassVar[Rooms]
    carrier: ClassVar[MoodyCarrier]

    @initialize()
    def begin(self) -> None:
        self.rooms.ask("truncate contacts, inbox, outbox, deliveries, steps, timers, tickets restart identity cascade")
        self.carrier.accepted.clear()
        self.carrier.moods.clear()
        self.rooms.worker = self.rooms.new_worker()
        self.posted: list[dict[str, Any]] = []
        self.actions = 0

    # what may happen

    @rule(customer=st.sampled_from(CUSTOMERS), word=st.sampled_from(WORDS))
    def somebody_says(self, customer: str, word: str) -> None:
        message = text(word, wamid=f"wamid.{len(self.posted)}", sender=customer, at=self.rooms.clock.now())
        self.posted.append(message)
        self.rooms.hear(message)

    @precondition(lambda self: self.posted)
    @rule(picks=st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
    def copies_come_in_any_order(self, picks: list[int]) -> None:
        self.rooms.hear(*(self.posted[pick % len(self.posted)] for pick in picks))

    @rule()
    def a_worker_takes_a_round(self) -> None:
        self.rooms.worker.run_once()

    @rule(lapses=st.booleans())
    def a_worker_dies_between_claim_and_commit(self, lapses: bool) -> None:
        victim = self.rooms.new_worker()
        victim.step(victim.read(victim.load(victim.claim())))
        if lapses:
            self._lapse()

    @rule()
    def a_late_worker_writes_after_another(self) -> None:
        late = self.rooms.new_worker()
        turns = late.step(late.read(late.load(late.claim())))
        self._lapse()
        self.rooms.worker.run_once()
        late.commit(turns)

    @rule(customer=st.sampled_from(CUSTOMERS), words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=6))
    def somebody_writes_in_a_burst(self, customer: str, words: list[str]) -> None:
        for word in words:
            self.somebody_says(customer, word)

    @rule()
    def breaths_end(self) -> None:
        self._breathe()

    @rule()
    def timers_come_due(self) -> None:
        self.rooms.ask("update timers set due_at = now(), rest_s = null")
        for _ in range(2):
            with self.rooms.db.transaction() as tx:
                self.rooms.janitor._fire(tx)

    @precondition(lambda self: self.posted)
    @rule(action=st.sampled_from(ACTIONS), pick=st.integers(0, 10), twice=st.booleans())
    def staff_act(self, action: str, pick: int, twice: bool) -> None:
        everybody = self.rooms.ask("select id from conversations order by id")
        self.actions += 1
        content = {"action": action, "agent": "ana", "text": "con gusto"}
        for _ in range(1 + twice):
            with self.rooms.db.transaction() as tx:
                inbox.add_own(tx, everybody[pick % len(everybody)].id, f"agent:{self.actions}", "agent", content)

    @rule(moods=st.lists(st.sampled_from(MOODS), max_size=4))
    def replies_are_sent(self, moods: list[str]) -> None:
        self.carrier.moods[:] = moods
        self.rooms.send()

    @rule(had_accepted=st.booleans())
    def a_sender_dies_in_the_middle(self, had_accepted: bool) -> None:
        with self.rooms.db.transaction() as tx:
            claimed = outbox.claim(tx, Way("whatsapp", ("bsuid", "wa_id"), 86_400.0), size=8, pace=Pace(1e6, 0.0, 45))
        if had_accepted:
            self.carrier.accepted += [(str(each.id), each.to.alias("wa_id") or "", each.outbound) for each in claimed]

    @rule(
        pick=st.integers(0, 100),
        states=st.lists(st.sampled_from(("sent", "delivered", "read")), min_size=1, max_size=4),
    )
    def statuses_come_in_any_order(self, pick: int, states: list[str]) -> None:
        if self.carrier.accepted:
            self._tell(self.carrier.accepted[pick % len(self.carrier.accepted)][0], *states)

    # the end

    def teardown(self) -> None:
        if not getattr(self, "posted", None):
            return
        self._come_to_rest()
        self._every_event_had_one_effect()
        self._conversations_stand_where_the_plain_order_leads()
        self._every_reply_arrived_once_and_in_order()

    def _come_to_rest(self) -> None:
        self.carrier.moods.clear()
        for _ in range(100):
            self._breathe()
            worked = self.rooms.work()
            self.rooms.send()
            for callback_id, _, _ in self.carrier.accepted:
                self._tell(callback_id, "sent")
            self.rooms.ask("update outbox set claimed_at = now() - interval '1 hour' where state = 'claimed'")
            with self.rooms.db.transaction() as tx:
                outbox.rescue(tx, lease_s=60, settle_s=0)
            self.rooms.ask("update outbox set settle_at = now() where settle_at is not null")
            for callback_id, _, _ in self.carrier.accepted:
                self._tell(callback_id, "delivered")
            with self.rooms.db.transaction() as tx:
                outbox.settle(tx)
            if not worked and not self.rooms.ask("select 1 from outbox where open"):
                return
        raise AssertionError("it never comes to rest")

    def _every_event_had_one_effect(self) -> None:
        assert self.rooms.ask("select count(*) from inbox")[0].count >= len(self.posted)
        assert {row.state for row in self.rooms.ask("select state from inbox")} == {"done"}
        events = Counter(row.event_id for row in self.rooms.ask("select event_id from steps"))
        assert events == Counter(row.id for row in self.rooms.ask("select id from inbox"))

    def _conversations_stand_where_the_plain_order_leads(self) -> None:
        tickets = 0
        for row in self.rooms.ask(WHERE_THEY_STAND):
            session, said, opened = self._plain(row.conversation_id)
            assert (row.version, row.flow, row.state, row.agent) == (
                session.version,
                session.flow,
                session.state,
                session.agent,
            )
            slots = {name: [slot.value, slot.confidence, slot.source] for name, slot in session.slots.items()}
            assert row.memory["slots"] == slots
            assert row.memory["timers"] == dict(session.timers)
            rows = self.rooms.ask(
                "select kind, text from outbox where conversation_id = %(id)s order by id", id=row.conversation_id
            )
            assert [(each.kind, _bare(each.text)) for each in rows] == said
            tickets += opened
        assert self.rooms.ask("select count(*) from tickets")[0].count == tickets

    def _plain(self, conversation_id: int) -> tuple[Session, list[tuple[str, str]], int]:
        """The events of a conversation in the order in which they were accepted, one after the other."""
        rows = self.rooms.ask(
            "select i.id as event_id, i.*, ch.kind as channel_kind, ch.address, 1 as claims, st.at from inbox i "
            "join channels ch on ch.id = i.channel_id join steps st on st.event_id = i.id "
            "where i.conversation_id = %(id)s order by i.id",
            id=conversation_id,
        )
        [contact] = self.rooms.ask(
            "select c.name from contacts c join conversations v on v.contact_id = c.id where v.id = %(id)s",
            id=conversation_id,
        )
        desk = Desk(*(DESK_ROW[name] for name in ("id", "name", "language", "timezone", "menu")))
        session = Session(conversation_id, desk, contact_name=contact.name)
        said: list[tuple[str, str]] = []
        mine: list[dict[str, Any]] = []
        opened = 0
        for _, together in groupby(rows, key=lambda row: row.at):
            turns = []
            for row in together:
                turns.append(self._step(session, _event(row), mine))
                session = turns[-1].after
                opened += _write(turns[-1].records, mine)
            said += [(reply.kind, _bare(reply.text)) for turn in bursts.one_answer(turns) for reply in turn.replies]
        return session, said, opened

    def _step(self, session: Session, event: Event, mine: list[dict[str, Any]]) -> Any:
        named = {ticket["number"]: ticket for ticket in mine}
        facts = {
            "equipment": EQUIPMENT.get,
            "equipment_like": lambda key: ALIKE.choose(key, LINES),
            "tickets": lambda key: mine if key == MINE else named.get(key),
            "own_ticket": named.get,
            "opted_out": lambda _: False,
            "centres": lambda _: [],
        }
        reading = self.rooms.worker._reader.read(event, engine.expects(session, event), session)
        assert isinstance(reading, Reading), "the rules answer at once"
        while True:
            try:
                return engine.step(session, event, reading, self.rooms.clock.now(), FREE)
            except Missing as missing:
                reading = reading.knowing(missing.kind, missing.key, facts[missing.kind](missing.key))

    def _every_reply_arrived_once_and_in_order(self) -> None:
        taken = [int(callback_id) for callback_id, _, _ in self.carrier.accepted]
        assert len(taken) == len(set(taken)), "a reply was accepted twice"
        rows = {row.id: row for row in self.rooms.ask("select id, conversation_id, state, settle_at from outbox")}
        assert set(taken) <= set(rows), "said, but not decided"
        assert {rows[id].state for id in taken} <= {"delivered", "read"}
        assert {row.state for id, row in rows.items() if id not in taken} <= {"failed", "unknown"}
        for conversation_id in {row.conversation_id for row in rows.values()}:
            line = [id for id in taken if rows[id].conversation_id == conversation_id]
            assert line == sorted(line), "replies out of order"

    def _tell(self, callback_id: str, *states: str) -> None:
        self.rooms.hear(
            statuses=[
                {
                    "id": f"wamid.{callback_id}",
                    "status": state,
                    "timestamp": "1790000000",
                    "recipient_id": "5",
                    "biz_opaque_callback_data": callback_id,
                }
                for state in states
            ]
        )

    def _breathe(self) -> None:
        """Time passes: nobody waits for another line any more."""
        self.rooms.ask("update inbox set received_at = received_at - interval '1 minute' where state = 'waiting'")
        self._lapse()

    def _lapse(self) -> None:
        self.rooms.ask("update sessions set leased_until = '-infinity'")


def _write(records: Sequence[Any], mine: list[dict[str, Any]]) -> int:
    """What these records make of the customer's tickets, the newest first. How many were opened."""
    for record in records:
        if isinstance(record, TicketOpened):
            kept = {
                "number": record.number,
                "kind": record.kind,
                "summary": record.summary,
                "content": dict(record.content),
            }
            mine.insert(
                0, {**kept, "status": "pending", "assignee": "", "mine": True, "created_at": "2026-01-01T00:00:00Z"}
            )
        ticket = next((each for each in mine if each["number"] == getattr(record, "number", "")), {})
        if isinstance(record, TicketChanged):
            ticket["status"] = record.after
        elif isinstance(record, TicketAdded):
            ticket["summary"] += f" · {record.text}"
    return sum(isinstance(record, TicketOpened) for record in records)


def _bare(said: str) -> str:
    """A ticket's number is made of the event and of how often it was tried; what is added to it shows after the commit."""
    return ADDED.sub("»", NUMBERS.sub("TKT", said))


@pytest.mark.filterwarnings("ignore")
def test_any_interleaving_ends_where_the_plain_order_ends(db: Database) -> None:
    Interleavings.carrier = MoodyCarrier()
    Interleavings.rooms = rooms = Rooms(db, FREE, Interleavings.carrier)
    try:
        run_state_machine_as_test(
            Interleavings,
            settings=settings(
                max_examples=30,
                phases=[Phase.generate],  # a failure is told as it was found: to shrink it takes minutes
                stateful_step_count=30,
                deadline=None,
                print_blob=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        rooms.close()
