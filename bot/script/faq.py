"""Questions that a desk answers at any time, as data: `faq/<language>.toml` in its folder, and those of every desk here.

    [how_long]
    asked = ["cuanto tardan", "como cuanto tardan en? venir?"]
    says = "Te llamamos en menos de {calls_within}."
    otherwise = "El tiempo exacto no lo sé."

`asked` are phrases, folded, as in files of words. `says` is one line; its {values} come of the desk's data, and where one of
them is unknown, `otherwise` is said, or that nobody knows. `then = "person"` calls a person, and `then = "place"` shows where the desk is on a map. A question is none where one of
the values in `unless` was told besides. `takes` tells how much of the message it is: its "clause" (that is usual), only its "words",
"nothing" (they stay a part of what is told), or "all". `once = true`: it is answered once until a case is over. `waiting` is said
to a customer who waits for a person. `ticket` is the kind of ticket that staff get with what was written; `urgent = true` for one that cannot wait. A desk that wants a topic of every desk not at all gives it no phrase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.script import phrases, toml_file
from bot.script.draft import Draft
from bot.script.phrases.regions import said_in, written_as

FOLDER = "faq"
EVERYWHERE = Path(__file__).with_name(FOLDER)
Value = Callable[[Draft], str]
"""What an answer shows, of the desk's data; "" when it is unknown."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One question, in every language."""

    name: str
    asked: tuple[str, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)
    then: str = ""
    unless: tuple[str, ...] = ()
    takes: Literal["clause", "words", "nothing", "all"] = "clause"
    once: bool = False
    ticket: str = ""
    urgent: bool = False
    waiting: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Faq:
    """The questions of a desk, and the values that its answers show."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, values: Mapping[str, Value]) -> Faq:
        """The questions in a desk's folder, and those of every desk that it does not answer its own way."""
        return cls(
            {**_read(EVERYWHERE), **_read(folder / FOLDER)}, {"desk": _desk, "person_wait": person_wait, **values}
        )

    def answer(self, draft: Draft, name: str) -> str:
        """The answer in a line; "" when it is not known."""
        topic = self.topics[name]
        for said in (*([topic.waiting] if draft.person_wanted else []), topic.says, topic.otherwise):
            written = said.get(written_as(draft.language), "")
            values = {value: self.values[value](draft) for value in phrases.placeholders(written)}
            if written and all(values.values()):
                return said_in(draft.language, written).format_map(values)
        return ""

    def problems(self, languages: Iterable[str]) -> Iterator[str]:
        """Everything wrong with it: an answer that a language lacks, a value that the desk does not have."""
        for topic in self.topics.values():
            for language in languages:
                if language not in topic.says:
                    yield f"faq/{language}.toml:1: it does not answer {topic.name!r}"
            shown = {*topic.says.values(), *topic.otherwise.values(), *topic.waiting.values()}
            wanted = {value for written in shown for value in phrases.placeholders(written)}
            yield from (f"faq: {topic.name}: no such value: {value!r}" for value in sorted(wanted - self.values.keys()))


def _desk(draft: Draft) -> str:
    return draft.before.desk.name


def person_wait(draft: Draft) -> str:
    """How soon a person answers, by the record; that nobody knows, where it is too short to tell."""
    known = draft.fact("first_answer", "desk")
    return draft.words("person_wait", minutes=known["minutes"]) if known else draft.words("person_wait_unknown")


def _read(folder: Path) -> dict[str, Topic]:
    """The topics of a folder, each with what every language says of it."""
    told: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, written in toml_file.read(path).items():
            _add(told.setdefault(name, {"asked": (), "says": {}, "otherwise": {}, "waiting": {}}), path.stem, written)
    return {name: Topic(name, **topic) for name, topic in told.items()}


def _add(topic: dict[str, Any], language: str, written: Mapping[str, Any]) -> None:
    """Add the words of one language to a topic."""
    topic["asked"] = (*topic["asked"], *written.get("asked", ()))
    topic["says"][language] = written.get("says", "")
    for key in ("otherwise", "waiting"):
        topic[key].update({language: written[key]} if key in written else {})
    topic.update({key: written[key] for key in ("then", "takes", "once", "ticket", "urgent") if key in written})
    topic["unless"] = tuple(written.get("unless", topic.get("unless", ())))
