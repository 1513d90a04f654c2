"""Approved message templates, with the number of parameters of each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulator.errors import GraphError


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    language: str
    body: int = 0
    header: int = 0

    @property
    def as_json(self) -> dict[str, Any]:
        return asdict(self)


APPROVED = (Template("turno_news", "es_MX"), Template("turno_news", "es_AR"))
"""Templates that the demo desks use."""


class Templates:
    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Template] = {}
        self.reset()

    def reset(self) -> None:
        self._known = {(t.name, t.language): t for t in APPROVED}

    def put(self, template: Template) -> None:
        self._known[template.name, template.language] = template

    def check(self, content: Mapping[str, Any]) -> None:
        """Raises GraphError when no such template was approved, or it takes other parameters."""
        name, language = content["name"], content["language"]["code"]
        known = self._known.get((name, language))
        if known is None:
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        given = dict(_given(content))
        for part, wanted in (("header", known.header), ("body", known.body)):
            if (count := given.get(part, 0)) != wanted:
                found = f"{part}: number of localizable_params ({count})"
                raise GraphError(132000, f"{found} does not match the expected number of params ({wanted})")

    @property
    def as_json(self) -> list[dict[str, Any]]:
        return [template.as_json for template in self._known.values()]


def _given(content: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The parts of a send and how many parameters each is given."""
    for component in content.get("components", ()):
        yield str(component.get("type", "")).lower(), len(component.get("parameters", ()))
