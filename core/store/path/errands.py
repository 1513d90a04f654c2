"""Errands: slow work that turns want, leased by workers and done once for each key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from core.messages import correlation_id
from core.session import Desk
from core.store.db import Tx
from core.store.path import rows
from core.store.path.rows import ClaimedErrand, DueErrands

Room = tuple[str | None, str, int]
"""A desk (None: any), a service, and how many of its errands may be leased."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One errand, leased to us. `attempts` counts this try too; `age_s` is how long ago it was wanted."""

    id: int
    conversation_id: int
    event_id: int
    """The event whose turn wanted it."""
    service: str
    what: str
    key: str
    content: Mapping[str, Any]
    within_s: float
    attempts: int
    wanted: int
    """How many times it was wanted."""
    received_at: datetime
    external_id: str
    age_s: float
    language: str
    """What its customer reads."""
    desk: Desk
    begun_s: float | None = None
    """How long ago a call began of which nobody knows what came; None: nothing can have happened."""
    result: Mapping[str, Any] | None = None
    """What the service told, if it is done already."""
    answer: Mapping[str, Any] | None = None
    """What a person of staff said of it: `yes`, and what else was asked of them."""

    @property
    def correlation_id(self) -> str:
        return correlation_id(self.external_id)

    @property
    def idempotency_key(self) -> str:
        """For the service: no two errands have the same, whichever conversation they are of."""
        return f"turno-{self.conversation_id}-{self.key}"

    @property
    def told_as(self) -> str:
        """The external id of the event that brings the result, each time it was wanted."""
        return f"errand:{self.id}" if self.wanted == 1 else f"errand:{self.id}:{self.wanted}"

    @property
    def left_s(self) -> float:
        """The time there is until the conversation must hear how it stands."""
        return self.within_s - self.age_s


def due(tx: Tx) -> list[tuple[Desk, str]]:
    """The desks and services that have errands waiting for a worker."""
    return [(_desk(row), row.service) for row in tx.rows(rows.DUE_ERRANDS)]


def claim(tx: Tx, rooms: Sequence[Room], *, token: int, lease_s: float) -> list[Errand]:
    """Lease as many errands of each desk and service as there is room for."""
    claimed = tx.rows(
        rows.CLAIMED_ERRANDS,
        desk_id=[desk for desk, _, _ in rooms],
        service=[service for _, service, _ in rooms],
        room=[room for _, _, room in rooms],
        token=token,
        lease_s=lease_s,
    )
    return sorted(map(_errand, claimed), key=lambda errand: errand.id)


def _errand(row: ClaimedErrand) -> Errand:
    known = {name: getattr(row, name) for name in Errand.__dataclass_fields__ if name != "desk"}
    return Errand(**known, desk=_desk(row))


def _desk(row: ClaimedErrand | DueErrands) -> Desk:
    return Desk(row.desk_id, row.desk_name, row.desk_language, row.timezone, row.menu, row.settings)


def begin(tx: Tx, errand_id: int, *, token: int) -> bool:
    """Mark that a call goes out which may have an effect; False when the lease was lost, and it must not."""
    return tx.run("errands.begin", id=errand_id, token=token) == 1


def renew(tx: Tx, errand_ids: Collection[int], *, token: int, lease_s: float) -> None:
    """Keep the leases of these."""
    if errand_ids:
        tx.run("errands.renew", id=list(errand_ids), token=token, lease_s=lease_s)


def put_off(tx: Tx, errand_id: int, *, token: int, wait_s: float, error: str, unsettled: bool = False) -> None:
    """Try it again later; `unsettled` says that the call may have had its effect."""
    tx.run("errands.put_off", id=errand_id, token=token, wait_s=wait_s, error=error, unsettled=unsettled)


def finish(
    tx: Tx, errand_id: int, *, token: int, state: str, error: str | None, result: Mapping[str, Any] | None = None
) -> bool:
    """It is over: `done`, `failed` or `unknown`. False when the lease was lost, and nothing may be said about it."""
    told = None if result is None else orjson.dumps(result).decode()
    return tx.run("errands.finish", id=errand_id, token=token, state=state, error=error, result=told) == 1


def answer(tx: Tx, errand_id: int, *, wanted: int, answer: Mapping[str, Any]) -> bool:
    """A person of staff says what came of it. False when it was answered already, is under way, or was wanted anew."""
    return tx.run("errands.answer", id=errand_id, wanted=wanted, answer=orjson.dumps(answer).decode()) == 1


def purge(tx: Tx, *, keep_days: int, size: int = 1000) -> int:
    return tx.run("errands.purge", keep_days=keep_days, size=size)
