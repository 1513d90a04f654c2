"""The hotel desk: rooms found, quoted, held and booked, and what a guest wants before, during and after the stay."""

from __future__ import annotations

from pathlib import Path

from bot.desks.desk import Desk
from bot.desks.hotel import about, answers, late
from bot.desks.hotel.after.booked import REVIEW, TOMORROW, WEEK
from bot.desks.hotel.after.quoted import AGAIN
from bot.desks.hotel.bookable import BOOKABLE
from bot.desks.hotel.catalogue import CATALOGUE
from bot.desks.hotel.flows import (
    hotel,
    hotel_again,
    hotel_arrival,
    hotel_booking,
    hotel_change,
    hotel_late,
    hotel_request,
    hotel_review,
    hotel_stay,
    own,
)
from bot.desks.hotel.flows.rooms import LOOKS
from bot.desks.hotel.photos import PHOTOS
from bot.desks.hotel.room_kinds import ROOM_TYPES
from bot.desks.hotel.services import SERVICES
from bot.desks.hotel.settings import HotelSettings
from bot.desks.hotel.understanding import rules
from bot.desks.hotel.understanding.emoji import BROKEN, EMOJI
from bot.nlu.emoji import spoken
from bot.nlu.questions import asking
from bot.script.faq import Faq

FAQ = Faq.of(Path(__file__).parent, answers.VALUES)

DESK = Desk(
    name="hotel",
    flows=(
        hotel,
        hotel_stay,
        hotel_booking,
        hotel_change,
        hotel_late,
        hotel_arrival,
        hotel_request,
        hotel_review,
        hotel_again,
    ),
    title="Hotel",
    languages=("es", "en", "pt"),
    read=spoken(asking(rules.read, FAQ), EMOJI, BROKEN),
    faq=FAQ,
    asks_staff=True,
    about=about.about,
    interrupts=frozenset({"rooms", "book", "request", *own.WISHES}),
    settings=HotelSettings,
    told_by=frozenset({"unsure", "which"}),
    photos=PHOTOS,
    catalogue=CATALOGUE,
    facts={"room_looks": LOOKS, "room_types": ROOM_TYPES, **answers.FACTS},
    services=SERVICES,
    follow_ups=(WEEK, TOMORROW, REVIEW, AGAIN),
    late_result=late.result,
    mentions=frozenset({"arrives", "leaves", "parties", "kind", "offer"}),
    case_notes=frozenset({"stay", "review", "quote", own.BOOKING}),
    bookable=BOOKABLE,
)
