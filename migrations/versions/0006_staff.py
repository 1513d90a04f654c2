"""Staff, their sessions, the throttle of sign-ins, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHAIN_LOCK = 7_878_002

HASH = """
create function audit_hash(previous bytea, entry audit) returns bytea
language sql stable parallel safe set search_path = pg_catalog
as $$
select sha256(previous || convert_to(string_agg(octet_length(field) || ':' || field || ',', '' order by place), 'UTF8'))
from unnest(array[
    entry.id::text, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    entry.who, entry.did, entry.subject, entry.why, entry.desk
]) with ordinality as fields (field, place)
$$
"""

CHAINED = f"""
create function audit_chained() returns trigger language plpgsql as $$
declare
    last record;
begin
    perform pg_advisory_xact_lock({CHAIN_LOCK});  -- the next row waits for this one to be committed: the chain has one end
    select id, hash into last from audit order by id desc limit 1;
    new.id := coalesce(last.id, 0) + 1;
    new.at := clock_timestamp();
    new.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    new.hash := audit_hash(new.previous, new);
    return new;
end
$$
"""

KEPT = """
create function audit_kept() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is only ever added to' using errcode = 'insufficient_privilege';
end
$$
"""

TRIGGERS = (
    "create trigger audit_chained before insert on audit for each row execute function audit_chained()",
    "create trigger audit_kept before update or delete on audit for each row execute function audit_kept()",
    "create trigger audit_kept_whole before truncate on audit for each statement execute function audit_kept()",
    "alter table audit enable always trigger audit_chained",
    "alter table audit enable always trigger audit_kept",
    "alter table audit enable always trigger audit_kept_whole",
    "revoke all on audit from public",
    "revoke update, delete, truncate on audit from current_user",
)


def at(name: str, *, default: str | None = None, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(
        name, TIMESTAMP(timezone=True), server_default=sa.text(default) if default else None, nullable=nullable
    )


def upgrade() -> None:
    _staff()
    _sessions()
    _audit()


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("desks", ARRAY(sa.Text())),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("invitation_hash", sa.Text()),
        at("invitation_until"),
        at("created_at", default="now()", nullable=False),
        at("signed_in_at"),
        at("disabled_at"),
        sa.CheckConstraint("email = lower(email) and email <> ''", name=op.f("staff_email_is_plain")),
        sa.CheckConstraint("role in ('viewer', 'operator', 'analyst', 'admin')", name=op.f("staff_role_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_pkey")),
        sa.UniqueConstraint("email", name=op.f("staff_email_key")),
        sa.UniqueConstraint("invitation_hash", name=op.f("staff_invitation_hash_key")),
    )


def _sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("said", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("browser", sa.Text(), server_default=sa.text("''"), nullable=False),
        at("created_at", default="now()", nullable=False),
        at("seen_at", default="now()", nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("staff_sessions_staff_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_sessions_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("staff_sessions_token_hash_key")),
    )
    op.create_index("staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        at("paid_until", nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("sign_in_tries_pkey")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        at("at", nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("desk", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pkey")),
    )
    op.create_index("audit_did", "audit", ["did", "id"])
    for statement in (HASH, CHAINED, KEPT, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop function audit_hash(bytea, audit)")
    op.drop_table("audit")
    op.execute("drop function audit_chained()")
    op.execute("drop function audit_kept()")
    for table in ("sign_in_tries", "staff_sessions", "staff"):
        op.drop_table(table)
