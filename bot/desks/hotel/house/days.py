"""Days of a house as moments: a room is had from check-in to check-out, in the house's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.desks.hotel.house.port import Stay
from bot.desks.hotel.house.settings import HouseSettings
from core.session import Desk
from core.store.promises.holds import Period


@dataclass(frozen=True, slots=True)
class Days:
    zone: ZoneInfo
    check_in: time
    check_out: time
    late_to: time

    @classmethod
    def of(cls, desk: Desk, settings: HouseSettings) -> Days:
        hours = (time.fromisoformat(told) for told in (settings.check_in, settings.check_out, settings.late_to))
        return cls(ZoneInfo(desk.timezone), *hours)

    def period(self, stay: Stay) -> Period:
        return Period(self.moment(stay.arrives, self.check_in), self.moment(stay.leaves, self.check_out))

    def moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone)

    def stay(self, lower: datetime, upper: datetime) -> Stay:
        return Stay(lower.astimezone(self.zone).date(), upper.astimezone(self.zone).date())
