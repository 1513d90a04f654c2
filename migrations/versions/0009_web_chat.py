"""Web chat: its sessions, exact limits, and channels whose customers fetch their answers themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channels", sa.Column("pulled", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.create_table(
        "web_sessions",
        sa.Column("secret_hash", sa.Text, primary_key=True),
        sa.Column("channel_id", sa.Integer, sa.ForeignKey("channels.id"), nullable=False),
        sa.Column("csrf_token", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("seen_at", TIMESTAMP(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("ended_at", TIMESTAMP(timezone=True)),
    )
    op.create_index("web_sessions_seen_at", "web_sessions", ["seen_at"])
    op.create_table(
        "rate_windows",
        sa.Column("key_hash", sa.Text, primary_key=True),
        sa.Column("hits", ARRAY(TIMESTAMP(timezone=True)), nullable=False),
        sa.Column("took", sa.Boolean, nullable=False),
        sa.Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
    )
    op.create_index("rate_windows_expires_at", "rate_windows", ["expires_at"])


def downgrade() -> None:
    op.drop_table("rate_windows")
    op.drop_table("web_sessions")
    op.drop_column("channels", "pulled")
