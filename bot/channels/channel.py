"""A channel: everything a way to reach customers may bring. What is not on this page, a channel cannot change.

`bot/channels/<kind>/__init__.py` says `CHANNEL = Channel(...)`. Channels are found by folder, and never import each
other. The mind and the sender ask the channel; they know no channel's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol, runtime_checkable

from core.breaker import Observer
from core.limits import Limits
from core.messages import Identity, News, Outbound
from core.own_files import OwnFile
from core.settings import Settings
from core.store.files.photos import Photos
from core.store.path.letters import Letter


class Carrier(Protocol):
    """Takes what we say to the platform, from several threads at once."""

    def send(self, address: str, outbound: Outbound, to: Identity, callback_id: str) -> str:
        """Take it there; the platform's id. Raises what `core/errors.py` draws."""
        ...

    def barred(self) -> Sequence[str]:
        """Addresses whose breaker is open: nothing of theirs should be claimed."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


@runtime_checkable
class Marker(Protocol):
    """A carrier that can also show a customer that a message was read."""

    def mark_read(self, address: str, external_id: str, typing: bool) -> bool:
        """Mark a customer's message as read; False when that did not work, which harms nobody."""
        ...


@runtime_checkable
class Uploader(Protocol):
    """A carrier whose platform takes a file first, and is told its id in the sends that show it."""

    @property
    def keeps_s(self) -> float:
        """How long the platform surely keeps an upload."""
        ...

    def upload(self, address: str, file: OwnFile) -> str:
        """The id under which the platform keeps the file. Raises as `send` does; an upload that is repeated harms nobody."""
        ...


@runtime_checkable
class LetterCarrier(Protocol):
    """A carrier that takes all that one turn says at once, as one letter that answers another."""

    def send_letter(self, letter: Letter) -> str:
        """Take it there; the platform's id. Raises what `core/errors.py` draws."""
        ...


class Intake(Protocol):
    """Fetches what customers said, for a channel that no platform posts to our door."""

    def fetch(self) -> News:
        """Fetch everything that was not yet dropped. An event keeps its external id, so a copy takes no effect.
        Raises Unreachable when it cannot be fetched now."""
        ...

    def drop(self, news: News) -> None:
        """These are committed: they need not be fetched again."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


def _never_shuts(settings: Settings) -> float | None:
    return None


def _nothing(settings: Settings) -> Mapping[str, str]:
    return {}


def _poll_s(settings: Settings) -> float:
    return settings.poll_s


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach customers. Only `kind` and `limits` are needed by a channel whose customers fetch their answers."""

    kind: str
    """The name of its folder, which the table `channels` keeps."""
    limits: Limits
    """How much may be said at once there, and what can be pressed."""
    address: re.Pattern[str] = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
    """Addresses that a desk may have there."""
    name: str = ""
    """Its name as staff read it; else its kind."""
    reached_by: tuple[str, ...] = ()
    """The kinds of alias that a send may be addressed with, the one that counts most first."""
    window_s: Callable[[Settings], float | None] = _never_shuts
    """How long after the customer's last message anything may be said; None: always."""
    carrier: Callable[[Settings, Observer], Carrier | None] | None = None
    """Makes what takes replies to customers, or nothing where the settings name no platform. None: they fetch them (the
    channel is pulled). One that is a `Marker` marks messages as read, one that is a `LetterCarrier` takes a turn at once."""
    intake: Callable[[Settings, Photos], Intake | None] | None = None
    """Makes what fetches events, and keeps the photos among them; or nothing, as above. None: they are posted to the door."""
    poll_s: Callable[[Settings], float] = _poll_s
    """How long to wait before its intake fetches again, when there was nothing."""
    check: Callable[[Settings], Mapping[str, str]] = _nothing
    """By address, why the platform does not let us in; empty where it does. `turno channels --check` asks."""
    longest_breath_s: float = inf
    """The longest wait for another line of a customer, where `BREATH_S` is longer."""

    @property
    def pulled(self) -> bool:
        """Whether customers fetch their answers: then nobody sends them."""
        return self.carrier is None
