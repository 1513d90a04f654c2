"""Every sentence a customer can read: one TOML file per language and flow.

A flow's sentence is looked for in its own file (in the folder of its desk), then in the one that
its file calls `also` (what several flows of a desk share), then in `common.toml` here. A language that lacks
a key, or uses other placeholders than its siblings, fails the tests. A region (es-AR)
says what its language says, with the marked words its own way (`regions.py`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from string import Formatter

from bot.script import toml_file
from bot.script.phrases.regions import WRITTEN_AS, said_in, written_as
from core.errors import Broken

COMMON = "common"
TITLES = "titles"
"""The TOML section that names what can be pressed."""
ALSO = "also"


WRITTEN: dict[tuple[str, str], dict[str, str]] = {}
"""Every table as it is written, by language and flow."""
TABLES: dict[tuple[str, str], dict[str, str]] = {}
"""Every table as each language and region says it."""
LANGUAGES: dict[str, tuple[str, ...]] = {}
"""The languages a flow is said in."""


FOLDERS: dict[str, Path] = {}
"""The folder that the phrases of a flow come from."""


def learn(folder: Path, languages: Sequence[str]) -> None:
    """Take in the phrases of a folder, `<language>/<flow>.toml`, which are whole in these languages."""
    for path in sorted(folder.glob("*/*.toml"), key=_after_what_it_uses):
        language, flow = path.parent.name, path.stem
        if FOLDERS.setdefault(flow, folder) != folder:
            raise Broken(f"{path}:1: another desk has phrases of a flow {flow!r}")
        WRITTEN[language, flow] = table = _table(path)
        LANGUAGES[flow] = tuple(languages)
        for said in (language, *(region for region, written in WRITTEN_AS.items() if written == language)):
            TABLES[said, flow] = {key: said_in(said, text) for key, text in table.items()}


def forget(folder: Path) -> None:
    """Let go of the phrases of a folder."""
    for flow in [flow for flow, known in FOLDERS.items() if known == folder]:
        del FOLDERS[flow]
        LANGUAGES.pop(flow, None)
        for tables in (WRITTEN, TABLES):
            for key in [key for key in tables if key[1] == flow]:
                del tables[key]


def _after_what_it_uses(path: Path) -> tuple[bool, Path]:
    """A file comes after the one it calls `also`."""
    return f"\n{ALSO} = " in "\n" + path.read_text(encoding="utf-8"), path


def _table(path: Path) -> dict[str, str]:
    content = toml_file.read(path)
    titles = content.pop(TITLES, {})
    also = content.pop(ALSO, "")
    if also and (path.parent.name, also) not in WRITTEN:
        raise Broken(f"{path}:1: also = {also!r}, and there is no {path.parent.name}/{also}.toml")
    return {
        **(WRITTEN[path.parent.name, also] if also else {}),
        **content,
        **{f"{TITLES}.{option}": title for option, title in titles.items()},
    }


FIRST_AID = "first_aid"
"""What is said in more languages than any desk speaks: to somebody in danger."""
learn(Path(__file__).parent, ("es", "en", "pt"))
learn(Path(__file__).parent / FIRST_AID, ("es", "en", "pt"))


def regions(languages: Iterable[str]) -> list[str]:
    """These languages, and the regions that say them their own way."""
    known = tuple(languages)
    return [*known, *(region for region, written in WRITTEN_AS.items() if written in known)]


def preferred(locale: str, own: str, spoken: Container[str]) -> str:
    """The language to begin in: the first that a browser asks for, if the desk has it spoken; else the desk's own."""
    asked = locale.partition(",")[0].partition(";")[0].strip().replace("_", "-")
    language = asked.partition("-")[0].lower()
    if language == written_as(own):
        return next((region for region in WRITTEN_AS if region.lower() == asked.lower() and own in WRITTEN_AS), own)
    return language if language in spoken else own


def has_own(language: str, flow: str, key: str) -> bool:
    """Whether the flow says this in words of its own."""
    return key in TABLES.get((language, flow), {})


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
    """The title of `option`'s button."""
    return phrase(language, flow, f"{TITLES}.{option}")


def placeholders(written: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(written) if name)


def gaps(flows: Container[str] | None = None) -> list[str]:
    """Phrases that one language has and another lacks, or has with other placeholders; of these flows, or of all."""
    problems = []
    for flow in sorted({flow for _, flow in TABLES if flows is None or flow in flows}):
        tables = {language: TABLES.get((language, flow), {}) for language in LANGUAGES[flow]}
        for key in sorted({key for table in tables.values() for key in table}):
            problems += [f"{language}/{flow}: no phrase {key!r}" for language, t in tables.items() if key not in t]
            used = {placeholders(table[key]) for table in tables.values() if key in table}
            if len(used) > 1:
                problems.append(f"{flow}: the languages disagree about the placeholders of {key!r}")
    return problems
