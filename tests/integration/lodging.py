"""A hotel desk in tests: the toy desk with a hotel's services, two guests, and a worker that does errands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import desks
from bot.workers.errands import ErrandWorker
from bot.workers.services import Services
from core.settings import Settings
from tests import businesses
from tests.inn import WISH, open_inn
from tests.integration.crew import SETTINGS, Rooms, text
from tests.integration.errands import do_all, want

NUMBER = "100000000000077"
ANA, BEN = "5215550000001", "5215550000002"


class Desk:
    """The house with its rooms, a worker, and two guests who said hello."""

    def __init__(self, rooms: Rooms, **settings: Any):
        self.rooms = rooms
        known = Settings.model_validate({**SETTINGS.model_dump(), **settings})
        self.services = Services(rooms.db, known, {})
        self.worker = ErrandWorker(rooms.db, rooms.bell, rooms.ear, self.services, known)
        for guest in (ANA, BEN):
            rooms.hear(text("hola", wamid=f"hello-{guest}", sender=guest), number=NUMBER)
        rooms.work()
        self.count = 0

    def do(self, service: str, what: str, key: str = "", *, guest: int = 1, **content: Any) -> dict[str, Any]:
        """An errand done to its end: outcome, and what it told."""
        self.count += 1
        want(self.rooms, service, what, key or str(self.count), conversation=guest, **content)
        do_all(self.rooms, self.worker)
        [event] = self.rooms.ask("select content from inbox where kind = 'errand' order by id desc limit 1")
        told: dict[str, Any] = event.content
        return {"outcome": told["outcome"], **(told.get("result") or {}), "said": told.get("why")}

    def search(self, *, guest: int = 1, **wish: Any) -> dict[str, Any]:
        return self.do("offers", "search", guest=guest, **{**WISH, **wish})

    def hold(self, *, guest: int = 1, **wish: Any) -> dict[str, Any]:
        offer = self.search(guest=guest, **wish)["offers"][0]
        return self.do("hold", "take", f"hold:{offer['quote']}", guest=guest, quote=offer["quote"])

    def book(self, held: dict[str, Any], *, guest: int = 1) -> dict[str, Any]:
        quote = held["offer"]["quote"]
        return self.do("booking", "book", f"book:{quote}", guest=guest, quote=quote, hold=held["hold"])

    def ask(self, query: str) -> list[Any]:
        return self.rooms.ask(query)


@contextmanager
def opened(rooms: Rooms, folder: Path, described: Any, **settings: Any) -> Iterator[Desk]:
    """The house in business."""
    open_inn(folder)
    assert desks.add_folder(folder) == []
    with rooms.db.transaction() as tx:
        businesses.put(tx, {"desks": [described]})
    try:
        yield Desk(rooms, **settings)
    finally:
        desks.forget_folder(folder)
