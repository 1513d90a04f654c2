from pathlib import Path

import pytest

from bot import desks

DOC = (Path(__file__).parents[3] / "docs" / "flows.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", desks.FLOWS)
def test_the_picture_in_the_docs_is_the_flow_as_it_is(name: str) -> None:
    assert f"### {name}\n\n```mermaid\n{desks.draw(name)}```" in DOC
