"""Service `receipt`: uses a receipt for one booking, or says that it was used for another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.errands.service import Means, ServiceOf
from core.store.path.errands import Errand
from core.store.promises import proofs

LONG_ENOUGH = 8
"""Characters from which the number of a transfer is one of a kind."""
_MARKS = re.compile(r"[\W_]+")


class Receipts:
    def __init__(self, means: Means):
        self._db, self._desk = means.db, means.desk

    def do(self, errand: Errand, limit_s: float) -> Mapping[str, Any]:
        """The same photo, or the same number of a transfer at the same bank, is good for one hold."""
        told = errand.content
        shown = {"photo": str(told.get("photo", "")), "reference": _reference(told)}
        with self._db.transaction() as tx:
            proofs.use(tx, self._desk.id, errand.conversation_id, str(told["hold"]), shown)
        return {"new": True}


def _reference(told: Mapping[str, Any]) -> str:
    """The number of the transfer; a short one is told apart by its bank."""
    number, bank = (_MARKS.sub("", str(told.get(name, ""))).upper() for name in ("reference", "bank"))
    return number if len(number) >= LONG_ENOUGH or not number else f"{bank}:{number}"


RECEIPT = ServiceOf(Receipts, limit_s=5.0)
