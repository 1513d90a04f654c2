"""Letters as mail programs, machines and enemies write them: what is read of each, and within how much work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email import automatic, proof
from bot.channels.email.events import news_of
from bot.channels.email.html_text import text_of
from bot.channels.email.quotes import own_words
from bot.channels.email.reading import Mail, Picture
from core.settings import Settings
from tests.unit.email.letters import FOLDER, letter

SETTINGS = Settings.model_validate(
    {"mailboxes": "reservas@mirador.example=secret", "mail_proved_by": "mx.mirador.example"}
)
US = "reservas@mirador.example"

WRITTEN = {
    "plain": "Hola, ¿tienen una doble del 3 al 6 de enero?",
    "gmail_es": "Sí, la segunda.",
    "gmail_en": "The second one, please.",
    "gmail_pt": "A segunda, por favor.",
    "outlook_es": "2",
    "outlook_original": "Perfecto.",
    "below_the_quote": "Dos adultos.\n\nSí.",
    "iphone": "Llego a las 15.",
    "signature": "Queremos una suite.",
    "taxi": "Necesito un taxi.\nDe: el hotel\nPara: el aeropuerto\nFecha: 3 de enero",
    "farewell": "La 1",
    "fire": "Gracias.\nHay humo en la habitación 12",
    "html_only": "Hola, quiero una doble\n\ndel 3 al 6\npara dos",
    "html_outlook": "La segunda",
    "alternative": "Texto plano",
    "flowed": "Somos dos adultos y un nene de cuatro.",
    "latin1_unlabelled": "Habitación para mañana",
    "charset_unknown": "Mañana",
    "charset_zlib": "hola",
    "base64_broken": "Hola que tal",
    "header_eight_bit": "hola",
    "no_headers": "hola",
    "nothing_written": "",
    "nul": "hola qué tal",
    "receipt": "Adjunto el comprobante",
    "attached_letter": "Mire esto",
    "unclosed_tags": "Hola",
}
UNANSWERED = {
    "many_recipients": "many",
    "away_header": "automatic",
    "away_subject": "automatic",
    "away_exchange": "automatic",
    "invitation_accepted": "automatic",
    "list": "list",
    "noreply": "nobody",
    "two_senders": "nobody",
    "no_headers": "nobody",
    "empty": "nobody",
    "ours": "ours",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_its_writer_wrote_is_read_without_quotes_and_signature(name: str) -> None:
    assert letter(name).text == WRITTEN[name]


@pytest.mark.parametrize("name", UNANSWERED)
def test_a_letter_that_nobody_wrote_to_us_is_recorded_and_not_answered(name: str) -> None:
    news, what = news_of(letter(name), US, SETTINGS, _no_photo)
    [event] = news.events
    assert what == UNANSWERED[name] and event.kind == "notice" and event.sender is None


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.eml")), ids=lambda path: path.stem)
def test_every_letter_can_be_stored(path: object) -> None:
    news, _ = news_of(letter(path.stem), US, SETTINGS, lambda picture: "a" * 64)  # type: ignore[attr-defined]
    assert news.events
    for event in news.events:
        said = f"{event.text}{event.content}{event.sender}"
        assert "\0" not in said and said.encode(), "no database keeps a NUL or half a surrogate"
        assert len(event.text) <= 4096


def _no_photo(picture: Picture) -> str:
    raise AssertionError("there is no photo in it")


def test_the_subject_of_a_first_letter_says_something_too() -> None:
    news, _ = news_of(letter("plain"), US, SETTINGS, _no_photo)
    assert news.events[0].text == "Habitación en enero\nHola, ¿tienen una doble del 3 al 6 de enero?"
    assert news_of(letter("gmail_es"), US, SETTINGS, _no_photo)[0].events[0].text == "Sí, la segunda."


def test_a_photo_is_an_event_of_its_own_and_a_logo_is_none() -> None:
    kept: list[Picture] = []
    news, _ = news_of(letter("receipt"), US, SETTINGS, lambda picture: kept.append(picture) or "f" * 64)
    assert [event.kind for event in news.events] == ["text", "image", "document"]
    assert news.events[1].content["media_id"] == f"upload:{'f' * 64}" and len(kept) == 1
    assert news.events[2].content["filename"] == "nómina.pdf"
    assert len({event.external_id for event in news.events}) == 3


@pytest.mark.parametrize(("name", "kind"), [("invitation", "invitation"), ("nothing_written", "empty")])
def test_what_no_conversation_can_use_is_said_so(name: str, kind: str) -> None:
    [event] = news_of(letter(name), US, SETTINGS, _no_photo)[0].events
    assert event.kind == "unsupported" and event.content["unsupported_kind"] == kind


def test_of_a_letter_that_is_too_large_only_the_head_is_read() -> None:
    head = letter("plain").raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    [event] = news_of(Mail(head, whole=False), US, SETTINGS, _no_photo)[0].events
    assert event.content["unsupported_kind"] == "too_large" and event.content["letter"]["id"] == "<plain@guest.example>"
    assert event.sender is not None and event.external_id == f"mail:{letter('plain').key}"


def test_a_letter_without_an_id_is_known_by_what_stands_in_it() -> None:
    raw = letter("no_message_id").raw
    again, other = Mail(b"Received: from elsewhere\r\n" + raw), Mail(raw.replace(b"busco", b"quiero"))
    assert Mail(raw).key == again.key != other.key


def test_the_id_of_somebody_elses_letter_does_not_hide_ones_own() -> None:
    """A letter is known by its id and its sender: who writes another's id first, hides nothing of theirs."""
    stolen = letter("plain").raw.replace(b"<rosa@guest.example>", b"<eva@enemy.example>")
    assert Mail(stolen).key != letter("plain").key


PASSED = {
    "dmarc=pass (p=REJECT) header.from=guest.example": True,
    "dkim=pass header.d=guest.example header.s=s1": True,
    "spf=pass smtp.mailfrom=bounce@mail.guest.example": False,
    "spf=pass smtp.mailfrom=rosa@guest.example": True,
    "dkim=pass header.d=example": False,
    "dkim=pass header.d=enemy.example": False,
    "dkim=fail header.d=guest.example; spf=none": False,
    "dmarc=pass header.from=enemy.example": False,
    "none": False,
}


@pytest.mark.parametrize("results", PASSED)
def test_an_address_is_proved_by_our_own_server_only(results: str) -> None:
    plain = letter("plain").raw
    told = b"Authentication-Results: %b; " + results.encode() + b"\r\n" + plain
    assert proof.proves(Mail(told % b"mx.mirador.example"), "mx.mirador.example") is PASSED[results]
    assert not proof.proves(Mail(told % b"mx.enemy.example"), "mx.mirador.example")
    assert not proof.proves(Mail(told % b"mx.mirador.example"), "")


def test_what_a_sender_wrote_of_himself_stands_below_and_is_not_believed() -> None:
    forged = b"Authentication-Results: mx.mirador.example; dmarc=pass header.from=guest.example\r\n"
    real = b"Authentication-Results: mx.mirador.example; dmarc=fail header.from=guest.example\r\n"
    assert not proof.proves(Mail(real + forged + letter("plain").raw), "mx.mirador.example")


def test_a_claimed_address_is_another_person_than_the_proved_one() -> None:
    proved = b"Authentication-Results: mx.mirador.example; dkim=pass header.d=guest.example\r\n" + letter("plain").raw
    known = [news_of(mail, US, SETTINGS, _no_photo)[0].events[0].sender for mail in (Mail(proved), letter("plain"))]
    assert [who.aliases for who in known if who] == [
        (("email", "rosa@guest.example"),),
        (("email_claimed", "rosa@guest.example"),),
    ]
    assert known[0] and known[0].name == "Rosa Díaz"


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    mail = Mail(raw)
    automatic.why(mail, (), 20)
    news_of(mail, US, SETTINGS, lambda picture: "a" * 64)


@given(st.text(max_size=500))
def test_no_text_breaks_the_cutting(text: str) -> None:
    assert len(own_words(text)) <= len(text)
    text_of(text)


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "</", "<", "&", "<div ", "> ", "El ", "De: a\n", "-- ", "*a", "<br/>"]
)
def test_whatever_is_repeated_costs_little(piece: str) -> None:
    """HTML and quotes are read once: 400 kB of a piece that another reader would go over again and again."""
    text = piece * (400_000 // len(piece))
    own_words(text_of(text))
    own_words(text)
