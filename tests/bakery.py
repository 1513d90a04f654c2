"""A toy desk, written into a folder by a test: a bakery that knows two words and a number."""

from __future__ import annotations

from pathlib import Path

SAYS_IT = '''"""A bakery that takes orders."""

from bot.desks.bakery import reading
from bot.desks.bakery.catalogue import CATALOGUE, LOAF
from bot.desks.bakery.flows import bakery, loaf
from bot.desks.desk import Desk

DESK = Desk(name="bakery", flows=(bakery, loaf), languages=("es", "en"), read=reading.read,
            catalogue=CATALOGUE, facts={"loaf": LOAF})
'''
READS = '''"""What a text means to a bakery."""

from pathlib import Path

from bot.nlu import plain

read = plain.reader(Path(__file__).with_name("words.toml"))
'''
LISTS = '''"""What the bakery sells."""

from bot.script.catalogue.cells import number, words
from bot.script.catalogue.kind import Column
from bot.script.facts import Listed
CATALOGUE = {"loaves": (Column("name", words(40), key=True), Column("price", number(0, 1000)))}
LOAF = Listed("loaves", lambda line: line["price"], unlisted=0)
'''
WORDS = '[tags]\norder = ["pan|torta|bread|cake"]\n'
MENU = '''"""The counter."""

from bot.script.flow import Row, State
from bot.script.forms import Form

VERSION = 1
FORM = Form()
STATES = (
    State("waiting", asks="what_else", expects="choice", options=("order",)),
    State("rested", final=True),
    State("cancelled", final=True),
    State("timed_out", final=True),
    State("closed", final=True),
)
ROWS = (
    Row("waiting", "order", "@loaf"),
    Row("waiting", "begin told greeting", "waiting"),
    Row("waiting", "no", "rested"),
)
'''
LOAF = '''"""One order."""

from bot.script.flow import Row, State
from bot.script.forms import Field, Form, words

VERSION = 1
FORM = Form(fields=(Field("loaf", words(1, 100)),))
STATES = (
    State("filling", asks=FORM, expects="slot"),
    State("confirming", asks="right", expects="yes_no", options=("yes", "no"), shows="order"),
    State("taken", final=True),
)
ROWS = (
    Row("filling", "begin told loaf", "confirming", "full"),
    Row("filling", "begin told", "filling"),
    Row("filling confirming", "no cancel", "@menu"),
    Row("confirming", "yes", "taken", "", "thank"),
)


def full(draft):
    return FORM.missing(draft.slots) is None


def order(draft):
    return {"loaf": draft.value("loaf")}


def thank(draft):
    draft.say("ordered", loaf=draft.value("loaf"))
'''
PHRASES = {
    "es/bakery": 'what_else = "¿Qué pan deseas?"\n[titles]\norder = "🥖 Pedir pan"\n',
    "en/bakery": 'what_else = "What would you like?"\n[titles]\norder = "🥖 Order"\n',
    "es/loaf": 'ask_loaf = "¿Qué pan?"\nright = "¿{loaf}, verdad?"\nordered = "¡Marchando {loaf}! 🥖"\n',
    "en/loaf": 'ask_loaf = "Which bread?"\nright = "{loaf}, right?"\nordered = "{loaf} coming up! 🥖"\n',
}
EXAMPLES = 'says = [\n  { text = "quiero pan", intent = "order" },\n  { text = "hola", intent = "greeting" },\n]\n'
DEMO = '[[desks]]\nid = "bakery"\nname = "La Espiga"\nlanguage = "es"\ntimezone = "America/Bogota"\nmenu = "bakery"\n[desks.settings]\nsurveys = false\n'


def bake(folder: Path, name: str = "bakery") -> Path:
    """Write the desk into a folder; its own folder."""
    home = folder / name
    files = {
        "__init__.py": SAYS_IT,
        "reading.py": READS,
        "words.toml": WORDS,
        "flows/__init__.py": "",
        "flows/bakery.py": MENU,
        "flows/loaf.py": LOAF,
        **{f"phrases/{name}.toml": text for name, text in PHRASES.items()},
        "examples.toml": EXAMPLES,
        "catalogue.py": LISTS,
        "demo.toml": DEMO,
    }
    for file, text in files.items():
        path = home / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home
