"""What goes wrong in a house, and what its customer says meanwhile: the stages and plays of the crash matrix."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import psycopg

from core.store.db import Database
from core.store.staff import tickets
from simulator.templates import Template
from tests.acceptance.house import House
from tests.pictures import photo, written
from tests.waiting import until

REPORT = ("hola", "refrigerador", "4045101", "sí", "no enfría desde ayer")
WORKERS = "conversation,sender,janitor"
LABEL = written(photo())
Stage = Callable[[House], None]
OWN = "external_id = {said}"


def talk(house: House) -> None:
    """A whole report, each line said once the one before is answered."""
    for line in REPORT:
        house.say(line)
        house.settle()
    assert house.my("select count(*) from tickets where conversation_id = {me}") == 1


def talk_in_a_burst(house: House) -> None:
    """Five lines at once, and then the answer to what they led to."""
    for line in ("hola", "buenas", "el refri no prende", "es el 4045101", "me urge"):
        house.say(line)
    house.settle()
    house.say("sí")
    house.settle()
    [ticket] = house.mine("select summary from tickets where conversation_id = {me}")
    assert "no prende" in ticket.summary


def healthy(house: House) -> None:
    """Nothing but the death goes wrong."""


def looks_shut(house: House) -> None:
    """The 24 hours are always over here, and there is a template for that."""
    template = '{"name": "hello", "language": "es", "parameters": []}'
    house.exchange.templates.put(Template("hello", "es"))
    house.run("update channels set fallback_template = %(it)s::jsonb", it=template)


def no_sense(house: House) -> None:
    """Nothing can be stepped until the desk's settings make sense again, which the death brings about."""
    house.run("""update desks set settings = '{"photos": "many"}'""")


def talk_after_mending(house: House) -> None:
    house.say("hola")
    until(lambda: house.revive(), told=house.told)
    house.run("update desks set settings = '{}'")
    house.settle()


def no_history(house: House) -> None:
    """No step can be written, so no event can take effect, and its burial cannot be told."""
    house.run("alter table steps add constraint none check (version < 0) not valid")


def talk_past_the_buried(house: House) -> None:
    house.say("hola")
    until(lambda: house.revive(), told=house.told)
    until(lambda: house.my(f"select count(*) from inbox where state = 'buried' and {OWN}") == 1, told=house.told)
    house.run("alter table steps drop constraint none")
    house.say("hola otra vez")
    house.settle()
    assert house.my(f"select count(*) from inbox where state = 'done' and {OWN}") == 1


def talk_through_an_outage(house: House) -> None:
    """No turn can be committed until a worker has died of it."""
    with psycopg.connect(house.url) as other:
        other.execute("lock table steps in access exclusive mode")
        house.say("hola")
        until(lambda: house.revive(), told=house.told)
    house.settle()
    assert house.my(f"select max(attempts) from inbox where {OWN}") == 1


def talk_to_nobody(house: House) -> None:
    """The number is no row's: what is said is kept and shown."""
    house.say("hola", number=f"999{house.customer}")
    until(lambda: house.revive() and house.my(f"select count(*) from inbox where {OWN}") == 1, told=house.told)
    [row] = house.mine(f"select state, error from inbox where {OWN}")
    assert (row.state, row.error) == ("buried", "no desk answers on this number")


def has_rung(house: House, name: str) -> bool:
    timer = "kind = 'timer' and content ->> 'name' = %(name)s and conversation_id = {me}"
    rung = house.my(f"select count(*) from inbox where {timer}", name=name)
    return house.quiet() and bool(rung)


def talk_and_be_warned(house: House) -> None:
    """Time passes by hand: the customer is silent too long, is warned, and is left."""
    house.say("hola")
    house.settle()
    for name in ("inactivity_warn", "inactivity_close"):
        house.mine(
            "update timers set due_at = now(), rest_s = null where name = %(name)s and conversation_id = {me} returning 1",
            name=name,
        )
        until(partial(has_rung, house, name), told=house.told)


def talk_and_postpone(house: House) -> None:
    """The warning is due, but the customer has just spoken: it is set to ring later."""
    house.say("hola")
    house.settle()
    house.mine("update timers set due_at = now() where conversation_id = {me} returning 1")
    later = "select min(due_at) > now() from timers where conversation_id = {me}"
    until(lambda: house.revive() and house.my(later), told=house.told)
    talk(house)


def die_before_the_call(house: House) -> None:
    """A reply was marked as going out, and its sender is gone."""
    house.say("hola")
    until(lambda: house.one("select count(*) from outbox where state = 'waiting'"), told=house.told)
    house.run("update outbox set state = 'claimed', claimed_at = now() - interval '1 hour' where state = 'waiting'")
    until(lambda: house.revive(), told=house.told)
    house.work("sender")
    house.settle()
    assert house.my("select unknowns from outbox where conversation_id = {me}") == 1


def show_a_label(house: House) -> None:
    """The code is told by a photo: acknowledged once, looked into, and answered once."""
    house.work(WORKERS if house.doomed_is("media") else "media")
    for line in REPORT[:2]:
        house.say(line)
        house.settle()
    house.show(LABEL)
    until(lambda: house.revive() and house.quiet(), 60, told=house.told)
    [result] = house.mine("select content from inbox where kind = 'media_result' and conversation_id = {me}")
    assert result.content["codes"] == ["4045101"]
    texts = [row.text for row in house.mine("select text from report.outbox where conversation_id = {me} order by id")]
    assert sum("viendo tu foto" in text for text in texts) == 1
    assert sum("VR-16" in text for text in texts) == 1


def resolve_the_ticket(house: House) -> None:
    """Staff want it resolved: it is, once, and the customer hears of it once."""
    talk(house)
    db = Database(house.url)
    with db.transaction() as tx:
        [ticket] = tickets.newest(tx, size=1)
        found = tickets.find(tx, ticket.number)
        assert found is not None
        tickets.ask_status(tx, found, "resolved", by="ana", expected="pending")
    db.close()
    until(lambda: house.revive() and house.quiet(), 60, told=house.told)
    changes = "select before, after, by from ticket_changes where ticket = %(ticket)s"
    assert house.ask(changes, ticket=ticket.number) == [("pending", "resolved", "ana")]
    resolved = "conversation_id = {me} and status = 'resolved' and resolved_at is not null"
    assert house.my(f"select count(*) from tickets where {resolved}") == 1
    told = "conversation_id = {me} and text like '%%quedó resuelto%%'"
    assert house.my(f"select count(*) from report.outbox where {told}") == 1


def files_fail_once(house: House) -> None:
    house.exchange.faults.put({"bare_5xx": 503, "times": 1, "for": "media"})


def files_come_slowly(house: House) -> None:
    house.exchange.faults.put({"latency_ms": 1000, "times": 1, "for": "media"})


def refuse_once(code: int) -> Stage:
    return lambda house: house.exchange.faults.put({"error_code": code, "times": 1})


def statuses_come_first(house: House) -> None:
    """Statuses do not carry our id, and overtake the answer that tells the platform's."""
    house.exchange.faults.put({"no_callback_id": True})
    house.exchange.faults.put({"hang_s": 0.2})
