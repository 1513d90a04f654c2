"""Personal data is masked wherever text leaves the conversation, and what is not personal stays as it is."""

from __future__ import annotations

import re
import tomllib
from math import inf
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from bot import desks
from bot.desks.it.knowledge import STEPS
from bot.script import phrases
from core import pii
from tests import adversaries

MASKED = {
    "Mi email es test@example.com": "Mi email es [EMAIL_REDACTED]",
    "Mi tarjeta es 4532-1488-0343-6467": "Mi tarjeta es [CARD_REDACTED]",
    "Mi DNI es 12345678": "Mi DNI es [DNI_REDACTED]",
    "+54 9 341 5551234": "[PHONE_REDACTED]",
    "password=secreto123": "password=[PASSWORD_REDACTED]",
    "192.168.1.100": "[IP_REDACTED]",
    "mi clave es perro123, ¿sirve?": "mi clave es [PASSWORD_REDACTED], ¿sirve?",
    "La contraseña: hola": "La contraseña: [PASSWORD_REDACTED]",
    "my password is hunter2": "my password is [PASSWORD_REDACTED]",
    "mi cbu 0170099220000067797370": "mi cbu [CBU_REDACTED]",
    "la clabe 032180000118359719 de mi banco": "la clabe [CLABE_REDACTED] de mi banco",
    "CUIT 20-12345678-6": "CUIT [CUIT_REDACTED]",
    "tarjeta 4532 1488 0343 6467.": "tarjeta [CARD_REDACTED].",
    "amex 378282246310005": "amex [CARD_REDACTED]",
    "mi curp HEGG560427MVZRRL04": "mi curp [CURP_REDACTED]",
    "rfc GODE561231GR8": "rfc [RFC_REDACTED]",
    "GB82 WEST 1234 5698 7654 32": "[IBAN_REDACTED]",
    "dni 12.345.678": "dni [DNI_REDACTED]",
    "llamame al 3415551234": "llamame al [PHONE_REDACTED]",
    "mi cel es 55 1234 5678": "mi cel es [PHONE_REDACTED]",
    "(011) 4321-5678": "[PHONE_REDACTED]",
    "00 54 11 4321 5678": "[PHONE_REDACTED]",
    "5215512345678": "[PHONE_REDACTED]",
    "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc": "Bearer [TOKEN_REDACTED]",
    "a3f5b8c9d0e1f2a3b4c5d6e7f8a9b0c1": "[TOKEN_REDACTED]",
    "juan@x.com y ana@y.org": "[EMAIL_REDACTED] y [EMAIL_REDACTED]",
    "te\u200bst@exa\u2060mple.com": "[EMAIL_REDACTED]",
    "４５３２1488０３４３6467": "[CARD_REDACTED]",
    "mi dni: １２３４５６７８": "mi dni: [DNI_REDACTED]",
    "+54\u00a09\u00a0341\u00a05551234": "[PHONE_REDACTED]",
    "4532\u20111488\u20110343\u20116467": "[CARD_REDACTED]",
    "4111.1111.1111.1111": "[CARD_REDACTED]",
    "4111  1111  1111  1111": "[CARD_REDACTED]",
    "4111\n1111\n1111\r\n1111": "[CARD_REDACTED]",
    "4111/1111_1111 - 1111": "[CARD_REDACTED]",
    "cbu 0170  0992  2000  0067  7973  70": "cbu [CBU_REDACTED]",
    "mi numero es 1155551234": "mi numero es [PHONE_REDACTED]",
    "mi número 9876543210": "mi número [PHONE_REDACTED]",
    "1155551234": "[PHONE_REDACTED]",
    "3415551234, gracias": "[PHONE_REDACTED], gracias",
    "8112345678": "[PHONE_REDACTED]",
    "11.5555.1234": "[PHONE_REDACTED]",
    "11  5555  1234": "[PHONE_REDACTED]",
    "clave hunter2": "clave [PASSWORD_REDACTED]",
    "contraseña Perro123!": "contraseña [PASSWORD_REDACTED]",
    "PIN 1234": "PIN [PASSWORD_REDACTED]",
    "el pin de la tarjeta es 1234": "el pin de la tarjeta es [PASSWORD_REDACTED]",
    "cvv 123": "cvv [PASSWORD_REDACTED]",
    "CVC: 123": "CVC: [PASSWORD_REDACTED]",
    "la pass es hunter 2": "la pass es [PASSWORD_REDACTED]",
    "juan @ gmail . com": "[EMAIL_REDACTED]",
    "juan@x.com. Gracias": "[EMAIL_REDACTED]. Gracias",
}

LEFT_ALONE = (
    "La compu no prende desde ayer",
    "El ticket TCK-20261121-A1B2C3 sigue abierto",
    "TKT-1A2B3C4D",
    "STI-20261121-0042",
    "el 21/11/2026 a las 10:30",
    "2026-11-21 10:00:00",
    "cuesta $12.345.678",
    "son 12.345.678 pesos",
    "4045101",
    "el sap es 4045101234",
    "4045101234",
    "483765723",
    "empleado 54321, sap 1155551234",
    "2026.1121.1030.2",
    "clave windows10",
    "la clave 0x80070005 sale siempre",
    "mi clave TCK-20261121-A1B2C3",
    "un conector de 24 pin 12v",
    "pin 2 y pin 14",
    "pass",
    "serie 1155551234",
    "$ 1.155.551.234",
    "1764500000",
    "código 1234567890",
    "serie 55-1234-5678",
    "windows 10 22H2, versión 10.0.19045.1",
    "error 0x80070005",
    "no me anda la contraseña",
    "olvidé mi clave y no puedo entrar",
    "la clave es que no prende",
    "my password is wrong",
    "The saved password is lost: write it down first.",
    "la clave es larga",
    "mi contraseña es vencida, dice",
    "el token es inválido",
    "tengo 3 impresoras HP 2135 y un monitor de 24 pulgadas",
    "300.1.1.1",
    "000000000000000000",
    "reinicié el router 3 veces, 192 canales, 168 horas",
    "@soporte ayuda",
    "Cafetería José Ñandú 👍🏽",
)


@pytest.mark.parametrize(("written", "shown"), MASKED.items(), ids=range(len(MASKED)))
def test_personal_data_is_masked(written: str, shown: str) -> None:
    assert pii.mask(written) == shown


@pytest.mark.parametrize("written", LEFT_ALONE)
def test_what_is_not_personal_stays_as_it_is(written: str) -> None:
    assert pii.mask(written) == written


def test_ordinary_sentences_are_hardly_ever_touched() -> None:
    utterances = [path for folder in desks.folders().values() for path in folder.glob("utterances/*.toml")]
    sentences = [said["text"] for path in utterances for said in tomllib.loads(path.read_text())["says"]]
    ordinary = [
        text for text in sentences if not any(sign in text for sign in ("@", "+52", "mi teléfono", "mi telefono"))
    ]
    touched = [text for text in ordinary if pii.mask(text) != text]
    assert len(ordinary) > 500
    assert len(touched) / len(ordinary) <= 0.005, touched


EXAMPLE = re.compile(r"git@github\.com|\*ana@(correo|correio|mail)\.com\*")
"""Addresses of nobody, by which a phrase says how one looks."""


def test_what_the_program_says_itself_is_hardly_ever_touched() -> None:
    said = [text for step in STEPS.values() for told in (step.plain, step.simple, step.help) for text in told.values()]
    said += [text for table in phrases.TABLES.values() for text in table.values()]
    touched = {text for text in said if pii.mask(text) != text and not EXAMPLE.search(text)}
    assert len(said) > 4000
    assert touched == set()


words = st.sampled_from("hola mi número es el de ayer no prende y gracias por favor 🙂 ñandú".split())
digits = st.text("0123456789", min_size=15, max_size=15)


@given(st.lists(words), digits, st.sampled_from(["", "-", " "]), st.lists(words))
def test_a_card_is_masked_wherever_it_stands(before: list[str], number: str, by: str, after: list[str]) -> None:
    whole = "4" + number[1:] + str(luhn.calc_check_digit("4" + number[1:]))
    card = by.join(whole[i : i + 4] for i in range(0, 16, 4))
    assert pii.mask(" ".join([*before, card, *after])) == " ".join([*before, "[CARD_REDACTED]", *after])


@given(st.lists(words), st.from_regex(r"[a-z]{1,8}\.?[a-z0-9]{1,8}@[a-z]{2,8}\.(com|org|com\.mx)", fullmatch=True))
def test_an_address_is_masked_with_anything_unseen_inside(before: list[str], address: str) -> None:
    hidden = "\u200b".join(address)
    assert pii.mask(" ".join([*before, hidden])) == " ".join([*before, "[EMAIL_REDACTED]"])


@given(st.text())
def test_any_text_can_be_masked_and_masking_twice_changes_nothing(text: str) -> None:
    once = pii.mask(text)
    assert pii.mask(once) == once


@given(st.lists(words))
def test_words_alone_are_never_masked(said: list[str]) -> None:
    assert pii.mask(" ".join(said)) == " ".join(said)


@given(st.text())
def test_what_is_found_lies_in_the_text_and_never_overlaps(text: str) -> None:
    ends = 0
    for found in pii.find(text):
        assert ends <= found.start < found.end <= len(text)
        ends = found.end


PERSONAL = (
    "a@b.com ", "juan @ gmail . com ", "4111 1111 1111 1111 ", "4111.1111.", "clave es ", "clave es es ", "pin 1234 ",
    "tel al a el la ", "dni n° ", "clave hunter2 ", "11.5555.1234 ", "1155551234 ", "12.345.678 ", "eyJaaaaaaaa.",
    "mi numero es 1155551234 ", "serie ", "GB82 ", "+1 2 3 4 5 6 7 8 9 ", "a1B2c3D4e5", "a@b.", "1.1.1.1.", "(at) a",
)  # fmt: skip

TRIES = 3


@pytest.mark.parametrize("part", [*PERSONAL, *adversaries.CHARACTERS, *adversaries.PAIRS], ids=ascii)
def test_masking_takes_no_longer_than_the_text_is_long(part: str) -> None:
    """Eight times the text may take eight times as long, and never the square of it. The best of some tries counts, where
    the first was slow: a processor that is shared makes some of them dearer."""
    short = long = inf
    for _ in range(TRIES):
        short = min(short, _mask_s(adversaries.filled(part, 7_500)))
        long = min(long, _mask_s(adversaries.filled(part, 60_000)))
        if long < min(1, max(0.05, 24 * short)):
            return
    pytest.fail(f"{short * 1000:.1f} ms, then {long * 1000:.1f} ms")


def _mask_s(text: str) -> float:
    begun = thread_time()
    pii.mask(text)
    return thread_time() - begun
