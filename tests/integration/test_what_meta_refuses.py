"""What Meta refuses comes to rest as it should: with its code, without a second try, and what is behind it goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.wire import whatsapp
from tests.integration.crew import NUMBER, Rooms, text
from tests.integration.sending import ROSA, ask_something
from tests.unit.simulator.stage import Simulated


def sent(rooms: Rooms) -> list[tuple[str, str, int | None, int]]:
    rows = rooms.ask("select kind, state, error_code, attempts from outbox order by id")
    return [(row.kind, row.state, row.error_code, row.attempts) for row in rows]


def fall_silent(simulated: Simulated, customer: str = ROSA) -> None:
    simulated.ask(f"customers/{customer}/silence", {"number": NUMBER, "hours": 25})


def use_template(rooms: Rooms, **template: Any) -> None:
    """What this number says when our own 24 hours are over, which they are."""
    rooms.ask("update sessions set heard_at = now() - interval '25 hours'")
    rooms.ask("update channels set fallback_template = %(it)s::jsonb", it=json.dumps(template))


def test_a_window_that_only_meta_knows_to_be_shut_parks_the_reply(platform: Rooms, simulated: Simulated) -> None:
    ask_something(platform)
    fall_silent(simulated)
    platform.send()
    assert sent(platform) == [("buttons", "parked", 131047, 1)]
    ask_something(platform, "5215550000002")
    platform.send()
    assert sent(platform)[1] == ("buttons", "sent", None, 1), "another customer of the number is answered"


def test_a_window_that_a_status_tells_to_be_shut_fails_the_reply(platform: Rooms, simulated: Simulated) -> None:
    simulated.fault(failed_status=131047)
    ask_something(platform)
    platform.send()
    assert sent(platform) == [("buttons", "sent", None, 1)]
    simulated.business.wait("statuses", 1)
    platform.door.accept(whatsapp.parse(simulated.business.posts[0][1]))
    platform.send()
    assert sent(platform) == [("buttons", "failed", 131047, 1)]


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ({"name": "turno_gone", "language": "es_MX", "parameters": []}, 132001),
        ({"name": "turno_news", "language": "pt_BR", "parameters": []}, 132001),
        ({"name": "turno_news", "language": "es_MX", "parameters": ["too", "many"]}, 132000),
    ],
)
def test_a_template_that_meta_does_not_know_so_fails_once_and_is_told(
    platform: Rooms, template: dict[str, Any], code: int
) -> None:
    ask_something(platform)
    use_template(platform, **template)
    platform.send()
    assert sent(platform) == [("template", "failed", code, 1)]
    [row] = platform.ask("select error, content -> 'instead_of' ->> 'text' as was from outbox")
    assert "Rejected" in row.error and "¿Qué equipo" in row.was, "what was decided is kept, to be said again"


def test_a_template_as_it_was_approved_goes_into_a_shut_window(platform: Rooms, simulated: Simulated) -> None:
    simulated.ask("templates", {"name": "visit", "language": "es", "body": 2})
    ask_something(platform)
    fall_silent(simulated)
    use_template(platform, name="visit", language="es", parameters=["mañana", "9 h"])
    platform.send()
    assert sent(platform) == [("template", "sent", None, 1)]


def test_of_a_file_that_meta_does_not_have_the_caption_is_said(platform: Rooms) -> None:
    ask_something(platform)
    shown = json.dumps({"media": {"id": "4045101", "link": "", "filename": ""}})
    platform.ask("update outbox set kind = 'image', text = 'mira', content = %(it)s::jsonb", it=shown)
    platform.send()
    assert sent(platform) == [("text", "sent", None, 2)]


@pytest.mark.parametrize("user_id", ["MX.71550000000000000003", "MX.1234567"])
def test_a_customer_without_a_number_is_answered_by_the_user_id(
    platform: Rooms, simulated: Simulated, user_id: str
) -> None:
    said = {**text("hola", wamid="wamid.shy"), "from_user_id": user_id}
    del said["from"]
    platform.hear(said)
    platform.work()
    platform.send()
    assert sent(platform) == [("buttons", "sent", None, 1)]
    assert simulated.ask("accepted")["accepted"][0]["to"] == user_id
