"""Dependencies that other rooms pass to the window. `wsgi.py` wires them; a feature without its tool is not offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.bookable import Bookable
from core.diagrams import Diagram
from core.dry_run import Trial
from core.panels.folder import DeskPanels
from core.reach import Reach
from core.store.files.photos import Photos


def _nothing() -> Mapping[str, Bookable]:
    return {}


def _none() -> Sequence[DeskPanels]:
    return ()


@dataclass(frozen=True, slots=True)
class Tools:
    try_out: Callable[[int], Trial | None] | None = None
    """A dry run of one event; None when it has no conversation, or nobody answers there."""
    diagrams: Mapping[str, Diagram] = field(default_factory=dict)
    """Every flow, as states and arrows, by name."""
    channels: Mapping[str, Reach] = field(default_factory=dict)
    """Every channel, by its kind."""
    photos: Photos | None = None
    """The photo storage, read in threads: a slow disk blocks no other page. None: read where it is asked for."""
    places: Callable[[str], Mapping[str, Mapping[str, str]]] | None = None
    """Every state of the flows of the desk with this menu ("": of all flows): `free` to put a conversation there, `bound` to what was given before, or `final`."""
    bookable: Callable[[], Mapping[str, Bookable]] = _nothing
    """What each desk holds and books, by its menu; the others have no page of bookings."""
    panels: Callable[[], Sequence[DeskPanels]] = _none
    """The panels that desks bring, each for a board of its own."""

    def channel(self, kind: str) -> Reach:
        """The channel of this kind; one that is not known is named by its kind, and has no window."""
        return self.channels.get(kind) or Reach(kind)
