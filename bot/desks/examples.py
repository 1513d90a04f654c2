"""Examples and utterances: what people write at a desk, and what it means there.

`examples.toml` in a desk's folder, a line each; a desk that reads one otherwise is refused:

    says = [{ text = "…", expects = "…", intent = "…", guesses = { … } }]

`expects` is what the standing question expects: yes_no, rating, or the slot that was asked; nothing when left out.
`guesses` are all the values that are found; the customer's own words as they are need no mention.

`utterances/*.toml` are many more, written the same way; `desk check` reads them. `asked` says which slot a file asks by
itself, `today` and `language` on which day and in which language its lines are written, `choices` names the options that
an `expects` offers, and `misread = true` marks one that is known to be read otherwise. Files called `held_out…` are only
measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.nlu import rules
from bot.nlu.questions import GUESS as QUESTION
from bot.nlu.rules import ReadText
from bot.script import toml_file
from core.messages import Event, Option
from core.reading import Expectation, Reading

EXAMPLES, UTTERANCES, HELD_OUT = "examples.toml", "utterances", "held_out"
OWNED = ("yes_no", "rating")


def misread_examples(desk: str, read_text: ReadText, folder: Path) -> Iterator[str]:
    """Every example that the desk's own words read otherwise, with its file and line."""
    yield from _misread(desk, read_text, folder, EXAMPLES)


def misread_utterances(desk: str, read_text: ReadText, folder: Path) -> Iterator[str]:
    """Every utterance that the desk reads otherwise, with its file and line."""
    for path in sorted((folder / UTTERANCES).glob("*.toml")):
        if not path.stem.startswith(HELD_OUT):
            yield from _misread(desk, read_text, folder, f"{UTTERANCES}/{path.name}")


def _misread(desk: str, read_text: ReadText, folder: Path, file: str) -> Iterator[str]:
    path = folder / file
    content = toml_file.read(path) if path.exists() else {}
    for example in content.get("says", ()):
        if told := _difference(desk, read_text, content, example):
            yield f"{file}:{toml_file.line_with(path, example['text'])}: {example['text']!r} {told}"


def _difference(desk: str, read_text: ReadText, content: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    """How an example is read otherwise than it is labelled; "" when it is not, or is known to be."""
    expects = expectation(desk, example.get("expects", content.get("asked", "")), content)
    reading = rules.read(Event("example", "text", text=example["text"]), expects, read_text)
    wrong = _wrong(reading, example)
    if example.get("misread"):
        return "" if wrong else "is read as labelled now: take its mark away"
    return f"{wrong}: mend its words or its label" if wrong else ""


def expectation(desk: str, expects: str, file: Mapping[str, Any]) -> Expectation:
    """The question that stands when a text of this desk is written, as this file has it."""
    found = _expectation(desk, expects, file.get("choices", {}))
    return replace(found, language=file.get("language", found.language), today=file.get("today"))


def _expectation(desk: str, expects: str, choices: Mapping[str, list[str]]) -> Expectation:
    if expects in OWNED:
        return Expectation(expects, desk=desk)  # type: ignore[arg-type]  # narrowed by the line above
    if expects in choices:
        return Expectation("choice", options=tuple(Option(name, name) for name in choices[expects]), desk=desk)
    return Expectation("slot", expects, desk=desk) if expects else Expectation(desk=desk)


def _wrong(reading: Reading, example: Mapping[str, Any]) -> str:
    intent, wanted = example.get("intent", ""), dict(example.get("guesses", {}))
    if reading.intent != intent:
        return f"is read as {reading.intent!r}, and labelled {intent!r}"
    found = {name: guess.value for name, guess in reading.guesses.items() if name != QUESTION}
    told = {name: value for name, value in found.items() if name in wanted or value != example["text"]}
    return "" if told == wanted else f"gives {told}, and is labelled {wanted}"
