"""A member of staff: role, desks and rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from core.store.staff.accounts import ROLES
from core.store.staff.rows.accounts import Entered, Role


@dataclass(frozen=True, slots=True)
class Staff:
    id: int
    email: str
    name: str
    role: Role
    desks: frozenset[str] | None
    """Desks that they may see; None: every desk's."""
    session_id: int

    @classmethod
    def of(cls, row: Entered) -> Self:
        desks = None if row.desks is None else frozenset(row.desks)
        return cls(row.id, row.email, row.name, row.role, desks, row.session_id)

    def may(self, role: str) -> bool:
        """A role may do what those before it may."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def sees(self, desk: str | None) -> bool:
        """Whether this person may see rows of the desk; rows without a desk need access to all."""
        return self.desks is None or desk in self.desks

    def covers(self, desks: Collection[str] | None) -> bool:
        """Whether this person has all of these desks (None: every desk): nobody grants or revokes more than they have."""
        return self.desks is None or (desks is not None and self.desks.issuperset(desks))

    @property
    def desk_list(self) -> list[str] | None:
        """For SQL: `(%(desks)s::text[] is null or desk = any(%(desks)s))`."""
        return None if self.desks is None else sorted(self.desks)

    @property
    def desk_setting(self) -> str:
        """For the views of `report`: the value of `turno.desks`, which must never be empty for who sees none."""
        return "*" if self.desks is None else ",".join(sorted(self.desks)) or "-"
