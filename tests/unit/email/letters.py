"""Letters as they come, from `tests/letters`."""

from __future__ import annotations

from pathlib import Path

from bot.channels.email.reading import Mail

FOLDER = Path(__file__).parents[2] / "letters"


def letter(name: str) -> Mail:
    return Mail((FOLDER / f"{name}.eml").read_bytes())
