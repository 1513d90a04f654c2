"""Examples: what people write at a desk, and what it means there. A desk that reads one otherwise is refused.

`examples.toml` in a desk's folder, a line each:

    says = [{ text = "…", expects = "…", intent = "…", guesses = { … } }]

`expects` is what the standing question expects: yes_no, rating, or the slot that was asked; nothing when left out.
`guesses` are the values that must be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.nlu import rules
from bot.nlu.rules import ReadText
from bot.script import toml_file
from core.messages import Event
from core.reading import Expectation, Reading

OWNED = ("yes_no", "rating")


def misread(desk: str, read_text: ReadText, path: Path) -> Iterator[str]:
    """Every example of a file that the desk's own words read otherwise, with its line."""
    if not path.exists():
        return
    for example in toml_file.read(path).get("says", ()):
        reading = rules.read(Event("example", "text", text=example["text"]), _expectation(desk, example), read_text)
        if difference := _difference(reading, example):
            yield f"{path.name}:{toml_file.line_with(path, example['text'])}: {example['text']!r} {difference}"


def _expectation(desk: str, example: Mapping[str, Any]) -> Expectation:
    expects = example.get("expects", "")
    if expects in OWNED:
        return Expectation(expects, desk=desk)
    return Expectation("slot", expects, desk=desk) if expects else Expectation(desk=desk)


def _difference(reading: Reading, example: Mapping[str, Any]) -> str:
    if reading.intent != example.get("intent", ""):
        return f"is read as {reading.intent!r}, and labelled {example.get('intent', '')!r}: mend its words or its label"
    wanted: Mapping[str, Any] = example.get("guesses", {})
    found = {name: guess.value for name, guess in reading.guesses.items() if name in wanted}
    return (
        "" if found == dict(wanted) else f"gives {found}, and is labelled {dict(wanted)}: mend its words or its label"
    )
