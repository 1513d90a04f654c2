"""Table definitions: Alembic compares the database with them, and their comments say what a column means.

Queries do not use these objects; they are text in `sql/`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB, TIMESTAMP, TSTZRANGE, ExcludeConstraint

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "ix": "%(table_name)s_%(column_0_N_name)s",
    }
)

NOW = text("now()")
TEN_MINUTES = text("date_bin('10 minutes', now(), '1970-01-01 00:00:00+00')")
NEVER = text("'-infinity'")
EMPTY = text("'{}'")


def at(name: str, *, default: object = None, nullable: bool = True) -> Column[object]:
    """A time."""
    return Column(name, TIMESTAMP(timezone=True), server_default=default, nullable=nullable)  # type: ignore[arg-type]


def one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_is_known")


desks = Table(
    "desks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("menu", Text, nullable=False),
    Column("settings", JSONB, nullable=False, server_default=EMPTY),
)

channels = Table(
    "channels",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),  # the phone_number_id, for WhatsApp
    Column("desk_id", Text, ForeignKey("desks.id")),  # none: what comes in is kept, and nobody answers
    Column("scope", Text, nullable=False, server_default=text("'default'")),  # the portfolio BSUIDs belong to
    Column("rate_per_s", Float),
    Column("fallback_template", JSONB),  # what to say when the window is shut
    at("pace_at", default=NEVER, nullable=False),  # when the sends so far are paid for
    at("paused_until", default=NEVER, nullable=False),
    Column("paused_why", Text, nullable=False, server_default=text("''")),
    Column("pulled", Boolean, nullable=False, server_default=text("false")),  # customers fetch answers: nobody sends
    UniqueConstraint("kind", "address"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False, server_default=text("''")),
    at("created_at", default=NOW, nullable=False),
    at("opted_out_at"),
    Index("contacts_words", text("to_tsvector('simple', folded(name))"), postgresql_using="gin"),  # search by name
    at("erased_at"),  # cut off: nobody is called that any more, and the janitor takes the rest away
    Index("contacts_erased_at", "erased_at", postgresql_where=text("erased_at is not null")),
)

aliases = Table(
    "aliases",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # whatever a channel knows people by
    Column("value", Text, primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    at("learned_at", default=NOW, nullable=False),
    Index("aliases_contact_id", "contact_id"),
    Index(
        "aliases_phone_end",
        func.reverse(literal_column("value")).label("backwards"),
        postgresql_ops={"backwards": "text_pattern_ops"},
        postgresql_where=text("kind = 'wa_id'"),
    ),  # search by the last digits
)

desk_contacts = Table(  # who belongs to which of several desks of one owner
    "desk_contacts",
    metadata,
    Column("kind", Text, primary_key=True),  # as of an alias
    Column("value", Text, primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.id"), nullable=False),
    at("mapped_at", default=NOW, nullable=False),
    Column("mapped_by", Text, nullable=False),
    Index("desk_contacts_desk_id", "desk_id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    at("created_at", default=NOW, nullable=False),
    at("pace_at", default=NEVER, nullable=False),  # when the sends so far are paid for
    at("send_after", default=NEVER, nullable=False),  # the platform asked this customer's sends to wait
    UniqueConstraint("channel_id", "contact_id"),
    Index("conversations_contact_id", "contact_id"),
    postgresql_with={"fillfactor": 70},
)

sessions = Table(
    "sessions",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("flow", Text, nullable=False, server_default=text("''")),
    Column("flow_version", Integer, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False, server_default=text("''")),
    Column("language", Text, nullable=False, server_default=text("''")),
    Column("memory", JSONB, nullable=False, server_default=EMPTY),  # slots, what was asked, timers, notes
    Column("agent", Text),
    at("heard_at"),
    at("updated_at", default=NOW, nullable=False),
    at("active_at", default=TEN_MINUTES, nullable=False),  # updated_at in steps of ten minutes: see its index
    Column("lease_token", BigInteger),
    at("leased_until", default=NEVER, nullable=False),
    Column("breath_after", BigInteger),  # left alone for a breath, unless an event newer than this one comes
    Column("claims", Integer, nullable=False, server_default=text("0")),  # tries of the event since the last turn
    Column(
        "alone", Boolean, nullable=False, server_default=text("false")
    ),  # the lease holds this conversation and no other
    Column("release", Text, nullable=False, server_default=text("''")),  # the version of a rollout that answered last
    Column("person_wanted", Text, Computed("memory #>> '{notes,person_wanted_at}'", persisted=True)),
    Index(  # small; a turn leaves it as it is unless a person is wanted or has come, so it stays cheap (HOT)
        "sessions_person_wanted",
        "person_wanted",
        "conversation_id",
        postgresql_where=text("person_wanted is not null"),
    ),
    Index(
        "sessions_active_at", "active_at"
    ),  # steps, not times: most turns leave it as it is, so they stay cheap (HOT)
    postgresql_with={"fillfactor": 70},
)

web_sessions = Table(  # who may go on with a conversation in a browser
    "web_sessions",
    metadata,
    Column("secret_hash", Text, primary_key=True),  # of the session's id, which opens it
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("csrf_token", Text, nullable=False),
    Column("locale", Text, nullable=False, server_default=text("''")),
    at("created_at", default=NOW, nullable=False),
    at("seen_at", default=NOW, nullable=False),
    at("ended_at"),
    at("spoke_at"),  # when the first line was written in it
    Index("web_sessions_seen_at", "seen_at"),
)

rate_windows = Table(  # sliding windows: when each of the last hits was
    "rate_windows",
    metadata,
    Column("key_hash", Text, primary_key=True),
    Column("hits", ARRAY(TIMESTAMP(timezone=True)), nullable=False),
    Column("took", Boolean, nullable=False),  # whether the last one that came was let through
    at("expires_at", nullable=False),
    Index("rate_windows_expires_at", "expires_at"),
)

files = Table(  # photos, where machines share no folder
    "files",
    metadata,
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    at("stored_at", default=NOW, nullable=False),
    CheckConstraint("name ~ '^[0-9a-f]{64}$'", name="name_is_its_sha256"),
    Index("files_stored_at", "stored_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("external_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("origin", Text, nullable=False),  # whose it is; a trigger names it for whoever does not
    Column("text", Text, nullable=False, server_default=text("''")),
    Column("content", JSONB, nullable=False, server_default=EMPTY),
    Column("raw", JSON),  # as it came: json, not jsonb, because jsonb refuses what a customer may type
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("retries", Integer, nullable=False, server_default=text("0")),  # copies of it that came later
    at("last_retry_at"),
    at("sent_at"),
    at("received_at", default=NOW, nullable=False),
    at("finished_at"),
    Column("error", Text),
    at("discarded_at"),  # a dead letter that staff put aside
    Column("discarded_by", Text),
    Column("discarded_why", Text),
    one_of("origin", "customer", "timer", "agent", "system"),
    one_of("state", "waiting", "done", "buried"),
    UniqueConstraint("channel_id", "external_id"),  # an event takes effect once
    Index("inbox_waiting", "id", postgresql_where=text("state = 'waiting'")),
    Index("inbox_line", "conversation_id", "id", postgresql_where=text("state = 'waiting'")),
    Index("inbox_conversation", "conversation_id", "id"),
    Index("inbox_buried", "id", postgresql_where=text("state = 'buried'")),
    Index("inbox_nobody", "id", postgresql_where=text("conversation_id is null")),
    Index("inbox_received_at", "received_at", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
    postgresql_with={"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 1000},
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", BigInteger),  # the inbox row it answers; not a key, because retention deletes those first
    Column("correlation_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content", JSONB, nullable=False, server_default=EMPTY),
    Column("initiative", Boolean, nullable=False, server_default=text("false")),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("external_id", Text),  # the wamid, once the platform accepted it
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("unknowns", SmallInteger, nullable=False, server_default=text("0")),
    Column("error_code", Integer),
    Column("error", Text),
    at("created_at", default=NOW, nullable=False),
    at("due_at", default=NEVER, nullable=False),
    at("claimed_at"),
    at("settle_at"),  # until when a delivery status may tell what became of an unknown send
    at("sent_at"),
    at("delivered_at"),
    at("read_at"),
    Column(
        "open",  # those after it must wait
        Boolean,
        Computed("state in ('waiting', 'claimed') or (state = 'unknown' and settle_at is not null)", persisted=True),
        nullable=False,
    ),
    one_of("state", "waiting", "claimed", "sent", "delivered", "read", "failed", "unknown", "parked"),
    Index(
        "outbox_waiting", "channel_id", "initiative", "id", postgresql_where=text("state = 'waiting'")
    ),  # replies to customers before bulk
    Index("outbox_line", "conversation_id", "id", postgresql_where=text("open")),
    Index("outbox_conversation", "conversation_id", "id"),
    Index("outbox_external_id", "external_id", postgresql_where=text("external_id is not null")),
    Index("outbox_undecided", "id", postgresql_where=text("state in ('claimed', 'unknown')")),
    Index("outbox_parked", "id", postgresql_where=text("state = 'parked'")),
    Index("outbox_created_at", "created_at", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
    postgresql_with={"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 1000},
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("external_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("recipient", Text, nullable=False, server_default=text("''")),
    Column("outbox_id", BigInteger),  # none: parked until the message is known
    Column("callback_id", BigInteger),
    Column("error_code", Integer),
    Column("error", Text, nullable=False, server_default=text("''")),
    Column("pricing_category", Text, nullable=False, server_default=text("''")),
    Column("billable", Boolean),
    at("at"),
    at("received_at", default=NOW, nullable=False),
    UniqueConstraint("external_id", "state", "recipient"),
    Index("deliveries_parked", "external_id", postgresql_where=text("outbox_id is null")),
    Index("deliveries_outbox_id", "outbox_id"),
    Index("deliveries_received_at", "received_at", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
    one_of("state", "sent", "delivered", "read", "played", "failed"),
)

steps = Table(
    "steps",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),  # two histories of one conversation cannot both exist
    Column("event_id", BigInteger, nullable=False),
    Column("from_flow", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_flow", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("reading", JSONB),
    Column("replies", Integer, nullable=False, server_default=text("0")),
    Column("note", Text, nullable=False, server_default=text("''")),
    at("at", default=NOW, nullable=False),
    one_of("origin", "customer", "bot", "timer", "agent", "system"),
    Index("steps_person", "at", postgresql_where=text("trigger = 'person'")),
    Index("steps_at", "at", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
)

timers = Table(
    "timers",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    at("due_at", nullable=False),
    Column("rest_s", Float),  # ring only once the customer was silent this long
    Column("set_at_version", Integer, nullable=False),
    Column("content", JSONB, nullable=False, server_default=EMPTY),
    Index("timers_due_at", "due_at"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", Text, primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.id"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("event_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'pending'")),
    Column("summary", Text, nullable=False),
    Column("content", JSONB, nullable=False, server_default=EMPTY),
    at("created_at", default=NOW, nullable=False),
    at("resolved_at"),
    Column("assignee", Text),  # the address of the member of staff who looks after it
    Column("priority", Text, nullable=False, server_default=text("'normal'")),  # urgent: somebody is in danger
    one_of("priority", "normal", "urgent"),
    one_of("status", "pending", "in_progress", "resolved", "cancelled"),
    UniqueConstraint("event_id", "kind"),  # one confirmation, one ticket
    Index("tickets_conversation_id", "conversation_id", "created_at"),
    Index("tickets_created_at", "created_at", "number"),
    Index("tickets_beginning", "number", postgresql_ops={"number": "text_pattern_ops"}),  # search by how it begins
)

ticket_links = Table(  # whoever holds one may look at the ticket, for a while
    "ticket_links",
    metadata,
    Column("ticket", Text, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, nullable=False),
    at("expires_at", nullable=False),
)

ticket_changes = Table(  # what staff did with a ticket; events are not kept that long
    "ticket_changes",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("ticket", Text, ForeignKey("tickets.number", ondelete="CASCADE"), nullable=False),
    at("at", default=NOW, nullable=False),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", Text, nullable=False, server_default=text("''")),
    Column("after", Text, nullable=False, server_default=text("''")),
    Column("note", Text, nullable=False, server_default=text("''")),  # what the customer was told besides
    Column("event_id", BigInteger),  # the inbox row that tells the customer
    one_of("what", "status", "assignee"),
    Index("ticket_changes_ticket", "ticket", "id"),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("ticket", Text, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True),
    Column("question", SmallInteger, primary_key=True),  # a rating is counted once
    Column("rating", SmallInteger, nullable=False),
    at("at", default=NOW, nullable=False),
    CheckConstraint("question between 1 and 6", name="question_is_known"),
    CheckConstraint("rating between 1 and 5", name="rating_is_known"),
)

surveys = Table(
    "surveys",
    metadata,
    Column("ticket", Text, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("comment", Text, nullable=False, server_default=text("''")),
    at("sent_at"),
    at("finished_at"),
    one_of("status", "sent", "completed", "rejected", "expired"),
)

errands = Table(  # slow work that turns want; `media_jobs` is a view of photos and voice notes among them
    "errands",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("service", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("content", JSONB, nullable=False, server_default=text("'{}'")),
    Column("within_s", Float, nullable=False, server_default=text("50")),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("wanted", Integer, nullable=False, server_default=text("1")),
    Column("error", Text),
    Column("result", JSONB),
    Column("answer", JSONB),
    at("created_at", default=NOW, nullable=False),
    at("wanted_at", default=NOW, nullable=False),
    at("begun_at"),
    at("leased_until", default=NEVER, nullable=False),
    Column("lease_token", BigInteger),
    at("finished_at"),
    one_of("state", "waiting", "done", "failed", "unknown"),
    UniqueConstraint("conversation_id", "service", "key", name="errands_key_is_done_once"),
    Index("errands_waiting", "service", "id", postgresql_where=text("state = 'waiting'")),
    Index("errands_unknown", "id", postgresql_where=text("state = 'unknown'")),
)

quotes = Table(  # prices that were told to somebody; a sentence with a price cites one
    "quotes",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.id"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),  # of the question
    Column("number", BigInteger, nullable=False),
    Column("resource", Text, nullable=False),
    Column("period", TSTZRANGE, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),  # all of it, with tax
    Column("tax", Numeric(14, 2), nullable=False, server_default=text("0")),
    Column("currency", Text, nullable=False),
    Column("content", JSONB, nullable=False, server_default=EMPTY),
    Column("source", Text, nullable=False),
    at("read_at", nullable=False),
    at("good_until", nullable=False),
    at("created_at", default=NOW, nullable=False),
    CheckConstraint("amount >= 0 and tax >= 0", name="amount_is_no_debt"),
    UniqueConstraint("conversation_id", "key", "number", name="quotes_key_is_quoted_once"),
    Index("quotes_good_until", "good_until"),
)

holds = Table(  # units that somebody has for a period: until a time while held, for good once booked
    "holds",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.id"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("key", Text, nullable=False),  # its owner's: without it nobody prolongs or ends it
    Column("number", BigInteger, nullable=False, server_default=text("1")),
    Column("resource", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column(
        "place", Text, Computed(r"desk_id || e'\x1f' || resource || e'\x1f' || unit", persisted=True), nullable=False
    ),
    Column("period", TSTZRANGE, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'held'")),
    at("until", nullable=False),
    Column("kept", BigInteger, nullable=False, server_default=text("0")),  # times its owner had it prolonged
    at("created_at", default=NOW, nullable=False),
    at("ended_at"),
    one_of("state", "held", "booked", "released", "expired", "cancelled"),
    CheckConstraint("kept between 0 and 2", name="kept_twice_at_most"),
    ExcludeConstraint(
        (literal_column("text_range(place, place, '[]'::text)"), "&&"),
        ("period", "&&"),
        where=text("state in ('held', 'booked')"),
        name="holds_one_unit_has_one_holder",
    ),
    Index("holds_live", "desk_id", "key", "number", unique=True, postgresql_where=text("state in ('held', 'booked')")),
    Index("holds_lapsing", "until", postgresql_where=text("state = 'held'")),
    Index("holds_conversation_id", "conversation_id"),
)

hold_acts = Table(  # whatever was done with a hold, and each time that others had what somebody wanted
    "hold_acts",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("hold_id", BigInteger, ForeignKey("holds.id", ondelete="CASCADE")),
    Column("desk_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("period", TSTZRANGE, nullable=False),
    at("until"),
    at("at", default=NOW, nullable=False),
    one_of(
        "act",
        *("taken", "kept", "looked_at", "worked_on", "booked", "moved", "released", "expired", "cancelled", "conflict"),
    ),
    Index("hold_acts_hold_id", "hold_id"),
    Index("hold_acts_at", "at"),
)

bookings = Table(  # what was asked for under a key of ours, and what became of it
    "bookings",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("desk_id", Text, ForeignKey("desks.id"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("quote_id", BigInteger, ForeignKey("quotes.id", ondelete="SET NULL")),
    Column("key", Text, nullable=False),
    Column("hold_key", Text, nullable=False, server_default=text("''")),
    Column("reference", Text, nullable=False, server_default=text("''")),  # the number that its customer knows
    Column("resource", Text, nullable=False),
    Column("period", TSTZRANGE, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'unknown'")),
    Column("attention", Text, nullable=False, server_default=text("''")),  # what a person must look at
    Column("content", JSONB, nullable=False, server_default=EMPTY),
    Column("source", Text, nullable=False),
    at("created_at", default=NOW, nullable=False),
    at("changed_at", default=NOW, nullable=False),
    one_of("state", "unknown", "booked", "cancelled", "failed"),
    UniqueConstraint("desk_id", "key", name="bookings_key_is_booked_once"),
    Index("bookings_conversation_id", "conversation_id"),
    Index("bookings_reference", "desk_id", "reference"),
    Index("bookings_hold_key", "desk_id", "hold_key", postgresql_where=text("hold_key <> ''")),
    Index("bookings_quote_id", "quote_id"),
)

photos = Table(  # what was kept of a photo; the file itself is in the photo store, under its sha256
    "photos",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", BigInteger, nullable=False),  # the inbox row that brought it
    Column("purpose", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    at("received_at", nullable=False),
    at("stored_at", default=NOW, nullable=False),
    UniqueConstraint("event_id"),  # a photo is kept once
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_one"),
    Index("photos_conversation_id", "conversation_id", "received_at"),
    Index("photos_stored_at", "stored_at"),
    Index("photos_sha256", "sha256"),
)

proofs = Table(  # what customers proved something with (a photo, a number on it), each good for one thing of a desk
    "proofs",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("digest", Text, primary_key=True),  # of the value: the value itself is in the conversation
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("subject", Text, nullable=False),  # what it proves
    at("used_at", default=NOW, nullable=False),
    Index("proofs_conversation_id", "conversation_id"),
    Index("proofs_used_at", "used_at"),
)

own_files = Table(  # pictures of ours that replies of a conversation show, by the sha256 of their bytes
    "own_files",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("mime_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    at("said_at", default=NOW, nullable=False),
    CheckConstraint("name ~ '^[0-9a-f]{64}$'", name="name_is_a_sha256"),
    Index("own_files_said_at", "said_at"),
)

uploads = Table(  # ids under which a platform keeps own files of a number of ours, so that each is uploaded once
    "uploads",
    metadata,
    Column("channel_id", BigInteger, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("media_id", Text, nullable=False),
    at("uploaded_at", default=NOW, nullable=False),
    Index("uploads_uploaded_at", "uploaded_at"),
)

catalogue = Table(  # the lines of a business; their columns are the desk's: `Desk.catalogue`
    "catalogue",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("content", JSONB, nullable=False),
    Column("personal", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # its columns that name a person
)

# One table for each kind of line, as the version before reads and writes them: triggers keep them the same as the
# catalogue. The next version drops them.

equipment = Table(
    "equipment",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("code", Text, primary_key=True),  # the SAP number on the label
    Column("model", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("serial", Text, nullable=False, server_default=text("''")),
    Column("client", Text, nullable=False),
    Column("place", Text, nullable=False),
)

centres = Table(
    "centres",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("phone", Text, nullable=False, server_default=text("''")),
    Column("opens", Text, nullable=False),  # "08:00"
    Column("closes", Text, nullable=False),
    Column("days", ARRAY(SmallInteger), nullable=False),  # 1 Monday … 7 Sunday
    Column("active", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("latitude between -90 and 90 and longitude between -180 and 180", name="is_on_earth"),
)

customers = Table(
    "customers",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False, server_default=text("''")),
    Column("city", Text, nullable=False, server_default=text("''")),
)

vehicles = Table(  # of a desk that knows its own; one without any takes whatever code it is told
    "vehicles",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("plate", Text, nullable=False, server_default=text("''")),
)

survey_questions = Table(
    "survey_questions",
    metadata,
    Column("desk_id", Text, ForeignKey("desks.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("short", Text, nullable=False),  # for charts and lists
    CheckConstraint("number between 1 and 6", name="number_is_known"),
)

heartbeats = Table(  # who is at work: one row a process, gone when it ended in order
    "heartbeats",
    metadata,
    Column("process", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("jobs", ARRAY(Text), nullable=False),
    Column("version", Text, nullable=False, server_default=text("''")),  # of the program; '' before it was told
    Column("breakers", JSONB, nullable=False, server_default=EMPTY),  # its circuit breakers by name, and their states
    at("started_at", default=NOW, nullable=False),
    at("at", default=NOW, nullable=False),
)

operations = Table(  # backups, restores, drills, canaries, smokes, digests: what was done, and how it went
    "operations",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("what", Text, nullable=False),
    at("began_at", nullable=False),
    at("ended_at", default=NOW, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("detail", JSONB, nullable=False, server_default=EMPTY),
    Index("operations_what_ended_at", "what", "ended_at"),
    one_of("what", "backup", "restore", "drill", "canary", "smoke", "digest"),
)

alarms = Table(  # of the service, as Alertmanager tells them
    "alarms",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("runbook", Text, nullable=False),
    at("started_at", nullable=False),
    at("ended_at"),
    at("told_at", default=NOW, nullable=False),
)

log_level = Table(  # how much is logged, said at run time; no row: as each process was told
    "log_level",
    metadata,
    Column("one", Boolean, server_default=text("true"), primary_key=True),
    Column("level", Text, nullable=False),
    at("at", default=NOW, nullable=False),
    CheckConstraint("one", name="there_is_one"),
    one_of("level", "debug", "info", "warning", "error"),
)

happenings = (
    Table(  # what is not in any conversation, and worth to be seen: counted by each process, written by its pulse
        "happenings",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        at("at", nullable=False),
        Column("kind", Text, nullable=False),
        Column("name", Text, nullable=False, server_default=text("''")),
        Column("conversation_id", BigInteger),
        Column("count", Integer, nullable=False, server_default=text("1")),
        Column("detail", JSONB, nullable=False, server_default=EMPTY),
        one_of("kind", "conflict", "refused", "breaker"),
        Index("happenings_kind_at", "kind", "at"),
    )
)

last_posts = Table(  # when the platform last brought something signed for each number of ours
    "last_posts",
    metadata,
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True, autoincrement=False),
    at("at", nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("password_hash", Text),  # none: invited, and not here yet
    Column("role", Text, nullable=False),
    Column("desks", ARRAY(Text)),  # none: all of them
    Column("totp_secret", Text),  # sealed: core/sealing.py
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),  # the last code that opened
    Column("invitation_hash", Text),
    at("invitation_until"),
    at("created_at", default=NOW, nullable=False),
    at("signed_in_at"),
    at("disabled_at"),
    Column("news", JSONB, nullable=False, server_default=text("'[]'")),  # what the next sign-in tells
    CheckConstraint("email = lower(email) and email <> ''", name="email_is_plain"),
    one_of("role", "viewer", "operator", "analyst", "admin"),
    UniqueConstraint("email"),
    UniqueConstraint("invitation_hash"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("token_hash", Text, nullable=False),  # whoever reads this table cannot enter with it
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("complete", Boolean, nullable=False),  # not while the code of a second factor is owed
    Column("said", JSONB, nullable=False, server_default=text("'[]'")),  # what the next page shows
    Column("totp_secret", Text),  # sealed: of a second factor whose first code is awaited
    at("totp_until"),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("browser", Text, nullable=False, server_default=text("''")),
    at("created_at", default=NOW, nullable=False),
    at("seen_at", default=NOW, nullable=False),
    UniqueConstraint("token_hash"),
    Index("staff_sessions_staff_id", "staff_id"),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    at("paid_until", nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("1")),
)

audit = Table(  # only ever added to: a trigger gives each row its place in the chain, others refuse every change
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    at("at", nullable=False),
    Column("who", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=text("''")),
    Column("desk", Text, nullable=False, server_default=text("''")),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("via", Text, nullable=False, server_default=text("''")),  # the process that wrote it; the database's to tell
    Index("audit_did", "did", "id"),
    Index(
        "audit_of_booking", text("split_part(subject, ' ', 1)"), postgresql_where=text("subject ~ '^(booking|hold):'")
    ),
)

switches = Table(  # what staff turn off and on while everything runs; what has no row is on
    "switches",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # nothing for the AI, a flow's name, a number's address
    Column("off", Boolean, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("by", Text, nullable=False),
    at("at", default=NOW, nullable=False),
    at("until"),  # then it is on again by itself
    one_of("kind", "ai", "flow", "sending"),
    CheckConstraint("(kind = 'ai') = (subject = '')", name="subject_fits_kind"),
)

console_runs = Table(  # what each of the staff asked in the console; the oldest are forgotten
    "console_runs",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    at("at", default=NOW, nullable=False),
    Column("sql", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("ms", Integer, nullable=False),
    Index("console_runs_staff_id", "staff_id", "id"),
)

console_queries = Table(
    "console_queries",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("sql", Text, nullable=False),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    at("saved_at", default=NOW, nullable=False),
    UniqueConstraint("staff_id", "name"),
)

tombstones = Table(  # that a name was erased: keyed digests, so that a restored backup brings nobody back
    "tombstones",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("key", Text, nullable=False),  # which secret made it
    at("erased_at", nullable=False),
)

erased_events = Table(  # digests of the last days' events of erased people: a late copy is no new event
    "erased_events",
    metadata,
    Column("digest", Text, primary_key=True),
    at("at", default=NOW, nullable=False),
)

rollouts = Table(  # a new version that takes some conversations, whole, while the one before takes the others
    "rollouts",
    metadata,
    Column("one", Boolean, server_default=text("true"), primary_key=True),
    Column("version", Text, nullable=False),
    Column("share", Float, nullable=False),
    Column("conversations", ARRAY(BigInteger), nullable=False, server_default=EMPTY),  # taken besides the share
    Column("rest_s", Float, nullable=False),  # after so much silence a conversation begins anew
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    at("began_at", default=NOW, nullable=False),
    at("stage_at", default=NOW, nullable=False),
    CheckConstraint("one", name="there_is_one"),
    CheckConstraint("share between 0 and 100", name="share_is_percent"),
)

sweeps = Table(  # how far a sweep has come that leaves the rows where they are
    "sweeps",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("reached", BigInteger, nullable=False),
)
