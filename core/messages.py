"""Events (in) and outbounds (out), as values that know no wire format and no database.

Event      something that can change a conversation
Delivery   what the platform says about something we sent
News       all that one POST brought: events and deliveries
Outbound   something we say
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal, Self

from core.kinds import FROM_A_CUSTOMER, KINDS, Origin

Alias = tuple[str, str]
"""One name of a person: its kind (`bsuid`, `wa_id`, `web`, whatever a channel knows people by) and its value."""


def correlation_id(external_id: str) -> str:
    """The id that follows one event from the door to the delivery status, and is safe to log."""
    return blake2b(external_id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """How the platform names a person.

    `was` is set by a "number changed" notice: the person known by the old names
    is from now on known by the names here as well.
    """

    aliases: tuple[Alias, ...] = ()
    """Every name of this person, the one that counts most first."""
    name: str = ""
    was: Identity | None = None

    def alias(self, kind: str) -> str | None:
        """The name of this kind; None when the person has none."""
        return next((value for known, value in self.aliases if known == kind), None)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that can change a conversation.

    `kind` is one of `KINDS`.
    `text` is what was written or what the pressed button says; `content` holds the rest:
        choice    {"id", "title", "source": "button" | "list" | "template"}
        location  {"latitude", "longitude", "name"?, "address"?, "url"?}
        image, audio, video, document, sticker   {"media_id", "mime_type", "sha256"?, "voice"?, "filename"?, "url"?}
        reaction  {"message_id", "emoji"}         "" when it was taken back
        timer     {"name", "set_at_version"} and what the timer was set with
        agent     {"action": "take_over" | "answer" | "release" | "reset" | "close" | "say_again", "agent", "name"?,
                   "text"?, "state"?, "from"?, "outbound"?, "lease_s"?}
        ticket    {"number", "status" | "assignee", "expected", "by", "note"?, "name"?}
        hold      {"action": "release", "key", "by", "note"?}
        ticket_wanted  {"name"?, "device"?, "history"?}
        ticket_told  {"number", "action": "add" | "cancel"}  on the page of the ticket
        request_welcome  {"locale"?, "shown_at"?}  the chat was opened; when its greeting was shown, if before the first line
        opt_out   {"out", "category"}             the person turned our messages off or on in the platform's own settings
        echo      staff answered this customer from the phone
        media_result  {"for": "image" | "audio", "outcome", "codes"?, "text"?, "fault"?, "purpose"?}
        errand    {"service", "what", "key", "outcome": "done" | "refused" | "failed" | "unknown", "result"?, "why"?}
    and, for any kind, "reply_to" (the wamid it answers), "forwarded", "errors",
    "resolved" (how its desk was found: see `core/resolution.py`).
    `raw` is the item exactly as it came (JSON text, ASCII only).
    """

    external_id: str
    kind: str
    channel_kind: str = "whatsapp"
    address: str = ""
    sender: Identity | None = None
    text: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    raw: str = "null"
    sent_at: datetime | None = None
    received_at: datetime | None = None
    id: int = 0
    attempts: int = 0
    error: str | None = None
    """Why nothing can be done with it; an event with an error goes straight to the dead letters."""

    @property
    def correlation_id(self) -> str:
        return correlation_id(self.external_id)

    @property
    def origin(self) -> Origin:
        return KINDS.get(self.kind, FROM_A_CUSTOMER).origin

    @property
    def shown_at(self) -> datetime | None:
        """When the greeting of an opened chat was shown; None when it is still to be said."""
        at = self.content.get("shown_at") if self.kind == "request_welcome" else None
        return datetime.fromisoformat(at) if isinstance(at, str) else None


DeliveryState = Literal["sent", "delivered", "read", "played", "failed"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery status that the platform reports for a send. `callback_id` is our outbound id, when it came back."""

    external_id: str
    state: DeliveryState
    callback_id: str | None = None
    recipient: str = ""
    error_code: int | None = None
    error: str = ""
    pricing_category: str = ""
    billable: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """All that one POST brought."""

    events: tuple[Event, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    addresses: frozenset[str] = frozenset()
    """The numbers of ours it speaks of."""


MARK = "rating_"
"""Options called so give a mark from 1 to 5, which their title says."""
OutboundKind = Literal[
    "text", "buttons", "list", "link", "location_request", "location", "image", "audio", "video", "document", "template"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a customer can press: a reply button, or a row of a list."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """Something shown or played: by an uploaded id, or by a link the platform fetches."""

    id: str = ""
    link: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""

    @property
    def link(self) -> str:
        """The address of a map that shows it."""
        return f"https://www.google.com/maps/search/?api=1&query={self.latitude},{self.longitude}"


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template, the only thing that may be said when the 24 hours are over."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbound:
    """Something we say. Build one with `say`, `ask`, `choose`, `point`, `ask_location`, `pin`, `show` or `use_template`."""

    kind: OutboundKind
    text: str = ""
    options: tuple[Option, ...] = ()
    button: str = ""
    link: str = ""
    """The address that the button of a `link` opens."""
    footer: str = ""
    media: Media | None = None
    place: Place | None = None
    template: Template | None = None
    initiative: bool = False
    """True when the bot begins by itself (a warning, a survey): nobody waits for it, so it is never repeated."""
    announcement: bool = False
    """True when it only tells how the conversation is served (a takeover, a close): no paid template's worth."""
    author: Literal["bot", "agent"] = "bot"

    @property
    def content(self) -> dict[str, Any]:
        """All but kind and text, as JSON values, leaving out what is empty."""
        parts: dict[str, Any] = {}
        if self.options:
            parts["options"] = [
                {"id": o.id, "title": o.title, **({"description": o.description} if o.description else {})}
                for o in self.options
            ]
        parts |= {n: told for n in ("button", "link", "footer") if (told := getattr(self, n))}
        if self.media:
            parts["media"] = {"id": self.media.id, "link": self.media.link, "filename": self.media.filename}
        if self.place:
            parts["place"] = asdict(self.place)
        if self.template:
            parts["template"] = {**asdict(self.template), "parameters": list(self.template.parameters)}
        parts |= {n: True for n in ("initiative", "announcement") if getattr(self, n)}
        if self.author != "bot":
            parts["author"] = self.author
        return parts

    @classmethod
    def revive(cls, kind: str, text: str, content: Mapping[str, Any]) -> Self:
        """The outbound that `content` was made from."""
        media, place, template = content.get("media"), content.get("place"), content.get("template")
        return cls(
            kind=kind,  # type: ignore[arg-type]  # the column has a CHECK with the same names
            text=text,
            options=tuple(Option(o["id"], o["title"], o.get("description", "")) for o in content.get("options", ())),
            button=content.get("button", ""),
            link=content.get("link", ""),
            footer=content.get("footer", ""),
            media=Media(**media) if media else None,
            place=Place(**place) if place else None,
            template=Template(**{**template, "parameters": tuple(template["parameters"])}) if template else None,
            initiative=bool(content.get("initiative")),
            announcement=bool(content.get("announcement")),
            author=content.get("author", "bot"),
        )

    def by_itself(self) -> Outbound:
        """The same, marked as something the bot began by itself."""
        return replace(self, initiative=True)


def say(text: str) -> Outbound:
    return Outbound("text", text)


def ask(text: str, *options: Option, footer: str = "") -> Outbound:
    """A question with up to three buttons under it."""
    return Outbound("buttons", text, options=options, footer=footer)


def choose(text: str, button: str, *options: Option, footer: str = "") -> Outbound:
    """A question with a list of up to ten rows behind one button."""
    return Outbound("list", text, options=options, button=button, footer=footer)


def point(text: str, title: str, link: str) -> Outbound:
    """A text with one button, which opens a link."""
    return Outbound("link", text, button=title, link=link)


def ask_location(text: str) -> Outbound:
    return Outbound("location_request", text)


def pin(place: Place) -> Outbound:
    """A place on the map. Its text is for those who read the conversation: the message itself has none."""
    return Outbound("location", ", ".join(filter(None, (place.name, place.address))), place=place)


def show(kind: Literal["image", "audio", "video", "document"], media: Media, caption: str = "") -> Outbound:
    return Outbound(kind, caption, media=media)


def use_template(template: Template) -> Outbound:
    """A template. Its words are the platform's: the transcript shows its name, and no words that did not go out."""
    return Outbound("template", template=template)
