"""The toy bakery with scheduled messages: a cake is ready, bread is hot, and how was it?"""

from __future__ import annotations

from pathlib import Path

from tests.bakery import LOAF, SAYS_IT, bake

FOLLOW_UPS = '''"""What the bakery says by itself: a cake is ready, and how was it?"""

from datetime import datetime, timedelta

from bot.script.follow_ups import FollowUp, Pace, end, schedule_at

def moment(draft, content):
    return datetime.fromisoformat(draft.fact("bookings", content["cake"])[0]["lower"]) - timedelta(hours=24)

def gone(draft, content):
    return "" if draft.fact("bookings", content["cake"]) else "no cake any more"

READY = FollowUp("ready", lambda settings: Pace(9, 20), "ready", "ready_at", words="loaf", due_at=moment, unwanted=gone,
                 values=lambda draft, content: {"cake": content["cake"]})
TASTE = FollowUp("taste", lambda settings: Pace(9, 20, reminders=2, reminder_h=72, expiry_h=240), "taste", "tasted_at",
                 flow="taste", values=lambda draft, content: {"cake": content["cake"]})
HOT = FollowUp("hot", lambda settings: Pace(0, 24), "hot", "hot_at", words="loaf", outside="never")

def ordered(draft, cake, at):
    schedule_at(draft, READY, cake, at, cake=cake)
    schedule_at(draft, TASTE, cake, at, cake=cake)
    schedule_at(draft, HOT, cake, at, cake=cake)

def answered(draft):
    end(draft, TASTE)
'''
TASTE = '''"""How was the cake?"""

from bot.desks.bakery.follow_ups import answered
from bot.script.flow import Row, State
from bot.script.forms import Form

VERSION = 1
PATIENT = True
FORM = Form()
STATES = (
    State("asked", asks="how_was_it", expects="yes_no", options=("yes", "no")),
    State("told", final=True),
)
ROWS = (
    Row("asked", "begin", "asked"),
    Row("asked", "yes no expire", "told", "", "answered"),
    Row("asked", "menu restart", "@menu"),
)
'''


def bake_with_follow_ups(folder: Path, moment: str = 'datetime.fromisoformat("2026-03-10T15:00:00-05:00")') -> Path:
    """Write the desk into a folder: all is scheduled for this moment, which is written in Python. Its own folder."""
    home = bake(folder)
    said = {
        "es": (
            'ready = "Tu {cake} está."\nhot = "Recién salida."\n',
            'how_was_it = "¿Cómo estuvo?"\nreminder = "¿Y?"\n',
        ),
        "en": ('ready = "Your {cake} is ready."\nhot = "Hot."\n', 'how_was_it = "How was it?"\nreminder = "Well?"\n'),
    }
    for language, (loaf, taste) in said.items():
        with (home / f"phrases/{language}/loaf.toml").open("a", encoding="utf-8") as phrases:
            phrases.write(loaf)
        (home / f"phrases/{language}/taste.toml").write_text(taste, encoding="utf-8")
    order = 'draft.say("ordered", loaf=draft.value("loaf"))\n    ordered(draft, draft.value("loaf"), %s)'
    loaf = LOAF.replace('draft.say("ordered", loaf=draft.value("loaf"))', order % moment).replace(
        "from bot.script.flow", "from datetime import datetime, timedelta\n\nfrom bot.desks.bakery.follow_ups import ordered\nfrom bot.script.flow"
    )  # fmt: skip
    says = SAYS_IT.replace("import bakery, loaf", "import bakery, loaf, taste").replace(
        "(bakery, loaf)", "(bakery, loaf, taste)"
    )
    says = says.replace(
        "import CATALOGUE, LOAF\n",
        "import CATALOGUE, LOAF\nfrom bot.desks.bakery.follow_ups import HOT, READY, TASTE\n",
    )
    files = {
        "__init__.py": says.replace("read=reading.read,", "read=reading.read, follow_ups=(READY, TASTE, HOT),"),
        "flows/loaf.py": loaf,
        "flows/taste.py": TASTE,
        "follow_ups.py": FOLLOW_UPS,
    }
    for file, text in files.items():
        (home / file).write_text(text, encoding="utf-8")
    return home
