"""Message marks

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_marks",
        sa.Column("ad_request_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ad_request_id"],
            ["ad_requests.id"],
            name=op.f("fk_message_marks_ad_request_id_ad_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_message_marks_user_id_users")
        ),
        sa.PrimaryKeyConstraint("ad_request_id", "user_id", name=op.f("pk_message_marks")),
    )


def downgrade() -> None:
    op.drop_table("message_marks")
