"""Which paid withdrawals are looked up, what admins found out about others, and who took
the file of a batch.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COME_BACK_WITHIN = timedelta(days=14)


def upgrade() -> None:
    _look_up_the_latest_alone()
    op.add_column("payout_batches", sa.Column("downloaded_at", MOMENT))
    op.add_column("payout_batches", sa.Column("downloaded_by", sa.String(32)))
    op.create_table(
        "withdrawal_findings",
        sa.Column("withdrawal_id", sa.String(32), nullable=False),
        sa.Column("admin_id", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("entry_id", sa.String(64)),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('paid', 'failed')", name=op.f("ck_withdrawal_findings_finding_outcome")
        ),
        sa.CheckConstraint(
            "(outcome = 'paid') = (entry_id IS NOT NULL)",
            name=op.f("ck_withdrawal_findings_entry_of_paid"),
        ),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["users.id"], name=op.f("fk_withdrawal_findings_admin_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["withdrawals.id"],
            name=op.f("fk_withdrawal_findings_withdrawal_id_withdrawals"),
        ),
        sa.PrimaryKeyConstraint(
            "withdrawal_id", "admin_id", name=op.f("pk_withdrawal_findings")
        ),
    )


def downgrade() -> None:
    op.drop_table("withdrawal_findings")
    for column in ("downloaded_by", "downloaded_at"):
        op.execute(f"ALTER TABLE payout_batches DROP COLUMN {column}")


def _look_up_the_latest_alone() -> None:
    """Until now the moment of the next look stayed when a withdrawal had ended, and meant nothing."""
    rows = sa.table(
        "withdrawals",
        sa.column("status"),
        sa.column("gateway"),
        sa.column("ended_at", MOMENT),
        sa.column("next_try_at", MOMENT),
    )
    latest = sa.and_(
        rows.c.gateway == "stripe", rows.c.ended_at > datetime.now(UTC) - COME_BACK_WITHIN
    )
    op.execute(
        rows.update()
        .where(rows.c.status == "paid", sa.not_(sa.func.coalesce(latest, sa.false())))
        .values(next_try_at=None)
    )
