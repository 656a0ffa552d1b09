"""What of the campaign's brief holds for an agreement: kept at its acceptance

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = ("hold_days", "time_zone", "disclosure_rule", "disclosure_tags")
CAMPAIGNS = sa.table(
    "campaigns",
    sa.column("id", sa.String),
    sa.column("hold_days", sa.Integer),
    sa.column("time_zone", sa.String),
    sa.column("disclosure_rule", sa.Text),
    sa.column("disclosure_tags", sa.JSON),
)
AD_REQUESTS = sa.table(
    "ad_requests",
    sa.column("campaign_id", sa.String),
    sa.column("accepted_at", sa.DateTime),
    sa.column("conditions", sa.JSON),
)


def upgrade() -> None:
    op.execute("ALTER TABLE ad_requests ADD COLUMN conditions JSON")
    # What was agreed before keeps what its campaign says now. Days that the campaign leaves to the
    # platform stay with the platform's setting.
    agreed = sa.select(AD_REQUESTS.c.campaign_id).where(AD_REQUESTS.c.accepted_at.is_not(None))
    connection = op.get_bind()
    for row in connection.execute(sa.select(CAMPAIGNS).where(CAMPAIGNS.c.id.in_(agreed))).all():
        conditions: dict[str, Any] = {name: getattr(row, name) for name in KEPT}
        connection.execute(
            sa.update(AD_REQUESTS)
            .where(AD_REQUESTS.c.campaign_id == row.id, AD_REQUESTS.c.accepted_at.is_not(None))
            .values(conditions=conditions)
        )


def downgrade() -> None:
    op.execute("ALTER TABLE ad_requests DROP COLUMN conditions")
