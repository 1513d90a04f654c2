"""Letters that we write: in their thread, with words around them in the customer's language, and escaped."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest

from bot.channels.email import letter as letters
from bot.channels.email import message_id
from core.errors import Rejected
from core.messages import Identity, Media, Outbound, Template, point, say, show, use_template
from core.own_files import OwnFile
from core.store.path.letters import Letter

US, KEY = "help@mirador.example", "secret"


def made(*said: Outbound, **more: Any) -> EmailMessage:
    """The letter as it arrives."""
    told: dict[str, Any] = {
        "ids": (7,), "address": US, "to": Identity((("email", "rosa@guest.example"),)), "said": said, "attempts": 1,
        "name": "Rosa", "desk": "Hotel Mirador", "language": "es-AR",
        "answers": {"id": "<q@guest.example>", "references": ["<p@guest.example>"], "subject": "Consulta"},
    }  # fmt: skip
    written = letters.written(Letter(**{**told, **more}), KEY)
    return BytesParser(policy=default).parsebytes(written.as_bytes())  # type: ignore[return-value]


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_it_stands_in_the_thread_of_the_letter_that_it_answers() -> None:
    message = made(say("Tenemos dos."))
    assert message["Subject"] == "Re: Consulta" and message["In-Reply-To"] == "<q@guest.example>"
    assert message["References"] == "<p@guest.example> <q@guest.example>"
    assert message["Auto-Submitted"] == "auto-replied" and message["To"] == "Rosa <rosa@guest.example>"


@pytest.mark.parametrize(
    ("language", "begins", "ends"),
    [
        ("es-AR", "Hola, Rosa:", "Saludos,\nHotel Mirador\n"),
        ("en", "Hello Rosa,", "Kind regards,\nHotel Mirador\n"),
        ("pt", "Olá, Rosa,", "Atenciosamente,\nHotel Mirador\n"),
        ("fr", "Hola, Rosa:", "Saludos,\nHotel Mirador\n"),
    ],
)
def test_it_greets_and_closes_in_the_language_of_the_conversation(language: str, begins: str, ends: str) -> None:
    text = part(made(say("OK."), language=language), "plain")
    assert text.startswith(f"{begins}\n\nOK.") and text.endswith(ends)


def test_it_greets_once() -> None:
    assert part(made(say("¡Hola, Rosa! 👋 Soy el asistente.")), "plain").startswith("¡Hola, Rosa!")


def test_several_replies_are_one_text_and_the_options_of_the_last_are_chosen_by_number() -> None:
    text = part(made(say("Tenemos dos."), say("¿Cuál?\n\n1. Doble\n2. Suite")), "plain")
    assert (
        "Tenemos dos.\n\n¿Cuál?\n\n1. Doble\n2. Suite\n\nPara elegir, basta con responder a este correo con 1 o 2."
        in text
    )


def test_html_is_escaped_and_links_are_links() -> None:
    html = part(made(say("<script>x</script> *fuerte* https://a.example/?a=1&b=2.")), "html")
    assert "<script>" not in html and "&lt;script&gt;" in html and "<strong>fuerte</strong>" in html
    assert '<a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>.' in html
    assert "https://x.example/r" in part(made(point("Su reserva", "Ver", "https://x.example/r")), "plain")


def test_a_picture_of_ours_stands_within_the_letter() -> None:
    file = OwnFile(b"\x89PNG\r\n\x1a\n" + b"0" * 40, "image/png")
    message = made(show("image", file.media, "Su código"), files=(file,))
    [image] = [one for one in message.walk() if one.get_content_type() == "image/png"]
    assert image.get_content() == file.content
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in part(message, "html")
    assert "Su código" in part(message, "plain")


def test_headers_cannot_be_slipped_in() -> None:
    message = made(say("OK."), name='Rosa"\r\nBcc: all@x.example', answers={
        "id": "<q@x>\r\nBcc: all@x.example", "references": ["<a b>", "no"], "subject": "Hola\r\nBcc: all@x.example",
    })  # fmt: skip
    assert message["Bcc"] is None and message["In-Reply-To"] is None
    assert message["Subject"] == "Re: Hola Bcc: all@x.example"


def test_what_staff_write_is_not_called_automatic() -> None:
    written = Outbound("text", "Los espero.", author="agent")
    assert made(written)["Auto-Submitted"] is None
    assert made(say("Recuerde.").by_itself())["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("said", "more"),
    [
        (say("x"), {"to": Identity((("email", "rosa@guest.example\r\nRCPT TO:<all@x>"),))}),
        (say("x"), {"to": Identity((("wa_id", "5215550000001"),))}),
        (use_template(Template("t", "es")), {}),
        (show("audio", Media(id="x")), {}),
    ],
)
def test_what_cannot_be_a_letter_is_refused_for_good(said: Outbound, more: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        made(said, **more)


def test_a_message_id_is_known_again_and_cannot_be_made_up() -> None:
    id = message_id.of((7, 9), US, KEY)
    assert id == message_id.of((7, 9), US, KEY) != message_id.of((7,), US, KEY)
    assert message_id.ids_in(f"…{id}…", US, KEY) == (7, 9)
    assert message_id.ids_in(id, US, "other") == () == message_id.ids_in(id, "other@mirador.example", KEY)
    assert message_id.ids_in(id.replace("7-9", "7-8"), US, KEY) == ()
