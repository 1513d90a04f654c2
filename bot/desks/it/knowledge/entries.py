"""Entries of the knowledge base, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.script.phrases.regions import said_in, written_as

Text = Mapping[str, str]
"""A sentence in each written language."""
ANY: Final = "*"
SYSTEMS: Final = ("windows", "macos", "linux")


def text_in(language: str, text: Text) -> str:
    """The sentence as the language says it."""
    return said_in(language, text[written_as(language)])


@dataclass(frozen=True, slots=True)
class Device:
    """A kind of device. `words` name it; the first three weigh more than the others, which only lean towards it."""

    id: str
    group: str
    label: Text
    about: Text
    words: tuple[str, ...]
    icon: str
    short: Text
    """The label where it must fit a button or a row; the label itself unless the file says otherwise."""


@dataclass(frozen=True, slots=True)
class Group:
    """Devices that are easily confused. `ask`: which of them is asked even where it makes no difference."""

    id: str
    label: Text
    icon: str
    words: tuple[str, ...]
    members: tuple[str, ...]
    ask: bool = False
    part: bool = False
    """A part of something bigger: “the keyboard of my laptop” is a keyboard."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom, and the phrases by which people report it. `vague`: any other symptom goes first. `urgent`: the advice
    is given at once, before the device is known."""

    id: str
    family: str
    label: Text
    says: Mapping[str, tuple[str, ...]]
    implies: str = ""
    vague: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: said plainly, said more simply, and what helps who cannot do it."""

    id: str
    plain: Text
    simple: Text
    help: Text
    care: str = ""
    """"data" or "person": what may be harmed, which the step itself says."""
    warns: bool = False
    """It mends nothing, and is said together with the step behind it."""


@dataclass(frozen=True, slots=True)
class System:
    """An operating system: how its users do the steps that are done otherwise there, and which steps they have none of.

    What is not told here is done as the step itself says.
    """

    id: str
    label: Text
    steps: Mapping[str, Step]
    without: frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A symptom of some devices, and the steps for it: the easy ones first."""

    id: str
    symptom: str
    devices: tuple[str, ...]
    basic: tuple[str, ...]
    advanced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """How to install or set something up; `steps` by operating system, or under ANY when it makes no difference."""

    id: str
    label: Text
    devices: tuple[str, ...]
    words: tuple[str, ...]
    steps: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def by_system(self) -> bool:
        return ANY not in self.steps

    def sentences(self, language: str, system: str, brand: str) -> tuple[str, ...]:
        steps = self.steps[ANY if not self.by_system else system][written_as(language)]
        return tuple(_contracted(said_in(language, step).replace("{brand}", brand)) for step in steps)


def _contracted(sentence: str) -> str:
    """“de el fabricante” is “del fabricante”."""
    return sentence.replace(" de el ", " del ")
