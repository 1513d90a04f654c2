# mypy: disable-error-code="attr-defined, misc, name-defined"
# because pywa does not say in its types what it offers
"""The peer: the same conversation told with pywa, in memory. `gunicorn bench.peer:app`.

Its webhook is Flask, checks signatures and passes over duplicates, as pywa does by itself. Nothing is kept: what a
customer said is gone with the process. With `PEER_TALKS` unset it hears and says nothing.
"""

from __future__ import annotations

import os

import httpx
from flask import Flask
from pywa import WhatsApp, types

from bench.letters import NUMBER, SECRET, TOKEN

MENU = (
    "¡Hola! 👋 Soy el asistente de Refrescos del Norte. Te ayudo a reportar fallas.\n\n¿Qué equipo necesitas reportar?",
    ("❄️ Refrigerador", "🚗 Vehículo", "🔎 Mis reportes"),
)
CODE = (
    "❄️ ¿Cuál es el *código SAP* del refrigerador? Está en la etiqueta, cerca del código de barras. Escríbelo o mándame "
    "una foto.",
    (),
)
CONFIRM = (
    "🔎 Encontré este equipo:\n\n*{code}*\nImbera VR-20\n🏪 Abarrotes Lupita\n📍 Monterrey\n\n¿Es correcto?",
    ("✅ Sí", "❌ No"),
)
PROBLEM = (
    "✅ Equipo confirmado.\n\n🔧 ¿Qué le pasa al refrigerador? Cuéntamelo con tus palabras.",
    (),
)
DONE = (
    "✅ *Reporte creado*\n\n🎫 TKT-3E8675EE\n❄️ Imbera VR-20 ({code})\n🏪 Abarrotes Lupita · Monterrey\n🔧 {problem}\n\n"
    "Un técnico te contactará. Guarda tu número de reporte.",
    (),
)
QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (MENU, CODE, CONFIRM, PROBLEM, DONE)

app = Flask("peer")
session = httpx.Client(limits=httpx.Limits(max_connections=None, max_keepalive_connections=None))
whatsapp = WhatsApp(
    phone_id=NUMBER, token=TOKEN, session=session, server=app, webhook_endpoint="/webhook", verify_token="bench",
    app_secret=SECRET,
)  # fmt: skip
session.base_url = f"{os.environ['GRAPH_API_URL']}/v26.0"

stands_at: dict[str, int] = {}
given: dict[str, dict[str, str]] = {}
NAMES = ("", "", "code", "", "problem")


@whatsapp.on_message
def answer(_: WhatsApp, message: types.Message) -> None:
    """Take the answer to the last question and ask the next."""
    if "PEER_TALKS" not in os.environ:
        return
    who = message.from_user.wa_id or ""
    step = stands_at.get(who, 0)
    slots = given.setdefault(who, {})
    slots[NAMES[step]] = message.text or ""
    text, options = QUESTIONS[step]
    stands_at[who] = (step + 1) % len(QUESTIONS)
    buttons = [types.Button(title, callback_data=title) for title in options]
    message.reply(text.format(code=slots.get("code", ""), problem=slots.get("problem", "")), buttons=buttons or None)
