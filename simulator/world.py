"""The simulator's state: people, messages, and a log of changes.

It lives in the memory of one process. One lock guards it; whoever waits for news waits on its bell.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from threading import Condition
from typing import Any

from simulator import people
from simulator.people import Business, Customer

Json = dict[str, Any]
CHANGES_KEPT = 20_000
WINDOW_S = 86_400.0
"""So long after the customer's last message anything may be said; then only a template."""
TYPING_S = 25.0
"""How long “typing…” stands when no answer comes."""


@dataclass(slots=True)
class Chat:
    """One customer and one number of ours: the bubbles, as the phone shows them."""

    bubbles: list[Json] = field(default_factory=list)
    unread: int = 0
    heard_at: float | None = None
    """When the customer last said something; unknown while all that was said came another way."""
    typing_until: float = 0.0

    @property
    def as_json(self) -> Json:
        return {
            "unread": self.unread,
            "typing": self.typing_until > time.time(),
            "last": dict(self.bubbles[-1]) if self.bubbles else None,
        }


class World:
    def __init__(self) -> None:
        self.bell = Condition()
        self._changes: deque[Json] = deque(maxlen=CHANGES_KEPT)
        self._seq = 0
        self._begin()

    def _begin(self) -> None:
        self.businesses: dict[str, Business] = {b.number: b for b in people.BUSINESSES}
        self.customers: dict[str, Customer] = {c.id: c for c in people.CUSTOMERS}
        self.accepted: list[Json] = []
        self._chats: dict[tuple[str, str], Chat] = {}
        self._where: dict[str, tuple[tuple[str, str], int]] = {}

    def reset(self) -> None:
        """As at the start; only the count of changes goes on, so that nobody who listens is confused."""
        with self.bell:
            self._begin()
            self._notify("reset")

    # people

    def business(self, number: str) -> Business:
        with self.bell:
            return self.businesses.setdefault(number, Business(number, f"Empresa {number[-4:]}", number))

    def meet(self, businesses: Iterable[Business]) -> None:
        """Show these businesses among the others, under their names of now."""
        with self.bell:
            self.businesses |= {business.number: business for business in businesses}

    def customer(self, id: str) -> Customer:
        """The customer, who comes into being when first named."""
        with self.bell:
            known = self.customers.get(id) or self.customers.get(people.digits(id))
            return known or self._join(people.newcomer(id))

    def known(self, id: str) -> Customer:
        """The customer of a send: also by the business-scoped id of somebody whose phone is known."""
        found = next((c for c in list(self.customers.values()) if c.user_id == id), None)
        return found or self.customer(id)

    def join(self, customer: Customer) -> Customer:
        with self.bell:
            return self.customers.get(customer.id) or self._join(customer)

    def _join(self, customer: Customer) -> Customer:
        self.customers[customer.id] = customer
        self._notify("customer", customer=customer.as_json)
        return customer

    # chats

    def add(self, number: str, customer: str, bubble: Json) -> Json:
        """A bubble in a chat; one from the business is unread until the phone shows it."""
        with self.bell:
            key = (number, customer)
            chat = self._chats.setdefault(key, Chat())
            self._seq += 1
            shown = {**bubble, "seq": self._seq, "at": int(time.time() * 1000)}
            self._where[shown["id"]] = (key, len(chat.bubbles))
            chat.bubbles.append(shown)
            if shown["from"] == "business":
                chat.unread += 1
                chat.typing_until = 0.0
            self._notify("bubble", number=number, customer=customer, bubble=dict(shown))
            return dict(shown)

    def heard_from(self, number: str, customer: str, at: float) -> None:
        """The customer said something, which opens the 24 hours anew."""
        with self.bell:
            chat = self._chats.setdefault((number, customer), Chat())
            chat.heard_at = max(at, chat.heard_at or at)

    def fall_silent(self, number: str, customer: str, since: float) -> None:
        """The customer has said nothing since then."""
        with self.bell:
            self._chats.setdefault((number, customer), Chat()).heard_at = since

    def is_open(self, number: str, customer: str) -> bool:
        """True within 24 hours of the customer's last message, and while nobody knows of one."""
        with self.bell:
            chat = self._chats.get((number, customer))
            return chat is None or chat.heard_at is None or time.time() - chat.heard_at < WINDOW_S

    def note_accepted(self, entry: Json) -> None:
        with self.bell:
            self.accepted.append(entry)
            self._notify("accepted", id=entry["id"], callback_id=entry["callback_id"])

    def react(self, message_id: str, author: str, emoji: str) -> None:
        with self.bell:
            if (found := self._find(message_id)) is not None:
                key, bubble = found
                bubble["reactions"] = {**bubble.get("reactions", {}), author: emoji}
                self._notify(
                    "reaction", number=key[0], customer=key[1], id=message_id, reactions=dict(bubble["reactions"])
                )

    def _find(self, message_id: str) -> tuple[tuple[str, str], Json] | None:
        where = self._where.get(message_id)
        return (where[0], self._chats[where[0]].bubbles[where[1]]) if where else None

    def chat_of(self, message_id: str) -> tuple[str, str] | None:
        with self.bell:
            where = self._where.get(message_id)
            return where[0] if where else None

    def tick(self, message_id: str, tick: str) -> None:
        """A customer's message got further: sent, delivered (the webhook took it), read (the business says so)."""
        with self.bell:
            if (found := self._find(message_id)) is not None:
                self._tick(*found, tick)

    def _tick(self, key: tuple[str, str], bubble: Json, tick: str) -> None:
        if _TICKS.index(tick) > _TICKS.index(bubble.get("tick", "sent")):
            bubble["tick"] = tick
            self._notify("tick", number=key[0], customer=key[1], id=bubble["id"], tick=tick)

    def read_up_to(self, message_id: str, *, typing: bool) -> None:
        """The business has read this message and all before it; perhaps it begins to type."""
        with self.bell:
            if (where := self._where.get(message_id)) is None:
                return
            key, last = where
            chat = self._chats[key]
            for bubble in reversed(chat.bubbles[: last + 1]):
                if bubble["from"] == "customer":
                    if bubble["tick"] == "read":
                        break
                    self._tick(key, bubble, "read")
            if typing:
                chat.typing_until = time.time() + TYPING_S
                self._notify("typing", number=key[0], customer=key[1], until=int(chat.typing_until * 1000))

    def take_unread(self, number: str, customer: str) -> list[Json]:
        """The bubbles that the customer now sees for the first time."""
        with self.bell:
            chat = self._chats.get((number, customer))
            if chat is None or not chat.unread:
                return []
            theirs = (bubble for bubble in reversed(chat.bubbles) if bubble["from"] == "business")
            fresh = list(islice(theirs, chat.unread))
            chat.unread = 0
            self._notify("seen", number=number, customer=customer)
            return fresh[::-1]

    def transcript(self, number: str, customer: str, after: int = 0) -> list[Json]:
        with self.bell:
            chat = self._chats.get((number, customer))
            return [dict(b) for b in chat.bubbles if b["seq"] > after] if chat else []

    def overview(self) -> Json:
        """Everything but the bubbles, for a page that just opened."""
        with self.bell:
            return {
                "seq": self._seq,
                "businesses": [b.as_json for b in self.businesses.values()],
                "customers": [c.as_json for c in self.customers.values()],
                "chats": [{"number": n, "customer": c, **chat.as_json} for (n, c), chat in self._chats.items()],
            }

    # changes

    def notify(self, event: str, **fields: Any) -> None:
        with self.bell:
            self._notify(event, **fields)

    def _notify(self, event: str, **fields: Any) -> None:
        self._seq += 1
        self._changes.append({"seq": self._seq, "event": event, **fields})
        self.bell.notify_all()

    @property
    def seq(self) -> int:
        return self._seq

    def changes(self, after: int, wait_s: float = 0.0) -> list[Json]:
        """Changes after `after`; waits up to the given time for the first."""
        with self.bell:
            if self._seq <= after and wait_s:
                self.bell.wait(wait_s)
            if self._seq <= after:
                return []
            recent: list[Json] = []
            for change in reversed(self._changes):
                if change["seq"] <= after:
                    break
                recent.append(change)
            return recent[::-1]


_TICKS = ("sent", "delivered", "read")
