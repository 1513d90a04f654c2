"""The pages' templates: what a browser would put elsewhere than it was written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dashboard

TEMPLATES = sorted((Path(dashboard.__file__).parent / "templates").glob("*.html"))
FORM_IN_P = re.compile(r"<p\b[^>]*>(?:(?!</p>).)*?(?:<form\b|\bm\.(?:form|button|phone)\()", re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_form_stands_in_a_paragraph(template: Path) -> None:
    """A browser ends the paragraph where the form begins: the form is then not inside what it was written into."""
    assert FORM_IN_P.findall(template.read_text(encoding="utf-8")) == []


def test_a_form_in_a_paragraph_is_seen() -> None:
    assert FORM_IN_P.search('<p class="soft">{{ m.phone(found.alias, id) }}</p>')
    assert not FORM_IN_P.search("<p>words</p> {{ m.button(address) }} <p>more</p>")
