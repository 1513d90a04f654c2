"""Field service: reports of broken refrigerators and vehicles, in Mexico."""

from __future__ import annotations

from pathlib import Path

from bot.desks.desk import Desk
from bot.desks.field import answers, same_thing, sap_codes
from bot.desks.field.catalogue import ALIKE, CATALOGUE, CENTRE, CENTRES, EQUIPMENT, VEHICLE
from bot.desks.field.flows import menu, refrigerator, vehicle
from bot.desks.field.photos import PHOTOS
from bot.desks.field.settings import FieldSettings
from bot.desks.field.understanding import rules
from bot.desks.field.understanding.subject import FIELD
from bot.desks.field.ways import WAY
from bot.nlu.emoji import spoken
from bot.nlu.questions import asking
from bot.script.faq import Faq

FAQ = Faq.of(Path(__file__).parent, answers.VALUES)

EMOJI = {**dict.fromkeys("❄🧊⛄", "refrigerador"), **dict.fromkeys("🚗🚚🚛🚐🛻🚙🏍🛵", "vehículo")}
DESK = Desk(
    name="field",
    flows=(menu, refrigerator, vehicle),
    title="Field service",
    languages=("es", "en"),
    read=spoken(asking(rules.read, FAQ), EMOJI, "no funciona"),
    faq=FAQ,
    subject=FIELD,
    interrupts=frozenset({"report_fault", "report_refrigerator", "report_vehicle"}),
    settings=FieldSettings,
    told_by=frozenset({"equipment_kind"}),
    alike=("sap_code", "employee_number"),
    fits=sap_codes.fits,
    about=same_thing.about,
    shows=sap_codes.digits_of,
    photos=PHOTOS,
    catalogue=CATALOGUE,
    facts={
        "equipment": EQUIPMENT,
        "vehicle": VEHICLE,
        "centre": CENTRE,
        "centres": CENTRES,
        "equipment_like": ALIKE,
        "way": WAY,
    },
    case_notes=frozenset({"equipment", "found", "refused_code", "others"}),
)
