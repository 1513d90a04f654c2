"""Pictures that a desk shows: its own bytes, or the https address of one, with a caption or above the question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.script.draft import Draft
from core.errors import Broken
from core.messages import Media
from core.own_files import LARGEST, PICTURES, OwnFile
from core.turn import FileSaid, Sentence
from core.wire import pictures

LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. Make it with `drawn` or `at`."""

    media: Media
    file: OwnFile | None = None


def drawn(content: bytes) -> Picture:
    """A picture of the desk's own: a JPEG or a PNG, of 8 bits a colour, small enough to be written with a turn."""
    found = pictures.sketch(content)
    if found is None or found.kind not in PICTURES or len(content) > LARGEST:
        raise Broken("a picture of a desk is a JPEG or a PNG of 1 MB at most")
    file = OwnFile(content, found.kind)
    return Picture(file.media, file)


def at(address: object) -> Picture | None:
    """The picture at an address of a catalogue; None where that is no https address: nothing broken is ever shown."""
    if not isinstance(address, str) or not address.startswith("https://") or len(address) > LONGEST_ADDRESS:
        return None
    if any(letter.isspace() or not letter.isprintable() for letter in address):
        return None
    return Picture(Media(link=address))


def show(draft: Draft, picture: Picture | None, key: str, /, **values: object) -> None:
    """Say a sentence as the caption of a picture, in a message of its own; without a picture, just say it."""
    shown = _kept(draft, picture)
    draft.said.append(Sentence(key, draft.words(key, **values), picture=shown))


def head(draft: Draft, picture: Picture | None) -> None:
    """Put a picture above the question of this turn, in one message with it. Only a question with buttons has room for
    one: above any other it is left out."""
    draft.heading = _kept(draft, picture)


def _kept(draft: Draft, picture: Picture | None) -> Media | None:
    if picture is None or not draft.limits.pictures:
        return None
    if picture.file:
        draft.keep(FileSaid(picture.file))
    return picture.media
