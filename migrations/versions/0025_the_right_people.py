"""A new second factor waits in its session, failed tries are counted, staff are told news, and the audit knows the process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

CHAIN_LOCK = 7_878_002

FIELDS = """
    entry.id::text, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    entry.who, entry.did, entry.subject, entry.why, entry.desk
"""

HASH = """
create or replace function audit_hash(previous bytea, entry audit) returns bytea
language sql stable parallel safe set search_path = pg_catalog
as $$
select sha256(previous || convert_to(string_agg(octet_length(field) || ':' || field || ',', '' order by place), 'UTF8'))
from unnest(array[{fields}]{more}) with ordinality as fields (field, place)
$$
"""

# Rows from before there was a `via` keep the hash they have.
MORE = " || case when entry.via = '' then '{}'::text[] else array[entry.via] end"

CHAINED = f"""
create or replace function audit_chained() returns trigger language plpgsql as $$
declare
    last record;
begin
    perform pg_advisory_xact_lock({CHAIN_LOCK});  -- the next row waits for this one to be committed: the chain has one end
    select id, hash into last from audit order by id desc limit 1;
    new.id := coalesce(last.id, 0) + 1;
    new.at := clock_timestamp();
    %s
    new.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    new.hash := audit_hash(new.previous, new);
    return new;
end
$$
"""

VIA = "new.via := regexp_replace(current_setting('application_name'), '^turno ', '');"


def upgrade() -> None:
    op.add_column("staff_sessions", sa.Column("totp_secret", sa.Text()))
    op.add_column("staff_sessions", sa.Column("totp_until", TIMESTAMP(timezone=True)))
    op.add_column("staff", sa.Column("news", JSONB(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("sign_in_tries", sa.Column("tries", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("audit", sa.Column("via", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.execute(HASH.format(fields=FIELDS, more=MORE))
    op.execute(CHAINED % VIA)


def downgrade() -> None:
    op.execute(HASH.format(fields=FIELDS, more=""))
    op.execute(CHAINED % "")
    op.drop_column("audit", "via")
    op.drop_column("sign_in_tries", "tries")
    op.drop_column("staff", "news")
    op.drop_column("staff_sessions", "totp_until")
    op.drop_column("staff_sessions", "totp_secret")
