"""Group commit: calls that arrive together share one run.

The first caller of a group leads it: it waits until the group before is done, closes its own, and runs it for
everybody in it. While it runs, the next group gathers. No caller waits for others: one alone is a group of one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _Group(Generic[Item]):
    __slots__ = ("done", "error", "items")

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.done = Event()
        self.error: BaseException | None = None


class GroupCommit(Generic[Item]):
    """Runs `run` over the items of all callers that arrive while the run before is under way."""

    def __init__(self, run: Callable[[Sequence[Item]], None], *, most: int):
        self._run = run
        self._most = most
        self._door = Lock()
        self._turnstile = Lock()
        self._group: _Group[Item] = _Group()

    def join(self, item: Item) -> None:
        """Return when a run that included the item has succeeded; raise what its run raised."""
        with self._door:
            group = self._group
            group.items.append(item)
            leads = len(group.items) == 1
            if len(group.items) >= self._most:
                self._group = _Group()
        if leads:
            self._lead(group)
        else:
            group.done.wait()
        if group.error is not None:
            raise group.error

    def _lead(self, group: _Group[Item]) -> None:
        try:
            with self._turnstile:
                with self._door:
                    if self._group is group:
                        self._group = _Group()
                self._run(group.items)
        except BaseException as error:
            group.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            group.done.set()
