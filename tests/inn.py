"""The toy desk with a hotel's services: whoever gives a name is looked for a room, which is held and booked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.bakery import LOAF, PHRASES, SAYS_IT, bake

DESK = SAYS_IT.replace(
    "read=reading.read,", "read=reading.read, settings=HouseSettings, services=SERVICES, bookable=BOOKABLE,"
).replace("catalogue=CATALOGUE", "catalogue={**CATALOGUE, **HOUSE}").replace(
    "from bot.desks.desk import Desk\n",
    "from bot.desks.desk import Desk\nfrom bot.desks.hotel.bookable import BOOKABLE\nfrom bot.desks.hotel.catalogue import CATALOGUE as HOUSE\n"
    "from bot.desks.hotel.house.settings import HouseSettings\nfrom bot.desks.hotel.services import SERVICES\n",
)  # fmt: skip
ARRIVES = date.today() + timedelta(days=40)
LEAVES = ARRIVES + timedelta(days=3)
WISH = {"arrives": str(ARRIVES), "leaves": str(LEAVES), "parties": [{"adults": 2, "ages": []}], "room": "double"}
FLOW = (
    LOAF.replace('    Row("filling", "begin told loaf", "confirming", "full"),\n', '    Row("filling", "begin told loaf", "looking", "full", "search"),\n')
    .replace('    Row("confirming", "yes", "taken", "", "thank"),\n', """    Row("looking", "offers_search_done", "holding", "some", "hold_it"),
    Row("holding", "hold_take_done", "booking", "", "book_it"),
    Row("looking holding booking", "offers_search_done offers_failed hold_refused hold_failed booking_refused booking_failed", "refused", "", "regret"),
    Row("booking", "booking_unknown", "booking", "", "check"),
    Row("booking", "booking_done", "taken", "", "thank"),
    Row("looking holding booking", "cancel", "@menu"),
""").replace('"filling confirming", "no cancel"', '"filling", "no cancel"')
    .replace('    State("confirming", asks="right", expects="yes_no", options=("yes", "no"), shows="order"),\n', '    State("looking", asks="wait"),\n    State("holding", asks="wait"),\n    State("booking", asks="wait"),\n    State("refused", final=True),\n')
    .replace('draft.say("ordered", loaf=draft.value("loaf"))', 'draft.say("ordered", loaf=draft.result["booking"]["reference"])')
    + f"""

WISH = {WISH!r}


def some(draft):
    return bool(draft.result["offers"])


def search(draft):
    draft.want("offers", "search", "search", within_s=60, **WISH)


def hold_it(draft):
    quote = draft.result["offers"][0]["quote"]
    draft.want("hold", "take", f"hold:{{quote}}", within_s=60, quote=quote)


def book_it(draft):
    quote = draft.result["offer"]["quote"]
    guest = {{"name": draft.value("loaf")}}
    draft.want("booking", "book", f"book:{{quote}}", within_s=60, quote=quote, hold=draft.result["hold"], guest=guest)
    draft.notes["booking"] = quote


def check(draft):
    draft.say("checking")


def regret(draft):
    draft.say("no_room")
"""
)  # fmt: skip
SAID = {
    "es/loaf": 'wait = "Un momento…"\nno_room = "Disculpá, ya no queda lugar."\nchecking = "Estoy verificando."\n',
    "en/loaf": 'wait = "One moment…"\nno_room = "Sorry, no room is left."\nchecking = "I am checking."\n',
}


def open_inn(folder: Path) -> Path:
    """Write the desk into a folder; its own folder."""
    home = bake(folder)
    flow = FLOW.replace('\n\ndef order(draft):\n    return {"loaf": draft.value("loaf")}\n', "")
    files = {
        "__init__.py": DESK,
        "flows/loaf.py": flow,
        **{f"phrases/{name}.toml": PHRASES[name] + text for name, text in SAID.items()},
    }
    for file, text in files.items():
        (home / file).write_text(text, encoding="utf-8")
    return home


def business(number: str, rooms: int = 2, **settings: Any) -> Mapping[str, Any]:
    """A house with doubles and a suite, in a season that goes on for years."""
    season = {"from": str(date.today() - timedelta(days=9)), "to": str(date.today() + timedelta(days=900))}
    return {
        "id": "mirador", "name": "Mirador", "language": "es", "timezone": "America/Argentina/Buenos_Aires",
        "menu": "bakery", "whatsapp": [number], "settings": {"surveys": False, **settings},
        "room_types": [
            {"code": "double", "name": "Doble", "name_en": "Double", "sleeps": 3, "adults": 2},
            {"code": "suite", "name": "Suite", "sleeps": 4, "adults": 4},
        ],
        "rooms": [*({"number": str(100 + n), "type": "double"} for n in range(rooms)), {"number": "900", "type": "suite"}],
        "rates": [
            {"code": "D", "type": "double", "price": "100000.00", "tax_percent": 21, "extra_child": "15000.00", **season},
            {"code": "S", "type": "suite", "price": "250000.50", "tax_percent": 21, **season},
        ],
    }  # fmt: skip
