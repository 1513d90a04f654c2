"""Conversations as data: what they said, what we said, what was written.

`pytest tests/unit/test_transcripts.py --rewrite-transcripts` writes what is said today
into the files; the change is then reviewed as a diff.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.talk import ACTS, DESKS, Talk, act, tell

FOLDER = Path(__file__).parent.parent / "transcripts"
FILES = sorted(FOLDER.glob("*.yaml"))


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def replay(script: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the transcript, with what is said today."""
    desk = DESKS[script.get("desk", "field")]
    talk = Talk(script.get("language", desk.language), desk=desk)
    lines: list[dict[str, Any]] = []
    for line in script["lines"]:
        if ACTS.keys() & line.keys():
            lines += [line, *tell(act(talk, line))]
    return lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_goes_as_it_is_written(path: Path, pytestconfig: pytest.Config) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    today = replay(script)
    if pytestconfig.getoption("--rewrite-transcripts", default=False):
        written = yaml.dump({**script, "lines": today}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        path.write_text(written, encoding="utf-8")
    else:
        assert today == script["lines"]


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 20
