"""Dates of a stay as people say them: read rightly or asked about, and never read wrongly in silence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from time import thread_time
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.labelled import Utterance, utterances
from bot.desks.hotel.understanding import dates, wishes
from bot.script import phrases
from tests import adversaries

TODAY: Final = date(2026, 12, 1)
SAYINGS: Final = "sayings"
LANGUAGES: Final = ("es", "en", "pt")
DAYS: Final = st.dates(TODAY, TODAY + timedelta(days=300))
UNDERSTANDING: Final = Path(dates.__file__).parent
RANGES: Final = {
    "es": ("del {a} al {b}", "desde el {a} hasta el {b}", "{a} - {b}", "llegamos el {a} y nos vamos el {b}", "entre el {a} y el {b}"),
    "en": ("from {a} to {b}", "{a} until {b}", "{a} - {b}", "arriving {a}, leaving {b}", "between {a} and {b}"),
    "pt": ("de {a} a {b}", "do dia {a} ao dia {b}", "{a} até {b}", "chegamos dia {a} e saímos dia {b}", "entre {a} e {b}"),
}  # fmt: skip


def asked(language: str) -> list[Utterance]:
    return [
        u
        for u in utterances(held_out=False, desk="hotel")
        if u.expectation.language == language and u.expects == "arrives"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_read_rightly_or_asked_about(language: str) -> None:
    every = asked(language)
    counts = dict.fromkeys(("right", "asked", "wrong"), 0)
    for utterance in every:
        counts[_outcome(utterance)] += 1
    print(language, counts)
    assert len(every) >= 50
    assert counts["wrong"] == 0
    assert counts["right"] >= 0.95 * len(every)


def _outcome(utterance: Utterance) -> str:
    found = utterance.found(utterance.read())
    if found == dict(utterance.guesses):
        return "right"
    return "asked" if "unsure" in found or not found else "wrong"


def written(day: date, language: str, how: str) -> str:
    """A day as it may be written: in digits, or with the name of its month."""
    if how == "iso":
        return day.isoformat()
    if how == "digits":
        return f"{day:%d/%m/%Y}"
    month = phrases.phrase(language, SAYINGS, f"month_{day.month}")
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} de {month} de {day.year}" if how == "year" else f"{day.day} de {month}"


@given(
    st.sampled_from(LANGUAGES),
    st.integers(0, 4),
    st.sampled_from(("iso", "digits", "month", "year")),
    DAYS,
    st.integers(1, 30),
)
def test_a_stay_that_is_written_out_is_read_back(language: str, form: int, how: str, begin: date, nights: int) -> None:
    end = begin + timedelta(days=nights)
    text = RANGES[language][form].format(a=written(begin, language, how), b=written(end, language, how))
    read = dates.read(text, TODAY, language)
    unclear = language == "en" and how == "digits" and begin.day <= 12 and end.day <= 12
    assert (read.arrives, read.leaves, read.unsure) == (begin, end, "") or (unclear and read.unsure == "ambiguous"), (
        text
    )


@given(st.sampled_from(LANGUAGES), DAYS, st.integers(1, 30))
def test_a_day_and_nights_are_a_stay(language: str, begin: date, nights: int) -> None:
    many = {"es": "noches", "en": "nights", "pt": "noites"}[language]
    read = dates.read(f"{written(begin, language, 'month')}, {nights} {many}", TODAY, language)
    assert (read.arrives, read.leaves, read.unsure) == (begin, begin + timedelta(days=nights), "")


WORDS: Final = sorted(
    {word for line in re.findall(r'"([a-z|? ]+)"', "".join(p.read_text("utf-8") for p in UNDERSTANDING.glob("*.toml")))
     for word in re.split(r"[|? ]+", line) if word}
)  # fmt: skip
NUMBERS: Final = (
    "1",
    "3",
    "12",
    "15",
    "31",
    "32",
    "3/4",
    "30/2",
    "3-6",
    "3rd",
    "2027",
    "2027-01-03",
    "0",
    "-",
    ",",
    ".",
)


@given(
    st.lists(st.sampled_from([*WORDS, *NUMBERS]), max_size=12),
    st.sampled_from(LANGUAGES),
    st.dates(date(2024, 1, 1), date(2031, 12, 31)),
)
def test_whatever_is_said_no_stay_is_over_or_backwards(said: list[str], language: str, today: date) -> None:
    read = dates.read(" ".join(said), today, language)
    if not read.unsure:
        assert not read.arrives or read.arrives >= today
        assert not (read.arrives and read.leaves) or 0 < (read.leaves - read.arrives).days <= dates.MOST_NIGHTS
    assert read.unsure in ("", "too_long", *wishes.REASONS)


def test_no_text_takes_long() -> None:
    """Processor time of this thread: what else the machine does is not counted."""
    for text in [
        *adversaries.texts(),
        "3 al " * 400,
        "de 3 a 6 de " * 200,
        "el próximo " * 300,
        "1/1 " * 500,
        "9" * 2000,
    ]:
        begun = thread_time()
        dates.read(text, TODAY, "es")
        assert thread_time() - begun < 0.05, text[:40]


@pytest.mark.parametrize(
    ("text", "known", "read"),
    [
        ("no, mejor hasta el 7", date(2027, 1, 3), {"leaves": date(2027, 1, 7)}),
        ("hasta el domingo", date(2027, 1, 8), {"leaves": date(2027, 1, 10)}),
        ("4 noches", date(2027, 1, 30), {"arrives": date(2027, 1, 30), "leaves": date(2027, 2, 3), "nights": 4}),
    ],
)
def test_what_is_known_of_a_stay_says_which_day_is_meant(text: str, known: date, read: dict[str, Any]) -> None:
    assert dates.read(text, TODAY, "es", arrives=known) == dates.Dates(**read)


def test_a_number_alone_is_a_day_only_where_a_day_was_asked_for() -> None:
    assert dates.read("15", TODAY, "es", asked="arrives") == dates.Dates(date(2026, 12, 15))
    assert dates.read("15", TODAY, "es", asked="leaves") == dates.Dates(None, date(2026, 12, 15))
    assert not dates.read("15", TODAY, "es")
    assert dates.read("el 2", TODAY, "es") == dates.Dates(date(2026, 12, 2))
    assert not dates.read("el 2", TODAY, "es", bare=False), "the second of a list"
    assert dates.read("el 15 para dos", TODAY, "es", bare=False) == dates.Dates(date(2026, 12, 15))
    assert dates.read("de 3 a 6 de janeiro", TODAY, "es", bare=False) == dates.Dates(date(2027, 1, 3), date(2027, 1, 6))


@pytest.mark.parametrize(
    "text",
    ["habitación 204", "somos 4", "de 2 a 4 personas", "a las 15", "me llamo Domingo Pérez", "soy Abril", "2 adultos y un nene de 3",
     "room 12", "may I have a key?", "the sun terrace", "reserva 12345678", "buenas noches", "boa noite", "segunda opção", "the two of us", "seríamos entre 4 y 5",
        "abren de lunes a viernes?",
        "la reserva está a nombre de Julio Abril", "3 camas", "150.000 pesos"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert [dates.read(text, TODAY, language) for language in LANGUAGES] == [dates.Dates()] * 3


@pytest.mark.parametrize(
    ("today", "text", "why"),
    [
        (date(2026, 12, 5), "este finde", "weekend"),
        (date(2026, 12, 6), "this weekend", "weekend"),
        (date(2026, 12, 3), "el finde que viene", "weekend"),
        (date(2026, 12, 4), "el viernes", "weekday"),
        (date(2026, 12, 2), "el viernes que viene", "weekday"),
        (date(2026, 12, 5), "el 4", "past"),
        (date(2026, 12, 5), "del 3 al 6", "past"),
        (date(2028, 1, 1), "29 de febrero", ""),
        (date(2026, 12, 31), "mañana", ""),
    ],
)
def test_the_day_on_which_it_is_said_may_make_it_unsure(today: date, text: str, why: str) -> None:
    read = dates.read(text, today, "es")
    assert read.unsure == why
    assert read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("la semana del 4 de enero", dates.Dates(unsure="week")),
        ("el mes que viene, del 3 al 6", dates.Dates(unsure="month")),
        ("del 3 al 6 del mes que viene", dates.Dates(unsure="month")),
        ("de acá al domingo", dates.Dates(unsure="unclear")),
        ("el segundo fin de semana de enero", dates.Dates(unsure="weekend")),
        ("mi vuelo sale el 6 de enero", dates.Dates(None, date(2027, 1, 6))),
        ("cambiar la salida al 8 de enero", dates.Dates(None, date(2027, 1, 8))),
        ("salgo el 5 en vez del 6", dates.Dates(None, date(2026, 12, 5))),
        ("en vez del 3 llegamos el 4 de enero", dates.Dates(date(2027, 1, 4))),
        ("quiero agregar una noche", dates.Dates(unsure="more_nights")),
        ("New Year's Eve to Jan 2", dates.Dates(unsure="holiday")),
        ("Monday week", dates.Dates(unsure="week")),
        ("my birthday is March 5, staying 4 to 6", dates.Dates(unsure="several")),
        ("para 2 el 5 de enero", dates.Dates(date(2027, 1, 5))),
        ("sábado a la tarde hasta lunes a la mañana", dates.Dates(date(2026, 12, 5), date(2026, 12, 7))),
        ("amanhã em vez de hoje", dates.Dates(date(2026, 12, 2))),
    ],
)
def test_what_seemed_to_be_a_day_and_was_more(text: str, read: dates.Dates) -> None:
    assert dates.read(text, TODAY, "es") == read


def test_a_text_in_another_language_than_is_spoken_is_read_in_its_own() -> None:
    assert dates.read("from 3/4 to 3/7", TODAY, "es").unsure == "ambiguous"
    assert dates.read("del 3/4 al 7/4", TODAY, "en") == dates.Dates(date(2027, 4, 3), date(2027, 4, 7))
    assert dates.read("de 3 a 6 de janeiro", TODAY, "es") == dates.Dates(date(2027, 1, 3), date(2027, 1, 6))


def test_every_reason_to_ask_has_its_phrase() -> None:
    raised = set(
        re.findall(
            r'(?:Unsure\(|why=|else )"([a-z_]+)"', "".join(p.read_text("utf-8") for p in UNDERSTANDING.glob("*.py"))
        )
    )
    assert raised - {"too_long", "dm", "pair"} <= {*wishes.REASONS}
    for language in LANGUAGES:
        missing = [why for why in wishes.REASONS if not phrases.has_own(language, "hotel_stay", f"unsure_{why}")]
        assert missing == []
