"""Folding, spelling and the lexicon."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks.field.understanding.words import FIELD, LEXICON
from bot.desks.it.understanding.words import IT
from bot.nlu import dangers, fold, lexicon
from bot.nlu.lexicon import Lexicon
from tests.cases import Cases


@given(st.text(max_size=100))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold.plain(text)) == len(text)


@pytest.mark.parametrize(
    ("one", "other"), [("Menú", "MENU"), ("❄️ Refrigerador", "refrigerador"), ("¡Sí!", "si"), ("e\u0301l", "él")]
)
def test_writings_of_the_same_words_share_a_key(one: str, other: str) -> None:
    assert fold.key(one) == fold.key(other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("refijerador", "refrigerador"),
        ("veiculo", "vehiculo"),
        ("gracais", "gracias"),
        ("siiii", "si"),
        ("menuu", "menu"),
        ("emfria", "enfria"),
        ("bateria", "bateria"),
    ],
)
def test_a_slip_is_forgiven(typed: str, meant: str) -> None:
    assert FIELD.speller.known(typed) == meant


@pytest.mark.parametrize(
    "word", ["cargo", "carta", "motos", "motivo", "unida", "cerro", "ventana", "semana", "moto1", "x" * 300]
)
def test_a_real_word_is_left_alone(word: str) -> None:
    assert FIELD.speller.known(word) == word


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("tengounproblema", ("tengo", "un", "problema")),
        ("mirefri", ("mi", "refri")),
        ("refrigerador", ()),
        ("conmigo", ()),
    ],
)
def test_words_run_together_are_told_apart_when_all_are_known(typed: str, words: tuple[str, ...]) -> None:
    assert FIELD.speller.apart(typed) == words


def test_a_pattern_stands_for_every_way_of_saying_it() -> None:
    assert set(lexicon.expand("no se? prende|enfria")) == {
        ("no", "prende"),
        ("no", "enfria"),
        ("no", "se", "prende"),
        ("no", "se", "enfria"),
    }


@pytest.mark.parametrize("pattern", ["a|b? c", "a?|b c", "a?|b? c"])
def test_a_place_may_be_empty_whichever_of_its_words_says_so(pattern: str) -> None:
    assert set(lexicon.expand(pattern)) == {("a", "c"), ("b", "c"), ("c",)}


PATTERNS = {"one": "a b?", "two": "a? b c", "three": "a|b? c", "four": "b? b? c", "five": "c a|c? a?", "six": "a b a"}


def test_what_is_found_is_the_longest_of_the_phrases_that_the_patterns_stand_for(each: Cases) -> None:
    grown = Lexicon((tag, pattern) for tag, pattern in PATTERNS.items())
    each([said for length in range(1, 6) for said in product("abc", repeat=length)], lambda said: _found(grown, said))


def _found(grown: Lexicon, said: tuple[str, ...]) -> None:
    at, hits = 0, []
    while at < len(said):
        ways = [last for last in range(len(said), at, -1) if _tags(said[at:last])]
        hits += [lexicon.Hit(_tags(said[at : ways[0]]), at, ways[0])] if ways else []
        at = ways[0] if ways else at + 1
    assert grown.scan(said) == hits


def _tags(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(tag for tag, pattern in PATTERNS.items() if words in lexicon.expand(pattern))


@pytest.mark.parametrize("known", [FIELD.lexicon, IT.lexicon, dangers._LEXICON], ids=["field", "it", "dangers"])
def test_no_known_word_holds_a_sign_of_a_pattern(known: Lexicon) -> None:
    assert len(known.words) > 1000
    assert [word for word in known.words if set("?|") & set(word)] == []


def test_the_longest_phrase_wins_and_hides_what_it_covers() -> None:
    hits = Lexicon([("cancel", "cancelar"), ("shadow", "no quiero cancelar")]).scan("no quiero cancelar".split())
    assert [(hit.tags, hit.first, hit.last) for hit in hits] == [(frozenset({"shadow"}), 0, 3)]


@pytest.mark.parametrize(
    ("package", "language"),
    [
        *((package, name) for package in ("bot.nlu.words", "bot.desks.field.understanding") for name in ("es", "en")),
        ("bot.nlu.words", "everywhere_es"),
        ("bot.nlu.words", "everywhere_en"),
    ],
)
def test_word_lists_are_lists_of_folded_phrases(package: str, language: str) -> None:
    for tag, patterns in lexicon.listed(package, language).items():
        assert patterns and tag
        for pattern in patterns:
            assert pattern == fold.plain(pattern), pattern
            assert pattern.strip(), tag


@pytest.mark.parametrize("glue", ["el", "la", "que", "de", "mi", "es", "un", "y"])
def test_no_small_word_alone_means_anything(glue: str) -> None:
    assert all(hit.tags <= {"filler"} for hit in LEXICON.scan([glue]))
