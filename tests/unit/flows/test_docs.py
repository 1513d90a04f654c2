"""The pictures of flows in the docs: `docs/flows.md`, or `flows/README.md` in the folder of the desk, where it has one.

`pytest tests/unit/flows/test_docs.py --rewrite-transcripts` draws those of such a desk anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import desks
from tests.nouns import ROOT

DOC = ROOT / "docs/flows.md"
OWNERS = {flow.__name__.rpartition(".")[2]: desk for desk in desks.DESKS.values() for flow in desk.flows}


def page(desk: str) -> Path:
    own = desks.folders()[desk] / "flows/README.md"
    return own if own.exists() else DOC


def picture(name: str) -> str:
    return f"### {name}\n\n```mermaid\n{desks.draw(name)}```"


@pytest.mark.parametrize("name", desks.FLOWS)
def test_the_picture_in_the_docs_is_the_flow_as_it_is(name: str, pytestconfig: pytest.Config) -> None:
    path = page(OWNERS[name].name)
    if path != DOC and pytestconfig.getoption("--rewrite-transcripts", default=False):
        draw_anew(path, OWNERS[name].name)
    assert picture(name) in path.read_text(encoding="utf-8")


def draw_anew(path: Path, desk: str) -> None:
    """Put the pictures of all flows of a desk beneath the head of its page."""
    head = path.read_text(encoding="utf-8").partition("\n### ")[0].rstrip()
    own = [name for name, owner in OWNERS.items() if owner.name == desk]
    path.write_text("\n\n".join([head, *map(picture, own)]) + "\n", encoding="utf-8")
