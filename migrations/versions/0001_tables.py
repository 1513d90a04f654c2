"""The tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("opted_out_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("contacts_pkey")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("callback_id", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("pricing_category", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('sent', 'delivered', 'read', 'played', 'failed')", name=op.f("deliveries_state_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("deliveries_pkey")),
        sa.UniqueConstraint(
            "external_id", "state", "recipient", name=op.f("deliveries_external_id_state_recipient_key")
        ),
    )
    op.create_index("deliveries_outbox_id", "deliveries", ["outbox_id"], unique=False)
    op.create_index(
        "deliveries_parked", "deliveries", ["external_id"], unique=False, postgresql_where=sa.text("outbox_id is null")
    )
    op.create_table(
        "desks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("menu", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("desks_pkey")),
    )
    op.create_table(
        "aliases",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("learned_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('bsuid', 'parent_bsuid', 'wa_id', 'web', 'email')", name=op.f("aliases_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("aliases_contact_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scope", "kind", "value", name=op.f("aliases_pkey")),
    )
    op.create_index("aliases_contact_id", "aliases", ["contact_id"], unique=False)
    op.create_table(
        "centres",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "latitude between -90 and 90 and longitude between -180 and 180", name=op.f("centres_is_on_earth")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("centres_desk_id_fkey")),
        sa.PrimaryKeyConstraint("desk_id", "code", name=op.f("centres_pkey")),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), server_default=sa.text("'default'"), nullable=False),
        sa.Column("rate_per_s", sa.Float(), nullable=True),
        sa.Column("fallback_template", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "pace_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.Column(
            "paused_until", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.Column("paused_why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("channels_desk_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("channels_pkey")),
        sa.UniqueConstraint("kind", "address", name=op.f("channels_kind_address_key")),
    )
    op.create_table(
        "equipment",
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("equipment_desk_id_fkey")),
        sa.PrimaryKeyConstraint("desk_id", "code", name=op.f("equipment_pkey")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "pace_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.Column(
            "send_after", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("conversations_channel_id_fkey")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("conversations_contact_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("conversations_pkey")),
        sa.UniqueConstraint("channel_id", "contact_id", name=op.f("conversations_channel_id_contact_id_key")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("conversations_contact_id", "conversations", ["contact_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("raw", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_retry_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'done', 'buried')", name=op.f("inbox_state_is_known")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("inbox_channel_id_fkey")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("inbox_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_pkey")),
        sa.UniqueConstraint("channel_id", "external_id", name=op.f("inbox_channel_id_external_id_key")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 1000},
    )
    op.create_index("inbox_buried", "inbox", ["id"], unique=False, postgresql_where=sa.text("state = 'buried'"))
    op.create_index("inbox_conversation", "inbox", ["conversation_id", "id"], unique=False)
    op.create_index(
        "inbox_line", "inbox", ["conversation_id", "id"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index("inbox_waiting", "inbox", ["id"], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table(
        "media_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "leased_until", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.Column("lease_token", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('image', 'audio')", name=op.f("media_jobs_kind_is_known")),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed')", name=op.f("media_jobs_state_is_known")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("media_jobs_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("media_jobs_pkey")),
    )
    op.create_index(
        "media_jobs_waiting", "media_jobs", ["id"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("initiative", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unknowns", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False),
        sa.Column("claimed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settle_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("delivered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("read_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "open",
            sa.Boolean(),
            sa.Computed(
                "state in ('waiting', 'claimed') or (state = 'unknown' and settle_at is not null)", persisted=True
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'claimed', 'sent', 'delivered', 'read', 'failed', 'unknown', 'parked')",
            name=op.f("outbox_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("outbox_channel_id_fkey")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("outbox_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 1000},
    )
    op.create_index("outbox_conversation", "outbox", ["conversation_id", "id"], unique=False)
    op.create_index(
        "outbox_external_id",
        "outbox",
        ["external_id"],
        unique=False,
        postgresql_where=sa.text("external_id is not null"),
    )
    op.create_index("outbox_line", "outbox", ["conversation_id", "id"], unique=False, postgresql_where=sa.text("open"))
    op.create_index(
        "outbox_undecided", "outbox", ["id"], unique=False, postgresql_where=sa.text("state in ('claimed', 'unknown')")
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["channel_id", "initiative", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "sessions",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("flow", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("flow_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("memory", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("heard_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("lease_token", sa.BigInteger(), nullable=True),
        sa.Column(
            "leased_until", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.Column("claims", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("sessions_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("sessions_pkey")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "steps",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("from_flow", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_flow", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("reading", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("replies", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "origin in ('customer', 'bot', 'timer', 'agent', 'system')", name=op.f("steps_origin_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("steps_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "version", name=op.f("steps_pkey")),
    )
    op.create_table(
        "tickets",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resolved_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('pending', 'in_progress', 'resolved', 'cancelled')", name=op.f("tickets_status_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("tickets_conversation_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("tickets_desk_id_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("tickets_pkey")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("tickets_event_id_kind_key")),
    )
    op.create_index("tickets_conversation_id", "tickets", ["conversation_id", "created_at"], unique=False)
    op.create_table(
        "timers",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rest_s", sa.Float(), nullable=True),
        sa.Column("set_at_version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("timers_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "name", name=op.f("timers_pkey")),
    )
    op.create_index("timers_due_at", "timers", ["due_at"], unique=False)
    op.create_table(
        "survey_answers",
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("question", sa.SmallInteger(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("question between 1 and 6", name=op.f("survey_answers_question_is_known")),
        sa.CheckConstraint("rating between 1 and 5", name=op.f("survey_answers_rating_is_known")),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("survey_answers_ticket_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket", "question", name=op.f("survey_answers_pkey")),
    )
    op.create_table(
        "surveys",
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('sent', 'completed', 'rejected', 'expired')", name=op.f("surveys_status_is_known")
        ),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("surveys_ticket_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket", name=op.f("surveys_pkey")),
    )


def downgrade() -> None:
    op.drop_table("surveys")
    op.drop_table("survey_answers")
    op.drop_index("timers_due_at", table_name="timers")
    op.drop_table("timers")
    op.drop_index("tickets_conversation_id", table_name="tickets")
    op.drop_table("tickets")
    op.drop_table("steps")
    op.drop_table("sessions")
    op.drop_index("outbox_waiting", table_name="outbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("outbox_undecided", table_name="outbox", postgresql_where=sa.text("state in ('claimed', 'unknown')"))
    op.drop_index("outbox_line", table_name="outbox", postgresql_where=sa.text("open"))
    op.drop_index("outbox_external_id", table_name="outbox", postgresql_where=sa.text("external_id is not null"))
    op.drop_index("outbox_conversation", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("media_jobs_waiting", table_name="media_jobs", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table("media_jobs")
    op.drop_index("inbox_waiting", table_name="inbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("inbox_line", table_name="inbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("inbox_conversation", table_name="inbox")
    op.drop_index("inbox_buried", table_name="inbox", postgresql_where=sa.text("state = 'buried'"))
    op.drop_table("inbox")
    op.drop_index("conversations_contact_id", table_name="conversations")
    op.drop_table("conversations")
    op.drop_table("equipment")
    op.drop_table("channels")
    op.drop_table("centres")
    op.drop_index("aliases_contact_id", table_name="aliases")
    op.drop_table("aliases")
    op.drop_table("desks")
    op.drop_index("deliveries_parked", table_name="deliveries", postgresql_where=sa.text("outbox_id is null"))
    op.drop_index("deliveries_outbox_id", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_table("contacts")
