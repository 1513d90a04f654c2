"""Loader of the knowledge files. Raises Broken at start for a malformed one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.desks.it.knowledge.entries import ANY, Device, Group, Guide, Problem, Step, Symptom, System
from core.errors import Broken

LANGUAGES = ("es", "en")
Table = Mapping[str, Any]


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def groups(table: Table) -> dict[str, Group]:
    """The groups, each knowing its members in the order they are written."""
    members: dict[str, list[str]] = {}
    for name, device in table["devices"].items():
        members.setdefault(device.get("group", ""), []).append(name)
    return {
        name: Group(
            name,
            _text(name, g["label"]),
            g["icon"],
            tuple(g["words"]),
            tuple(members[name]),
            g.get("ask", False),
            g.get("part", False),
        )
        for name, g in table["groups"].items()
    }


def devices(table: Table) -> dict[str, Device]:
    return {
        name: Device(
            name,
            d.get("group", ""),
            _text(name, d["label"]),
            _text(name, d["about"]),
            tuple(d["words"]),
            d.get("icon") or table["groups"][d["group"]]["icon"],
            _text(name, d.get("short") or d["label"]),
        )
        for name, d in table["devices"].items()
    }


def symptoms(families: Mapping[str, Table]) -> dict[str, Symptom]:
    return {
        name: Symptom(
            name,
            family,
            _text(name, s["label"]),
            {language: tuple(s[language]) for language in LANGUAGES},
            s.get("implies", ""),
            s.get("vague", False),
            s.get("urgent", False),
        )
        for family, name, s in _all(families, "symptoms")
    }


def problems(families: Mapping[str, Table]) -> dict[str, Problem]:
    return {
        name: Problem(name, p["symptom"], tuple(p["devices"]), tuple(p["basic"]), tuple(p["advanced"]))
        for _, name, p in _all(families, "problems")
    }


def steps(families: Mapping[str, Table]) -> dict[str, Step]:
    return {name: _step(name, s) for _, name, s in _all(families, "steps")}


def system(name: str, table: Table, steps: Mapping[str, Step]) -> System:
    """A system and its ways of doing these steps. Raises Broken when it tells of others."""
    own = {step: _step(step, s) for step, s in table["steps"].items()}
    without = frozenset(table["without"].split())
    if unknown := (own.keys() | without) - steps.keys() or own.keys() & without:
        raise Broken(f"{name}: it cannot tell of {', '.join(sorted(unknown))}")
    return System(name, _text(name, table["label"]), own, without)


def guides(table: Table) -> dict[str, Guide]:
    return {name: _guide(name, g) for name, g in table.items()}


def _guide(name: str, g: Table) -> Guide:
    by_system = {system: g[system] for system in ("windows", "macos", "linux") if system in g} or {ANY: g["steps"]}
    return Guide(
        name,
        _text(name, g["label"]),
        tuple(g.get("device", "").split()),
        tuple(g.get("words", ())),
        {system: {language: tuple(s[language]) for language in LANGUAGES} for system, s in by_system.items()},
    )


def _step(name: str, s: Table) -> Step:
    texts = {language: s[language] for language in LANGUAGES}
    if any(len(each) != 3 for each in texts.values()):
        raise Broken(f"step {name}: each language says it plainly, simply, and with help: three sentences")
    plain, simple, help_ = ({language: each[i] for language, each in texts.items()} for i in range(3))
    return Step(name, plain, simple, help_, s.get("care", ""), s.get("warns", False))


def _text(name: str, texts: Table) -> dict[str, str]:
    if set(texts) != set(LANGUAGES):
        raise Broken(f"{name}: it must be said in {', '.join(LANGUAGES)}")
    return dict(texts)


def _all(families: Mapping[str, Table], section: str) -> Iterator[tuple[str, str, Table]]:
    """Every entry of a section, over all families; none may be there twice."""
    seen = set()
    for family, table in families.items():
        for name, entry in table.get(section, {}).items():
            if name in seen:
                raise Broken(f"{section}.{name} is there twice")
            seen.add(name)
            yield family, name, entry
