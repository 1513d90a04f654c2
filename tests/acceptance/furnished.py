"""A house with a month behind it and one conversation going on, and the browser of somebody who works in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench import seed
from bot.commands import demo
from core.store.db import Database
from tests.acceptance.house import House
from tests.integration.staff import PASSWORD, account
from tests.waiting import until

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
ME = "ana@turno.example"
SHE = "5215550000077"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def furnish(url: str) -> None:
    db = Database(url)
    with db.transaction() as tx:
        demo.put(tx)
    account(db, ME)
    db.close()
    seed.fill(url, 4000)
    assert [*demo.put_months(url)] == ["hotel-mirador: a made-up month"]


def talk(house: House) -> None:
    for said in ("hola", "refrigerador", "4045101", "no enfría", "quiero hablar con una persona"):
        heard(house, said)


def heard(house: House, said: str) -> None:
    """She says something, and it is answered."""
    wamid = house.say(said, customer=SHE)
    done = "select count(*) from inbox where external_id = %(wamid)s and state = 'done'"
    until(lambda: bool(house.one(done, wamid=wamid)), 30, told=house.told)


def what_there_is(house: House) -> dict[str, Any]:
    [row] = house.ask("""
        select (select conversation_id from inbox where external_id = %(last)s) as talk,
            (select id from inbox where external_id = %(last)s) as event,
            (select conversation_id from steps group by 1 order by count(*) desc, 1 limit 1) as conversation,
            (select number from tickets order by number limit 1) as ticket,
            (select id from bookings where state = 'unknown') as booking,
            (select h.id from holds h join tickets t on t.content ->> 'hold' = h.key order by h.id limit 1) as hold,
            (select id from inbox where state = 'buried' order by id limit 1) as letter,
            (select id from contacts order by id limit 1) as contact,
            (select id from staff where email = %(me)s) as me""", last=house.said[-1], me=ME)  # fmt: skip
    found: dict[str, Any] = row._asdict()
    assert None not in found.values(), found
    return found


def admin(house: House, path: str) -> str:
    return f"http://127.0.0.1:{house.port}/admin/{path}"


def sign_in(page: Any, house: House, email: str = ME) -> None:
    page.goto(admin(house, "sign-in"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
