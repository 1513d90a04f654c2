"""A send is claimed once, when it may go, with its own number and person; every statement touches its own rows only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.messages import Outbound
from core.store.path import outbox
from core.store.path.outbox import Result
from tests.integration.crew import NUMBER, Rooms
from tests.integration.neighbours import NAMES, PLACES, changed, move_in, standing
from tests.integration.sending import ask_something, claim, states
from tests.waiting import until

MENU = {"options": [{"id": "a", "title": "A"}]}


def replies(rooms: Rooms, *, each: int = 1) -> list[int]:
    """One reply (or more) waits for each of the eight; conversation by conversation."""
    move_in(rooms)
    rooms.work()
    rooms.ask("delete from outbox")
    rooms.ask(
        "insert into outbox (channel_id, conversation_id, correlation_id, kind, text)"
        " select channel_id, id, 'c', 'text', 'x' from conversations, generate_series(1, %(each)s) order by id",
        each=each,
    )
    return [row.id for row in rooms.ask("select id from outbox order by id")]


def claimed(rooms: Rooms, **more: Any) -> list[int]:
    with rooms.db.transaction() as tx:
        return [each.id for each in claim(tx, rooms.settings, **more)]


@pytest.mark.parametrize(
    "held",
    [
        "update conversations set send_after = now() + interval '1 minute'",
        "update conversations set pace_at = now() + interval '1 hour'",
        "update outbox set due_at = now() + interval '1 minute'",
        "update channels set paused_until = now() + interval '1 minute'",
        "update channels set kind = 'other'",
        "insert into switches (kind, subject, off, by) select 'sending', address, true, 'ana' from channels",
        "insert into switches (kind, subject, off, by, until)"
        " select 'sending', address, true, 'ana', now() + interval '1 minute' from channels",
    ],
)
def test_what_must_not_go_now_stays(rooms: Rooms, held: str) -> None:
    ask_something(rooms)
    rooms.ask(held)
    assert claimed(rooms) == []
    assert states(rooms) == ["waiting"]


@pytest.mark.parametrize(
    "other",
    [
        "('flow', %(number)s, true, 'ana', null)",
        "('sending', 'another number', true, 'ana', null)",
        "('sending', %(number)s, false, 'ana', null)",
        "('sending', %(number)s, true, 'ana', now() - interval '1 minute')",
    ],
)
def test_a_switch_of_something_else_or_that_is_over_holds_nothing(rooms: Rooms, other: str) -> None:
    ask_something(rooms)
    rooms.ask(f"insert into switches (kind, subject, off, by, until) values {other}", number=NUMBER)
    assert len(claimed(rooms)) == 1


def test_a_barred_number_holds_its_own_sends_only(rooms: Rooms) -> None:
    ids = replies(rooms)
    with rooms.db.transaction() as tx:
        way = outbox.Way("whatsapp", ("bsuid", "wa_id"), 86_400.0)
        went = outbox.claim(tx, way, size=64, pace=outbox.Pace(1e6, 0.0, 45), barred=["201"])
    assert [each.id for each in went] == ids[2:]


def test_a_number_with_nothing_to_send_is_not_locked(rooms: Rooms) -> None:
    """Another who changes such a number meanwhile would be waited for."""
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'sent' where id = any(%(ids)s)", ids=ids[:2])
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select 1 from channels where address in ('201', %s) for update", [NUMBER])
        assert claimed(rooms) == ids[2:]


def test_each_send_comes_with_its_own_number_and_person_and_the_names_learned_last(rooms: Rooms) -> None:
    replies(rooms)
    rooms.ask(
        "insert into aliases (scope, kind, value, contact_id, learned_at)"
        " select 'default', 'bsuid', 'MX.' || id, id, now() from contacts"
        " union all select 'default', 'bsuid', 'OLD.' || id, id, now() - interval '1 day' from contacts"
        " union all select 'elsewhere', 'bsuid', 'ELSEWHERE.' || id, id, now() + interval '1 day' from contacts"
        " union all select '', 'wa_id', 'OLD.' || id, id, now() - interval '1 day' from contacts"
        " union all select '', 'wa_id', 'NEW.' || id, id, now() + interval '1 day' from contacts"
        " union all select '', 'email', 'MAIL.' || id, id, now() + interval '2 days' from contacts"
        " union all select 'default', 'parent_bsuid', 'PARENT.' || id, id, now() + interval '2 days' from contacts"
    )
    rows = rooms.ask("select c.id, c.name from contacts c order by c.id")
    ids = {row.name: row.id for row in rows}
    with rooms.db.transaction() as tx:
        went = claim(tx, rooms.settings)
    assert [each.address for each in went] == [number for _, number in PLACES]
    assert [each.to.alias("bsuid") for each in went] == [f"MX.{ids[name]}" for name in NAMES]
    assert [each.to.alias("wa_id") for each in went] == [f"NEW.{ids[name]}" for name in NAMES]


def test_whether_the_window_is_open_is_told_of_each_customer(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask(
        "update sessions set heard_at = now() - interval '2 days' where conversation_id ="
        " (select conversation_id from outbox where id = %(id)s)",
        id=ids[3],
    )
    with rooms.db.transaction() as tx:
        went = claim(tx, rooms.settings)
    assert [each.id for each in went if not each.in_window] == [ids[3]]


def test_only_who_sends_pays(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'sent' where id <> %(id)s", id=ids[4])
    channels, conversations = standing(rooms, "channels"), standing(rooms, "conversations")
    assert claimed(rooms) == [ids[4]]
    [sent] = rooms.ask("select channel_id, conversation_id from outbox where id = %(id)s", id=ids[4])
    assert changed(channels, standing(rooms, "channels")) == {sent.channel_id}
    assert changed(conversations, standing(rooms, "conversations")) == {sent.conversation_id}


def test_every_number_pays_its_own_pace(rooms: Rooms) -> None:
    replies(rooms)
    rooms.ask("update channels set rate_per_s = case when address = '201' then 100 else 1000 end")
    claimed(rooms)
    [[slow, fast]] = rooms.ask(
        "select extract(epoch from max(pace_at) filter (where address = '201') - now())::float as slow,"
        " extract(epoch from max(pace_at) filter (where address = '301') - now())::float as fast from channels"
    )
    assert slow > fast + 0.01


def test_a_number_whose_customers_are_held_pays_nothing(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask(
        "update conversations set send_after = now() + interval '1 minute'"
        " where id in (select conversation_id from outbox where id = any(%(ids)s))",
        ids=ids[:2],
    )
    before = standing(rooms, "channels")
    assert claimed(rooms) == ids[2:]
    went = rooms.ask("select channel_id from outbox where id = any(%(ids)s)", ids=ids[2:])
    assert changed(before, standing(rooms, "channels")) == {row.channel_id for row in went}


def test_a_reply_goes_after_those_before_it_and_never_for_the_second_time(rooms: Rooms) -> None:
    ids = replies(rooms, each=2)
    assert claimed(rooms) == ids[::2]
    assert claimed(rooms) == []


def test_what_has_gone_takes_no_place_of_what_waits(rooms: Rooms) -> None:
    ids = replies(rooms, each=2)
    rooms.ask("update outbox set state = 'sent' where id = any(%(ids)s)", ids=ids[::2])
    assert claimed(rooms, size=8) == ids[1::2]


def test_what_another_sender_claims_at_this_moment_is_not_claimed_again(rooms: Rooms) -> None:
    ids = replies(rooms)
    with ThreadPoolExecutor(1) as pool:
        with rooms.db.transaction() as tx:
            went = [each.id for each in claim(tx, rooms.settings)]
            second = pool.submit(claimed, rooms)
            until(
                lambda: rooms.ask(
                    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                )
            )
        assert (went, second.result(60)) == (ids, [])


def test_the_oldest_go_first_on_every_number(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set text = 'y' where id = %(id)s", id=ids[0])
    with rooms.db.transaction() as tx:
        for kind in ("indexscan", "bitmapscan", "sort"):
            tx._cursor.execute(f"set local enable_{kind} = off")
        went = claim(tx, rooms.settings, size=4)
    assert [each.id for each in went] == [ids[0], ids[2], ids[4], ids[6]]


def test_what_became_of_a_send_is_written_down_of_it_alone(rooms: Rooms) -> None:
    claimed_ids = replies(rooms)
    claimed(rooms)
    before = standing(rooms, "outbox")
    with rooms.db.transaction() as tx:
        outbox.mark(tx, [Result(claimed_ids[2], "sent", "wamid.3"), Result(claimed_ids[5], "failed", error="no")])
    assert changed(before, standing(rooms, "outbox")) == {claimed_ids[2], claimed_ids[5]}
    assert [
        row.state
        for row in rooms.ask(
            "select state from outbox where id = any(%(ids)s) order by id", ids=[claimed_ids[2], claimed_ids[5]]
        )
    ] == ["sent", "failed"]


def test_only_a_send_that_is_going_out_is_reworded_and_it_alone(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'claimed' where id = any(%(ids)s)", ids=ids[:2])
    before = standing(rooms, "outbox")
    with rooms.db.transaction() as tx:
        for id in (ids[0], ids[7]):
            outbox.reword(tx, id, Outbound("text", "y"), instead_of=Outbound("text", "x"))
    assert changed(before, standing(rooms, "outbox")) == {ids[0]}


def test_a_customer_and_a_number_are_held_alone(rooms: Rooms) -> None:
    replies(rooms)
    rooms.ask("insert into channels (kind, address) values ('other', '201')")
    channels, conversations = standing(rooms, "channels"), standing(rooms, "conversations")
    with rooms.db.transaction() as tx:
        outbox.hold_customer(tx, min(conversations), 60)
        outbox.hold_number(tx, "whatsapp", "201", 60, "slow")
    held = changed(channels, standing(rooms, "channels"))
    assert changed(conversations, standing(rooms, "conversations")) == {min(conversations)}
    assert held == {row.id for row in rooms.ask("select id from channels where kind = 'whatsapp' and address = '201'")}
    rooms.ask("update channels set paused_until = 'infinity', paused_why = 'all'")
    channels = standing(rooms, "channels")
    with rooms.db.transaction() as tx:
        assert outbox.resume_number(tx, "whatsapp", "201")
    assert changed(channels, standing(rooms, "channels")) == held


def rescue(rooms: Rooms, size: int = 500) -> list[int]:
    with rooms.db.transaction() as tx:
        return [row.id for row in outbox.rescue(tx, lease_s=60, settle_s=60, size=size)]


def settle(rooms: Rooms, size: int = 500) -> list[int]:
    with rooms.db.transaction() as tx:
        return [row.id for row in outbox.settle(tx, size=size)]


def test_only_a_sender_that_is_late_is_given_up(rooms: Rooms) -> None:
    ids = replies(rooms)
    claimed(rooms)
    assert rescue(rooms) == []
    rooms.ask("update outbox set claimed_at = now() - interval '1 hour' where id = any(%(ids)s)", ids=ids[:3])
    rooms.ask("update outbox set state = 'sent' where id = %(id)s", id=ids[0])
    rooms.ask("update outbox set text = 'y' where id = %(id)s", id=ids[1])
    assert rescue(rooms, size=1) == [ids[1]]
    assert rescue(rooms) == [ids[2]]


@pytest.mark.parametrize("state", ["claimed", "unknown"])
def test_the_oldest_are_given_up_first(rooms: Rooms, state: str) -> None:
    ids = replies(rooms)
    rooms.ask(f"update outbox set state = '{state}', claimed_at = now() - interval '1 hour', settle_at = now()")
    rooms.ask("update outbox set text = 'y' where id = %(id)s", id=ids[0])  # it lies behind the others now
    with rooms.db.transaction() as tx:
        for kind in ("indexscan", "bitmapscan"):
            tx._cursor.execute(f"set local enable_{kind} = off")
        if state == "claimed":
            given_up = [row.id for row in outbox.rescue(tx, lease_s=60, settle_s=60, size=2)]
        else:
            given_up = [row.id for row in outbox.settle(tx, size=2)]
    assert sorted(given_up) == ids[:2]


def test_an_unknown_send_is_settled_when_its_time_is_over(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'unknown', unknowns = 1, settle_at = now() + interval '1 minute'")
    assert settle(rooms) == []
    rooms.ask("update outbox set settle_at = now() - interval '1 minute' where id = any(%(ids)s)", ids=ids[:3])
    rooms.ask("update outbox set state = 'sent' where id = %(id)s", id=ids[0])
    rooms.ask("update outbox set text = 'y' where id = %(id)s", id=ids[1])
    assert settle(rooms, size=1) == [ids[1]]
    assert settle(rooms) == [ids[2]]


@pytest.mark.parametrize(("state", "done"), [("claimed", rescue), ("unknown", settle)])
def test_two_janitors_pass_over_each_others_sends(rooms: Rooms, state: str, done: Any) -> None:
    ids = replies(rooms)
    rooms.ask(
        f"update outbox set state = '{state}', claimed_at = now() - interval '1 hour',"
        " settle_at = now() - interval '1 hour', unknowns = 1"
    )
    with rooms.db.transaction() as tx:
        tx._cursor.execute("select 1 from outbox where id = %s for update", [ids[0]])
        assert sorted(done(rooms)) == ids[1:]


def test_time_is_given_again_to_unknown_sends_whose_time_runs(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'unknown', settle_at = now() + interval '1 s' where id = %(id)s", id=ids[0])
    rooms.ask("update outbox set state = 'unknown', settle_at = null where id = %(id)s", id=ids[1])
    rooms.ask("update outbox set state = 'unknown', settle_at = now() + interval '1 hour' where id = %(id)s", id=ids[2])
    rooms.ask("update outbox set state = 'sent', settle_at = now() where id = %(id)s", id=ids[3])
    before = standing(rooms, "outbox")
    with rooms.db.transaction() as tx:
        assert outbox.give_time(tx, settle_s=60) == 1
    assert changed(before, standing(rooms, "outbox")) == {ids[0]}


def test_sends_that_wait_and_that_are_unknown_are_counted(rooms: Rooms) -> None:
    ids = replies(rooms)
    rooms.ask("update outbox set state = 'sent', created_at = now() - interval '1 day' where id = %(id)s", id=ids[0])
    rooms.ask("update outbox set state = 'unknown' where id = any(%(ids)s)", ids=ids[1:3])
    rooms.ask("update outbox set state = 'claimed', created_at = now() - interval '1 day' where id = %(id)s", id=ids[3])
    with rooms.db.transaction() as tx:
        figures = outbox.figures(tx)
    assert (figures.waiting, figures.unknown) == (4, 2)
    assert figures.oldest_s < 3600


def question(rooms: Rooms, **more: Any) -> list[int]:
    """Every reply is a question that the platform refused for its form."""
    ids = replies(rooms)
    rooms.ask(
        "update outbox set state = 'failed', error_code = 131009, kind = 'buttons', text = '¿?', content = %(content)s::jsonb",
        content='{"options": [{"id": "a", "title": "A"}]}',
    )
    return ids


@pytest.mark.parametrize(
    "otherwise",
    [
        "state = 'unknown'",
        "error_code = 131026",
        "kind = 'text'",
        """content = content || '{"instead_of": {"kind": "x"}}'""",
    ],
)
def test_only_a_question_that_was_refused_for_its_form_is_said_plainly(rooms: Rooms, otherwise: str) -> None:
    ids = question(rooms)
    rooms.ask(f"update outbox set {otherwise} where id = %(id)s", id=ids[0])
    with rooms.db.transaction() as tx:
        plain = outbox.say_plainly(tx, ids[:2])
    assert [row.id for row in plain] == [ids[1]]


@pytest.mark.parametrize(("later", "heard"), [("sent", True), ("read", True), ("failed", False)])
def test_a_question_is_not_said_again_after_the_customer_has_heard_more(rooms: Rooms, later: str, heard: bool) -> None:
    ids = question(rooms)
    rooms.ask(
        "insert into outbox (channel_id, conversation_id, correlation_id, kind, text, state)"
        " select channel_id, conversation_id, 'c', 'text', 'more', %(state)s from outbox where id = %(id)s",
        id=ids[7], state=later,
    )  # fmt: skip
    before = standing(rooms, "outbox")
    with rooms.db.transaction() as tx:
        plain = [row.id for row in outbox.say_plainly(tx, [ids[7], ids[6]])]
    assert sorted(plain) == ([ids[6]] if heard else ids[6:])
    assert changed(before, standing(rooms, "outbox")) == set(plain)


def test_what_was_heard_before_a_question_does_not_keep_it_from_being_said(rooms: Rooms) -> None:
    ids = question(rooms)
    rooms.ask(
        "insert into outbox (id, channel_id, conversation_id, correlation_id, kind, text, state) overriding system value"
        " select 1000000 + id, channel_id, conversation_id, 'c', 'buttons', '¿?', 'failed' from outbox where id = %(id)s",
        id=ids[0],
    )
    rooms.ask("update outbox set state = 'sent' where id = %(id)s", id=ids[0])
    rooms.ask(
        "update outbox set error_code = 131009, content = (select content from outbox where id = %(id)s) where id > 1000000",
        id=ids[1],
    )
    with rooms.db.transaction() as tx:
        assert [row.id for row in outbox.say_plainly(tx, [1000000 + ids[0]])] == [1000000 + ids[0]]
