"""Every sentence a customer can read: one TOML file per language and flow.

A flow's sentence is looked for in its own file, then in `common.toml`. A language
that lacks a key, or uses other placeholders than its siblings, fails the tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from core.errors import Broken

Table = Mapping[str, str]
COMMON = "common"
TITLES = "titles"
"""The TOML section that names what can be pressed."""


def _load(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for path in sorted(folder.glob("*/*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        titles = content.pop(TITLES, {})
        found[path.parent.name, path.stem] = {
            **content,
            **{f"{TITLES}.{option}": title for option, title in titles.items()},
        }
    return found


TABLES = _load(Path(__file__).parent)
LANGUAGES = tuple(sorted({language for language, _ in TABLES}))


def find(language: str, flow: str, key: str) -> str | None:
    """The sentence as written, placeholders and all; None when this language has none."""
    own = TABLES.get((language, flow), {})
    return own[key] if key in own else TABLES[language, COMMON].get(key)


def phrase(language: str, flow: str, key: str, /, **values: object) -> str:
    """The sentence `key` as a customer of `flow` reads it."""
    written = find(language, flow, key)
    if written is None:
        raise Broken(f"no phrase {key!r} for {flow!r} in {language!r}")
    try:
        return written.format_map(values) if "{" in written else written
    except KeyError as missing:
        raise Broken(f"phrase {key!r} of {flow!r} in {language!r} needs {missing}") from None


def title(language: str, flow: str, option: str) -> str:
    """What the button of `option` says."""
    return phrase(language, flow, f"{TITLES}.{option}")


def placeholders(written: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(written) if name)


def gaps() -> list[str]:
    """What one language says and another does not, or says with other placeholders."""
    problems = []
    for flow in sorted({flow for _, flow in TABLES}):
        tables = {language: TABLES.get((language, flow), {}) for language in LANGUAGES}
        for key in sorted({key for table in tables.values() for key in table}):
            problems += [f"{language}/{flow}: no phrase {key!r}" for language, t in tables.items() if key not in t]
            used = {placeholders(table[key]) for table in tables.values() if key in table}
            if len(used) > 1:
                problems.append(f"{flow}: the languages disagree about the placeholders of {key!r}")
    return problems
