"""A question that the platform refuses for its form reaches the customer as text; and ours fit, so that none is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Rejected, Undecided
from tests.integration.crew import NUMBER, Rooms, text
from tests.integration.platform import IT_NUMBER
from tests.integration.sending import ROSA, ask_something, status
from tests.unit.simulator.stage import Simulated

NUMBERED = "¿Qué equipo necesitas reportar?\n\n1. ❄️ Refrigerador\n2. 🚗 Vehículo\n3. 🔎 Mis reportes"


def lengthen_a_title(rooms: Rooms) -> None:
    """As a desk's own words might: no check of ours has seen this one."""
    rooms.ask("update outbox set content = jsonb_set(content, '{options,1,title}', to_jsonb(repeat('x', 21)))")


def shown(simulated: Simulated, customer: str = ROSA, number: str = NUMBER) -> list[dict[str, Any]]:
    return [bubble for bubble in simulated.chat(customer, number) if bubble["from"] == "business"]


def say(rooms: Rooms, body: str, *, sender: str = ROSA, number: str = NUMBER) -> None:
    tag = len(rooms.ask("select 1 from inbox"))
    rooms.hear(text(body, wamid=f"wamid.{tag}.{sender}", sender=sender), number=number)
    rooms.work()
    rooms.send()


def test_a_refused_question_is_said_once_as_numbered_text_and_recorded(platform: Rooms) -> None:
    ask_something(platform)
    lengthen_a_title(platform)
    platform.send()
    [row] = platform.ask("select kind, state, attempts, text, content, external_id from outbox")
    assert (row.kind, row.state, row.attempts) == ("text", "sent", 2)
    assert row.text.endswith(NUMBERED.replace("🚗 Vehículo", "x" * 21))
    assert (row.content["instead_of"]["kind"], row.content["instead_of"]["refused"]) == ("buttons", 131009)
    assert row.external_id.startswith("wamid.")


@pytest.mark.parametrize(("answer", "state"), [("1", "refrigerator.filling"), ("2", "vehicle.filling")])
def test_a_number_answers_the_text_as_the_button_would_have(platform: Rooms, answer: str, state: str) -> None:
    ask_something(platform)
    lengthen_a_title(platform)
    platform.send()
    say(platform, answer)
    [row] = platform.ask("select flow || '.' || state as place from sessions")
    assert row.place == state


def test_a_text_that_is_refused_too_is_not_said_again(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Rejected("title", code=131009), Rejected("text", code=131009)]
    rooms.send()
    [row] = rooms.ask("select kind, state, attempts, error_code from outbox")
    assert (row.kind, row.state, row.attempts, row.error_code) == ("text", "failed", 2, 131009)


def test_what_is_refused_for_another_reason_or_is_unknown_is_not_said_again(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Rejected("no such recipient", code=131026)]
    rooms.send()
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer", code=131009)]
    rooms.send()
    assert [(r.kind, r.state) for r in rooms.ask("select kind, state from outbox order by id")] == [
        ("buttons", "failed"),
        ("buttons", "unknown"),
    ]


def test_the_text_keeps_its_place_before_what_was_decided_later(rooms: Rooms) -> None:
    ask_something(rooms)
    ask_something(rooms)
    rooms.carrier.errors = [Rejected("title", code=131009)]
    rooms.send()
    assert [outbound.kind for _, _, outbound in rooms.carrier.accepted] == ["text", "buttons"]


REFUSED = {"errors": [{"code": 131009, "title": "Parameter value is not valid"}]}


def test_a_refusal_that_a_status_tells_is_heard_once_however_often_it_is_told(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.send()
    [row] = rooms.ask("select id, external_id from outbox")
    told = status("failed", row.external_id, biz_opaque_callback_data=str(row.id), **REFUSED)
    rooms.hear(statuses=[told])
    rooms.hear(statuses=[{**told, "recipient_id": "somebody"}])  # no copy of the first: it is told anew
    rooms.send()
    assert [outbound.kind for _, _, outbound in rooms.carrier.accepted] == ["buttons", "text"]
    rooms.hear(statuses=[{**told, "recipient_id": "once more"}])
    rooms.send()
    [after] = rooms.ask("select state, kind from outbox")
    assert (after.state, after.kind, len(rooms.carrier.accepted)) == ("sent", "text", 2)


def test_a_refusal_told_after_something_newer_was_heard_changes_nothing(rooms: Rooms) -> None:
    ask_something(rooms)
    ask_something(rooms)
    rooms.send()
    first = rooms.ask("select id, external_id from outbox order by id")[0]
    rooms.hear(statuses=[status("failed", first.external_id, biz_opaque_callback_data=str(first.id), **REFUSED)])
    assert [r.state for r in rooms.ask("select state from outbox order by id")] == ["failed", "sent"]


OPENINGS = [
    "no anda",
    "no enciende",
    "no me anda el celu",
    "no me anda la tablet",
    "mi teclado no funciona",
    "la pantalla no anda",
    "se me rompió la pantalla del celu",
    "el mouse no anda",
    "no prende",
    "periféricos",
    "2",
]


def test_no_first_sentence_at_the_it_desk_is_met_with_silence(platform: Rooms, simulated: Simulated) -> None:
    for place, opening in enumerate(OPENINGS):
        customer = f"52155500001{place:02}"
        for line in ("hola", opening):
            say(platform, line, sender=customer, number=IT_NUMBER)
        heard = platform.ask(
            "select o.state, o.kind, o.content ? 'instead_of' as plain from outbox o order by id desc limit 1"
        )
        assert [(row.state, row.plain) for row in heard] == [("sent", False)], opening
        assert len(shown(simulated, customer, IT_NUMBER)) == 2, opening
