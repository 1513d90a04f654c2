"""The IT help desk: problems and questions about computers, answered step by step, in Argentina."""

from __future__ import annotations

from pathlib import Path

from bot.desks.desk import Desk
from bot.desks.it import answers
from bot.desks.it.flows import diagnosis, escalation, guide, help_desk, reception
from bot.desks.it.photos import PHOTOS
from bot.desks.it.settings import ItSettings
from bot.desks.it.understanding import rules
from bot.desks.it.understanding.subject import IT
from bot.nlu.emoji import spoken
from bot.nlu.questions import asking
from bot.script.faq import Faq

FAQ = Faq.of(Path(__file__).parent, answers.VALUES)
EMOJI = {
    **dict.fromkeys("💻🖥", "computadora"),
    "🖨": "impresora",
    "⌨": "teclado",
    "🖱": "mouse",
    "📺": "tele",
    "📱": "celular",
    "📶": "wifi",
}
DESK = Desk(
    name="it",
    flows=(help_desk, reception, diagnosis, guide, escalation),
    title="IT help desk",
    languages=("es", "en"),
    read=spoken(asking(rules.read, FAQ), EMOJI, "no anda"),
    faq=FAQ,
    subject=IT,
    interrupts=frozenset({"trouble", "howto", "need_told", "peripherals", "question", "rephrase", "close"}),
    settings=ItSettings,
    photos=PHOTOS,
    case_notes=frozenset({"case", "person_awaited"}),
)
