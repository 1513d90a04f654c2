"""What was decided is said once, in order, and nothing of unknown outcome is repeated blindly."""

from __future__ import annotations

from core.errors import OutsideWindow, Rejected, Undecided, Unreachable
from tests.integration.crew import Rooms
from tests.integration.sending import accepted, ask_something, claim, states, status, time_is_over


def test_an_unknown_send_is_settled_by_the_status_that_carries_our_id(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    [row] = rooms.ask("select id, state from outbox")
    assert row.state == "unknown"
    rooms.hear(statuses=[status("delivered", "wamid.THEIRS", biz_opaque_callback_data=str(row.id))])
    time_is_over(rooms)
    rooms.send()
    assert [(r.state, r.external_id) for r in rooms.ask("select state, external_id from outbox")] == [
        ("delivered", "wamid.THEIRS")
    ]
    assert accepted(rooms) == []


def test_an_unknown_reply_that_no_status_tells_of_goes_once_more_and_never_again(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer"), Undecided("no answer")]
    rooms.send()
    time_is_over(rooms)
    assert states(rooms) == ["waiting"]
    rooms.send()
    assert states(rooms) == ["unknown"]
    time_is_over(rooms)
    rooms.send()
    [row] = rooms.ask("select state, unknowns, error, settle_at from outbox")
    assert (row.state, row.unknowns, row.settle_at) == ("unknown", 2, None)
    assert row.error.startswith("for staff")
    assert accepted(rooms) == []


def test_what_the_bot_began_by_itself_is_never_repeated(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.ask("update outbox set initiative = true")
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    time_is_over(rooms)
    rooms.send()
    [row] = rooms.ask("select state, error from outbox")
    assert row.state == "unknown" and row.error.startswith("for staff")
    assert accepted(rooms) == []


def test_the_next_reply_waits_until_the_one_before_is_decided(rooms: Rooms) -> None:
    ask_something(rooms)
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    assert states(rooms) == ["unknown", "waiting"]
    first = rooms.ask("select min(id) as id from outbox")[0].id
    rooms.hear(statuses=[status("sent", "wamid.T", biz_opaque_callback_data=str(first))])
    rooms.send()
    assert states(rooms) == ["sent", "sent"]


def test_an_answer_written_down_too_late_keeps_the_reply_from_going_twice(rooms: Rooms) -> None:
    """The sender could not write down for so long that the janitor gave it up; the platform had accepted."""
    ask_something(rooms)
    assert rooms.sender.run_once() == 1
    while not rooms.sender.results:
        rooms.ear.wait("turno_outbox", 0.05)
    rooms.ask("update outbox set claimed_at = now() - interval '1 hour'")
    time_is_over(rooms)  # rescued
    time_is_over(rooms)  # and to go once more
    assert states(rooms) == ["waiting"]
    rooms.send()
    assert states(rooms) == ["sent"]
    assert len(accepted(rooms)) == 1


def test_statuses_get_their_whole_time_again_after_we_were_away(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Undecided("no answer")]
    rooms.send()
    rooms.ask("update outbox set settle_at = now() - interval '1 hour'")
    rooms.janitor.run_once()
    [row] = rooms.ask("select state, settle_at > now() + interval '100 s' as later from outbox")
    assert (row.state, row.later) == ("unknown", True)


def test_a_send_marked_by_a_sender_that_died_is_unknown_first(rooms: Rooms) -> None:
    ask_something(rooms)
    with rooms.db.transaction() as tx:
        claim(tx, rooms.settings)
    rooms.ask("update outbox set claimed_at = now() - interval '1 hour'")
    rooms.janitor.run_once()
    [row] = rooms.ask("select state, unknowns, settle_at > now() as waits from outbox")
    assert (row.state, row.unknowns, row.waits) == ("unknown", 1, True)


def test_what_is_refused_for_good_fails_and_the_next_goes_on(rooms: Rooms) -> None:
    ask_something(rooms)
    ask_something(rooms)
    rooms.carrier.errors = [Rejected("no such recipient", code=131026)]
    rooms.send()
    assert [(r.state, r.error_code) for r in rooms.ask("select state, error_code from outbox order by id")] == [
        ("failed", 131026),
        ("sent", None),
    ]


def test_what_never_left_is_tried_again(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [Unreachable("no connection")]
    rooms.send()
    assert states(rooms) == ["waiting"]
    rooms.ask("update outbox set due_at = now()")
    rooms.send()
    assert states(rooms) == ["sent"]
    assert rooms.ask("select attempts, unknowns from outbox")[0][:2] == (2, 0)


def shut_the_window(rooms: Rooms) -> None:
    rooms.ask("update sessions set heard_at = now() - interval '25 hours'")


def test_after_24_hours_without_a_template_a_reply_is_parked_and_never_tried(rooms: Rooms) -> None:
    ask_something(rooms)
    shut_the_window(rooms)
    rooms.send()
    [row] = rooms.ask("select state, error from outbox")
    assert row.state == "parked" and "24 hours" in row.error
    assert accepted(rooms) == []


def test_after_24_hours_the_numbers_template_goes_instead(rooms: Rooms) -> None:
    ask_something(rooms)
    shut_the_window(rooms)
    rooms.ask("""update channels set fallback_template = '{"name": "again", "language": "es", "parameters": []}'""")
    rooms.send()
    [(_, _, outbound)] = rooms.carrier.accepted
    assert outbound.kind == "template" and outbound.template is not None and outbound.template.name == "again"
    [row] = rooms.ask("select state, text, content -> 'instead_of' as was from outbox")
    assert (row.state, row.text, row.was["kind"]) == ("sent", "", "buttons")
    assert "¿Qué equipo" in row.was["text"], "what was decided is kept, to be said again"


def test_after_24_hours_an_announcement_is_worth_no_template(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.ask("update outbox set content = content || '{\"announcement\": true}'")
    shut_the_window(rooms)
    rooms.ask("""update channels set fallback_template = '{"name": "again", "language": "es", "parameters": []}'""")
    rooms.send()
    [row] = rooms.ask("select state, error from outbox")
    assert row.state == "parked" and "only an announcement" in row.error
    assert accepted(rooms) == []


def test_a_window_that_shut_while_we_sent_parks_the_reply(rooms: Rooms) -> None:
    ask_something(rooms)
    rooms.carrier.errors = [OutsideWindow("re-engagement", code=131047)]
    rooms.send()
    assert states(rooms) == ["parked"]
