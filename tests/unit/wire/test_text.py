"""Text from outside, safe to keep and still faithful."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from core.wire.untrusted import clean, cleaned, keep


@given(st.text(st.characters()))
def test_a_cleaned_text_can_be_stored_and_differs_only_where_it_must(text: str) -> None:
    tidy = clean(text)
    tidy.encode("utf-8")
    assert "\0" not in tidy
    assert len(tidy) == len(text)
    assert all(a == b or a == "\0" or "\ud800" <= a <= "\udfff" for a, b in zip(text, tidy, strict=True))


def test_emoji_right_to_left_and_html_stay_as_they_are() -> None:
    text = "👩‍👧 שלום <b>' OR 1=1 --"
    assert clean(text) == text


def test_a_cleaned_value_is_clean_in_keys_too_and_no_deeper_than_it_may_be() -> None:
    assert cleaned({"a\0": ["\ud800", {"b": [[1]]}]}, deepest=4) == {"a␀": ["�", {"b": ["…"]}]}


def test_numbers_no_json_writer_takes_become_text() -> None:
    assert cleaned([2**63, 1e999, 2**63 - 1, True, 1.5]) == [str(2**63), "inf", 2**63 - 1, True, 1.5]


@given(st.dictionaries(st.text(st.characters()), st.text(st.characters()) | st.integers()))
def test_what_is_kept_reads_back_the_same(item: dict[str, object]) -> None:
    kept = keep(item)
    assert kept.isascii()
    assert json.loads(kept) == item
