"""Conversations as data, each in the folder of its desk: what they said, what we said, what was written.

`pytest tests/unit/test_transcripts.py --rewrite-transcripts` writes what is said today
into the files; the change is then reviewed as a diff.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot import desks
from bot.engine.rehearsal import replay
from core import settings as environment
from tests.unit.talk import rehearsed

OWN = environment.load().desks_folder
"""The folder of desks that the environment names, whose transcripts are played too."""
FILES = [
    path
    for folder in [*desks.folders().values(), *(sorted(Path(OWN).absolute().glob("*")) if OWN else ())]
    for path in sorted(folder.glob("transcripts/*.yaml"))
]


@pytest.fixture(autouse=True)
def own_desks() -> Iterator[None]:
    """The desks of that folder, loaded for these tests alone."""
    if OWN:
        desks.add_folder(Path(OWN))
    yield
    if OWN:
        desks.forget_folder(Path(OWN).absolute())


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_the_conversation_goes_as_it_is_written(path: Path, pytestconfig: pytest.Config) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    desk, facts = rehearsed(path.parents[1])
    today = replay(desk, script, facts)
    if pytestconfig.getoption("--rewrite-transcripts", default=False):
        written = yaml.dump({**script, "lines": today}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        path.write_text(written, encoding="utf-8")
    else:
        assert today == script["lines"]


def test_each_desk_with_a_menu_has_transcripts() -> None:
    told = {path.parts[-3] for path in FILES}
    assert told >= {desk.name for desk in desks.MENUS.values()}
    assert len(FILES) >= 70
