"""Files in the database, for web and worker machines that share no folder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", TIMESTAMP(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("name ~ '^[0-9a-f]{64}$'", name="files_name_is_its_sha256"),
    )
    op.execute("alter table files alter column content set storage external")  # a photo is compressed already
    op.create_index("files_stored_at", "files", ["stored_at"])


def downgrade() -> None:
    op.drop_table("files")
