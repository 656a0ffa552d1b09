"""Until when a withdrawal should be approved and paid, and since when it is escalated.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = ("awaiting_approval", "queued", "sending", "unknown")
# As the setting has it by default.
PAID_WITHIN = timedelta(hours=120)
WITHDRAWALS = sa.table(
    "withdrawals",
    sa.column("id", sa.String),
    sa.column("status", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("escalate_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    for name in ("escalate_at", "escalated_at"):
        op.add_column("withdrawals", sa.Column(name, moment, nullable=True))
    op.create_index(op.f("ix_withdrawals_escalate_at_id"), "withdrawals", ["escalate_at", "id"])
    connection = op.get_bind()
    waiting = sa.select(WITHDRAWALS).where(WITHDRAWALS.c.status.in_(OPEN))
    for row in connection.execute(waiting).all():
        connection.execute(
            sa.update(WITHDRAWALS)
            .where(WITHDRAWALS.c.id == row.id)
            .values(escalate_at=row.created_at + PAID_WITHIN)
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_withdrawals_escalate_at_id"), table_name="withdrawals")
    for name in ("escalated_at", "escalate_at"):
        op.execute(f"ALTER TABLE withdrawals DROP COLUMN {name}")
