"""Which paid withdrawals are looked up.

Revision ID: 0022
Revises: 0018
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COME_BACK_WITHIN = timedelta(days=14)


def upgrade() -> None:
    _look_up_the_latest_alone()


def downgrade() -> None:
    pass


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
