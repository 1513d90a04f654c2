"""The AI's tasks at the field desk."""

from __future__ import annotations

from typing import Final

from bot.desks.field.understanding import codes
from bot.nlu.subject import FREE, Subject, between, one_of, written

FIELD: Final = Subject(
    about="You read what customers of a field service desk write (Mexican and Argentine Spanish, English, with typos), "
    "about broken commercial refrigerators and vehicles.",
    tasks={
        "extract": "Find what the customer wants and every value told. problem: what is wrong with it, in their own "
        "words.",
        "term": "The text is a word or two that nobody knew. Say whether it names a refrigerator or a vehicle.",
        "intent": "Say what the customer wants.",
    },
    intents=(
        "",
        "greeting",
        "help",
        "menu",
        "person",
        "report_fault",
        "report_refrigerator",
        "report_vehicle",
        "correct",
        "consult_tickets",
    ),
    values={
        "equipment_kind": one_of("refrigerator", "vehicle"),
        **dict.fromkeys(("sap_code", "employee_number", "problem", "address"), FREE),
    },
    term=("equipment_kind",),
    least=0.3,
    fits={
        "sap_code": lambda value, text: bool(codes.SAP.fullmatch(value)) and value.isascii() and written(value, text),
        "employee_number": lambda value, text: bool(codes.EMPLOYEE.fullmatch(value)) and written(value, text),
        "problem": between(5, 500),
        "address": between(5, 300),
    },
    vaguer={"report_refrigerator": "report_fault", "report_vehicle": "report_fault"},
)
