"""Settings of a desk: typed, each with help. A desk has fields of its own by deriving from `DeskSettings`."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from core.settings import LIMITS

TIME = r"^([01]\d:[0-5]\d|2[0-3]:[0-5]\d)?$"
PHONE = r"^[\d +().-]{0,30}$"
TEMPLATE = r"^[a-z_]{1,40}=[a-z0-9_]{1,512}/[a-z]{2}(_[A-Z]{2})?$"


class DeskSettings(BaseModel):
    """Settings of any desk. Stored values are validated when a desk is put in place."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    chat_first: bool = Field(False, description="default desk of the web chat, for visitors who name none")
    ticket_family: Literal["TKT", "TCK", "STI"] = Field("TKT", description="how ticket numbers look")
    emergency: str = Field("911", min_length=1, max_length=40, description="the number to call in danger")
    ambulance: str = Field("", max_length=40, description="the number of the ambulance; else the one for any danger")
    fire_brigade: str = Field("", max_length=40, description="the number of the fire brigade; else that one")
    police: str = Field("", max_length=40, description="the number of the police; else that one")
    consent: Literal["none", "line", "ask"] = Field(
        "none",
        description="the privacy notice: none, one line of the first answer, or asked before help where flows do",
    )
    policy: str = Field("", max_length=400, description="link to the privacy policy")
    opens: str = Field("", pattern=TIME, description="when people of the desk are there from, such as 09:00")
    closes: str = Field("", pattern=TIME, description="until when they are")
    open_days: tuple[int, ...] = Field((1, 2, 3, 4, 5), min_length=1, description="on which days; 1 is Monday")
    on_call: str = Field(
        "",
        pattern=PHONE,
        description="number of the person on call outside the hours, for what is urgent; empty: nobody is",
    )
    phone: str = Field("", pattern=PHONE, description="the number that customers may call")
    address: str = Field("", max_length=200, description="the address at which the desk can be visited")
    latitude: float | None = Field(
        None, ge=-90, le=90, description="latitude of that address in degrees, north positive"
    )
    longitude: float | None = Field(None, ge=-180, le=180, description="its longitude, east positive")
    calls_within_h: float = Field(0, ge=0, description="hours within which a technician calls; 0: none is promised")

    photos: int = Field(0, ge=0, description="photos of one session that are looked at; 0: any number")
    speaks: bool = Field(
        False, description="answer what was spoken by a voice note too, where there is an AI and the channel plays it"
    )
    caution: bool = Field(False, description="tell once who writes personal data to send no secrets")
    session_h: float = Field(
        0, ge=0, description="a session ends in silence after so many hours; 0: customers are warned"
    )

    remember_h: float = Field(48, ge=0, description="hours after a ticket in which what is written belongs to it")

    zone: str = Field("", max_length=40, description="label of the time zone on tickets, such as ART")
    technician: str = Field("", pattern=PHONE, description="WhatsApp number that gets a case by a link")
    whatsapp_number: str = Field("", pattern=PHONE, description="the same, where there is no technician")

    surveys: bool = Field(True, description="ask about resolved tickets")
    survey_after_h: float = Field(24, ge=0, description="hours after a ticket is resolved until it is asked about")
    survey_from_h: int = Field(8, ge=0, le=23, description="the hour of the day from which surveys go out")
    survey_to_h: int = Field(20, ge=1, le=24, description="the hour of the day until which they do")
    survey_cooldown_h: float = Field(24, ge=0, description="hours between two surveys of one customer")
    survey_reminder_h: float = Field(24, ge=0, description="hours until the one reminder; 0: none")
    survey_expiry_h: float = Field(72, gt=0, description="hours until a survey that nobody answers ends")

    templates: tuple[Annotated[str, StringConstraints(pattern=TEMPLATE)], ...] = Field(
        (), description="approved templates of scheduled messages after the 24 hours: purpose=name/language each"
    )

    limit_text: str | None = Field(None, pattern=LIMITS, description="most texts of one customer; else the program's")
    limit_image: str | None = Field(None, pattern=LIMITS, description="most photos; else the program's")
    limit_audio: str | None = Field(None, pattern=LIMITS, description="most voice notes; else the program's")
    flood_block_s: float | None = Field(None, ge=0, description="silence after an hourly limit; else the program's")


def problems_of(kind: type[DeskSettings], written: Mapping[str, Any]) -> list[str]:
    """Everything wrong with the settings of a desk, a sentence each; an unknown name with the nearest known one."""
    unknown = [_unknown(name, list(kind.model_fields)) for name in written if name not in kind.model_fields]
    try:
        kind.model_validate(written)
    except ValidationError as wrong:
        return [*unknown, *(f"{problem['loc'][0]}: {problem['msg']}" for problem in wrong.errors())]
    return unknown


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"{name}: no such setting" + (f"; did you mean {near[0]}?" if near else "")
