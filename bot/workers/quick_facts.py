"""Looks up quick facts for a whole group: one query for each, over the catalogue of a desk or in what every desk knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.script.facts import Among, Fact, Listed
from core.store import catalogue
from core.store.catalogue import Wanted
from core.store.db import Tx
from core.store.path import facts


def find(tx: Tx, name: str, fact: Fact | None, wanted: Sequence[Wanted]) -> dict[Wanted, Any]:
    """The fact for each of the wanted. `fact` is what their desk says of it; None when it is none of the desk's."""
    match fact:
        case Listed():
            found = catalogue.one(tx, fact.kind, wanted)
            told = {each: fact.unlisted if line is None else fact.tell(line) for each, line in found.items()}
            return {each: told.get(each) for each in wanted}
        case Among():
            lines = catalogue.lines(tx, fact.kind, [conversation for conversation, _ in wanted])
            return {(i, key): fact.choose(key, lines[i]) for i, key in wanted}
        case _:
            return facts.find(tx, name, wanted)
