"""What Meta refuses because of what was said, uploaded or approved before, the double refuses in the same words."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.commands import demo
from simulator import samples
from tests.unit.simulator.stage import LUCIA, NUMBER, Simulated

DAY_S = 24 * 3600
FREE: dict[str, dict[str, Any]] = {
    "text": {"body": "Hola"},
    "interactive": {
        "type": "button",
        "body": {"text": "?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "A"}}]},
    },
    "image": {"link": "https://example.org/a.png"},
    "location": {"latitude": 1, "longitude": 2},
    "reaction": {"message_id": "wamid.x", "emoji": "👍"},
}


def refused(simulated: Simulated, **body: Any) -> tuple[int, str]:
    """The code and the words of a refusal; nothing was accepted."""
    before = simulated.ask("accepted")["count"]
    answer = simulated.send(**body)
    assert answer.status >= 400, answer.data
    assert simulated.ask("accepted")["count"] == before
    error = answer.json()["error"]
    return error["code"], error["error_data"]["details"]


def template(*body: str, name: str = "turno_news", language: str = "es_MX", part: str = "body") -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in body]
    told = {"components": [{"type": part, "parameters": parameters}]} if body else {}
    return {"type": "template", "template": {"name": name, "language": {"code": language}, **told}}


@pytest.mark.parametrize("kind", FREE)
def test_after_24_hours_of_silence_only_a_template_is_taken(simulated: Simulated, kind: str) -> None:
    simulated.say(timestamp=str(int(time.time()) - DAY_S - 60))
    code, why = refused(simulated, type=kind, **{kind: FREE[kind]})
    assert code == 131047 and "24 hours" in why
    assert simulated.send(**template()).status == 200


def test_a_message_opens_the_24_hours_anew_and_an_old_one_does_not_shut_them(simulated: Simulated) -> None:
    simulated.ask(f"customers/{LUCIA}/silence", {"number": NUMBER, "hours": 25})
    assert refused(simulated)[0] == 131047
    simulated.say()
    simulated.say(timestamp=str(int(time.time()) - 2 * DAY_S))
    assert simulated.send().status == 200


def test_the_24_hours_are_counted_for_each_number_and_each_customer(simulated: Simulated) -> None:
    simulated.ask(f"customers/{LUCIA}/silence", {"number": NUMBER, "hours": 24})
    assert refused(simulated)[0] == 131047
    assert simulated.send(to="5215550000002").status == 200
    assert simulated.send(number="100000000000002").status == 200
    simulated.ask(f"customers/{LUCIA}/silence", {"number": NUMBER, "hours": 23})
    assert simulated.send().status == 200


@pytest.mark.parametrize(("name", "language"), [("turno_old", "es_MX"), ("turno_news", "en_US")])
def test_a_template_that_was_not_approved_in_this_language_is_refused(
    simulated: Simulated, name: str, language: str
) -> None:
    code, why = refused(simulated, **template(name=name, language=language))
    assert (code, why) == (132001, f"template name ({name}) does not exist in {language}")


@pytest.mark.parametrize(
    ("given", "part", "why"),
    [
        ((), "body", "body: number of localizable_params (0) does not match the expected number of params (2)"),
        (("a",), "body", "body: number of localizable_params (1) does not match the expected number of params (2)"),
        (
            ("a", "b", "c"),
            "body",
            "body: number of localizable_params (3) does not match the expected number of params (2)",
        ),
        (
            ("a", "b"),
            "header",
            "header: number of localizable_params (2) does not match the expected number of params (0)",
        ),
    ],
)
def test_missing_and_superfluous_parameters_are_refused(
    simulated: Simulated, given: tuple[str, ...], part: str, why: str
) -> None:
    simulated.ask("templates", {"name": "visit", "language": "es", "body": 2})
    assert refused(simulated, **template(*given, name="visit", language="es", part=part)) == (132000, why)
    assert simulated.send(**template("a", "b", name="visit", language="es")).status == 200


def test_an_empty_parameter_is_refused(simulated: Simulated) -> None:
    simulated.ask("templates", {"name": "visit", "language": "es", "body": 1})
    assert refused(simulated, **template(" ", name="visit", language="es"))[0] == 131008


def test_the_templates_of_the_demo_desks_are_approved(simulated: Simulated) -> None:
    used = [desk["template"] for file in demo.files() for desk in file.desks if "template" in desk]
    assert len(used) >= 2
    for one in used:
        sent = template(*one["parameters"], name=one["name"], language=one["language"])
        assert simulated.send(**sent).status == 200


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"about": "Abierto", "websites": ["https://x.example"]}, None),
        ({"about": "a" * 140}, 131009),
        ({"websites": ["https://x.example"] * 3}, 131009),
        ({"websites": ["ftp://x.example"]}, 131009),
    ],
)
def test_a_business_profile_is_read_and_written_within_metas_limits(
    simulated: Simulated, asked: dict[str, Any], code: int | None
) -> None:
    answer = simulated.graph(f"{NUMBER}/whatsapp_business_profile", {"messaging_product": "whatsapp", **asked})
    assert answer.json().get("error", {}).get("code") == code
    [business] = [one for one in simulated.ask("config")["businesses"] if one["number"] == NUMBER]
    assert (business["about"] == "Abierto") == (code is None)


@pytest.mark.parametrize(
    ("name", "title", "url", "code"),
    [
        ("cta_url", "Ver", "https://x.example/1", None),
        ("cta_url", "t" * 21, "https://x.example/1", 131009),
        ("cta_url", "Ver", "tel:911", 131009),
        ("cta_url", "Ver", "", 131008),
        ("open", "Ver", "https://x.example/1", 131009),
    ],
)
def test_a_button_opens_an_address_of_the_web_and_nothing_else(
    simulated: Simulated, name: str, title: str, url: str, code: int | None
) -> None:
    action = {"name": name, "parameters": {"display_text": title, "url": url}}
    body = {"type": "interactive", "interactive": {"type": "cta_url", "body": {"text": "Ve"}, "action": action}}
    assert simulated.send(**body).status == 200 if code is None else refused(simulated, **body)[0] == code


@pytest.mark.parametrize("user_id", ["MX.71550000000000000003", "MX.1234567", "US.ENT.12345678"])
def test_a_user_id_in_to_is_refused_and_in_recipient_it_is_taken(simulated: Simulated, user_id: str) -> None:
    code, why = refused(simulated, to=user_id)
    assert code == 131009 and "recipient" in why
    assert simulated.send(to=None, recipient=user_id).status == 200


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "sticker"])
def test_a_file_that_was_not_uploaded_is_refused(simulated: Simulated, kind: str) -> None:
    assert refused(simulated, type=kind, **{kind: {"id": "4045101"}}) == (131009, "Media ID 4045101 does not exist")
    file = simulated.exchange.media.keep(samples.photo(), "image/png")
    assert simulated.send(type=kind, **{kind: {"id": file.id}}).status == 200


def test_a_header_with_a_file_that_was_not_uploaded_is_refused(simulated: Simulated) -> None:
    shown = {**FREE["interactive"], "header": {"type": "image", "image": {"id": "4045101"}}}
    assert refused(simulated, type="interactive", interactive=shown)[0] == 131009


def test_a_reset_forgets_templates_and_silences(simulated: Simulated) -> None:
    simulated.ask("templates", {"name": "visit", "language": "es"})
    simulated.ask(f"customers/{LUCIA}/silence", {"number": NUMBER})
    simulated.ask("reset", method="POST")
    assert simulated.send().status == 200
    assert refused(simulated, **template(name="visit", language="es"))[0] == 132001
