"""The channels, found by folder: those in here, and those in the folder that CHANNELS_FOLDER names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from bot.channels.channel import Channel
from core.errors import Broken
from core.limits import Limits
from core.reach import Reach
from core.settings import BadSettings, Settings

CHANNELS: dict[str, Channel] = {}


def of(kind: str) -> Channel:
    """The channel of this kind. Raises Broken when its folder is not there."""
    channel = CHANNELS.get(kind)
    if channel is None:
        raise Broken(f"there is no channel {kind!r} (there are {', '.join(CHANNELS)})")
    return channel


def limits() -> Mapping[str, Limits]:
    """By kind, how much each channel lets us say at once."""
    return {kind: channel.limits for kind, channel in CHANNELS.items()}


def reaches(settings: Settings) -> Mapping[str, Reach]:
    """By kind, what staff must know of each channel."""
    return {
        kind: Reach(channel.name or kind, channel.window_s(settings), sends=not channel.pulled)
        for kind, channel in CHANNELS.items()
    }


def longest_title(options: int) -> int:
    """The longest title of an option that every channel takes, when there are so many options."""
    return min(channel.limits.title(options) for channel in CHANNELS.values())


def discover(folder: str) -> None:
    """Find the channels of one more folder. Raises BadSettings when it is none, or a name in it is taken."""
    if not folder or folder in __path__:
        return
    if not Path(folder).is_dir():
        raise BadSettings(f"CHANNELS_FOLDER: there is no folder {folder}")
    taken = [found.name for found in iter_modules([folder]) if found.name in CHANNELS]
    if taken:
        raise BadSettings(f"CHANNELS_FOLDER: there is a channel {taken[0]!r} already; give yours another name")
    __path__.append(folder)
    _learn([folder])


def _learn(folders: list[str]) -> None:
    for found in iter_modules(folders):
        if found.ispkg:
            channel: Channel = import_module(f"{__name__}.{found.name}").CHANNEL
            CHANNELS[channel.kind] = channel


_learn(list(__path__))
