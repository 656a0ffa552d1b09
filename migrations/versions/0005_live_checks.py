"""Live checks

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REASONS = (
    "found",
    "not_found",
    "gone",
    "login_wall",
    "moved",
    "refused",
    "busy",
    "server_error",
    "other_answer",
    "unreachable",
    "not_public",
    "switched_off",
)


def upgrade() -> None:
    # Held by the column itself: so both databases can add and drop it without copying the table.
    known = ", ".join(f"'{reason}'" for reason in REASONS)
    op.add_column(
        "deliverables",
        sa.Column(
            "check_reason",
            sa.String(length=24),
            sa.CheckConstraint(
                f"check_reason IN ({known})", name=op.f("ck_deliverables_check_reason")
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "deliverables", sa.Column("check_missing_since", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("deliverables", "check_missing_since")
    op.drop_column("deliverables", "check_reason")
