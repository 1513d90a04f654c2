"""The businesses that each desk answers for, by the menu that their conversations begin in."""

from __future__ import annotations

from core.store import desks
from core.store.db import Database
from core.ttl_cache import TtlCache
from dashboard.person import Staff

KEEP_S = 30.0


class Businesses:
    """Reads them from the database, and keeps them for a while."""

    def __init__(self, db: Database):
        self._db = db
        self._menus: TtlCache[str, dict[str, str]] = TtlCache(1, KEEP_S)

    def of(self, menu: str) -> frozenset[str]:
        """The ids of the businesses with this menu."""
        menus = self._menus.get_or_make("all", self._read)
        return frozenset(business for business, begins in menus.items() if begins == menu)

    def shown_to(self, staff: Staff, menu: str) -> bool:
        """Whether this person may see any business with this menu."""
        return staff.desks is None or not staff.desks.isdisjoint(self.of(menu))

    def _read(self) -> dict[str, str]:
        with self._db.transaction() as tx:
            return {row.id: row.menu for row in desks.all_of(tx)}
