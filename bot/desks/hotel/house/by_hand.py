"""A house that no system knows: whatever is asked, a person of the house must answer, and the guest is told so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from bot.desks.hotel.house.port import Booked, Found, Free, Late, Order, RoomType, Stay, Wish
from core.errors import Rejected


def _by_hand() -> NoReturn:
    raise Rejected("by_hand", told={"why": "by_hand"})


class ByHand:
    source = "reception"
    far = False

    def rooms(self, limit_s: float) -> Sequence[RoomType]:
        return ()

    def search(self, wish: Wish, limit_s: float) -> Found:
        return Found(why="by_hand")

    def free(self, room: str, stay: Stay, limit_s: float) -> Free:
        _by_hand()

    def book(self, order: Order, limit_s: float) -> Booked:
        _by_hand()

    def find(self, key: str, limit_s: float) -> Booked | None:
        return None

    def change(self, booked: Booked, order: Order, limit_s: float) -> Booked:
        _by_hand()

    def cancel(self, booked: Booked, limit_s: float) -> Booked:
        _by_hand()

    def late(self, booked: Booked, until: datetime, limit_s: float) -> Late:
        _by_hand()

    def stay_late(self, booked: Booked, late: Late, limit_s: float) -> Booked:
        _by_hand()
