"""Own files: pictures and voice notes that are ours, named by the sha256 of their bytes.

The bytes are kept with the turn that says them; an outbound names them by `file:<sha256>` in the place of a platform's
media id, and only the sender, the web chat and an erasure ever look at the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final

from core.messages import Media

LARGEST: Final = 1_048_576
"""Bytes of one file: it is written with its turn, so it is small."""
PICTURES: Final = frozenset({"image/jpeg", "image/png"})
"""What every platform shows."""
_OURS = "file:"


@dataclass(frozen=True)
class OwnFile:
    """Bytes and their type."""

    content: bytes = field(repr=False)
    mime_type: str

    @cached_property
    def name(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def media(self) -> Media:
        """How an outbound names it."""
        return named(self.name)


def named(name: str) -> Media:
    """How an outbound names the own file of this name."""
    return Media(id=f"{_OURS}{name}")


def name_of(media: Media | None) -> str:
    """The name of the own file that this shows; "" where it shows none of ours."""
    return media.id.removeprefix(_OURS) if media and media.id.startswith(_OURS) else ""
