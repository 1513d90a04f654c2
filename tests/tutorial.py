"""A tutorial page as data: the blocks of its text, in order, and what a reader does with each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"(?:\*\*`(?P<path>[^`]+)`\*\*\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```\n", re.DOTALL)


class Block(NamedTuple):
    """`sh` is run, `text` is what that printed, `diff` changes a file, `chat` and `web` are conversations; any other
    kind is the content of the file that is named before it."""

    kind: str
    text: str
    path: str


def blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(page):
        yield Block(found["kind"], found["text"], found["path"] or "")


def write(home: Path, path: str, text: str) -> None:
    """Put a file in place."""
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_text(text, encoding="utf-8")


def change(home: Path, diff: str) -> None:
    """Change a file as a diff says. Its lines must stand there once."""
    first, *lines = diff.splitlines()
    path = home / first.removeprefix("--- ")
    old, new = ("".join(f"{line[1:]}\n" for line in lines if not line.startswith(other)) for other in ("+", "-"))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has not once:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def exchanges(chat: str) -> Iterator[tuple[str, list[str]]]:
    """What somebody says in a conversation, and the words that must come back."""
    for part in chat.split("> ")[1:]:
        said, *answers = part.splitlines()
        yield said, answers
