"""One service at work: what the errand worker runs, without knowing what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.store.db import Tx
from core.store.path.errands import Errand

State = Literal["done", "failed", "unknown"]
Begin = Callable[[], bool]
"""Marks, in a commit of its own, that a call with an effect goes out now; False when the lease was lost."""


def _nothing(tx: Tx) -> None:
    """Nothing else is written."""


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an errand, and the event that tells it."""

    state: State
    kind: str
    """The kind of the event."""
    content: Mapping[str, Any]
    text: str = ""
    error: str | None = None
    """What staff may read of a failure."""
    kept: Mapping[str, Any] | None = None
    """What is told again when the errand is wanted again."""
    write: Callable[[Tx], None] = field(default=_nothing)
    """What else the same transaction writes."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often an errand is tried, and how many at once."""

    tries: int
    backoff_s: float
    at_once: int
    shortest_s: float
    """With less time left than this, another try is not begun."""


class Running(Protocol):
    @property
    def policy(self) -> Policy: ...

    @property
    def busy(self) -> int:
        """Places taken by calls that hang, and that no try waits for any more."""
        ...

    def limit_s(self, errand: Errand) -> float:
        """How long this try may take; less than the shortest try: it is not begun."""
        ...

    def attempt(self, errand: Errand, limit_s: float, begin: Begin) -> Result:
        """One try. Raises Retryable when nothing has happened, Undecided when it may have."""
        ...

    def give_up(self, errand: Errand, error: Exception) -> Result:
        """The result when no further try is made."""
        ...

    def afterwards(self, errand: Errand) -> None:
        """Tidies up when the result is committed."""
        ...
