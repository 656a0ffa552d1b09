"""What is wrong with links, domains and order sources; the deadline of each side of an agreement.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENTS = (
    ("tracking_links", "broken_since"),
    ("tracking_links", "blocked_at"),
    ("sponsor_domains", "lost_at"),
    ("sponsor_domains", "lapsed_at"),
    ("order_sources", "refused_at"),
    ("ad_requests", "sponsor_deadline"),
    ("ad_requests", "influencer_deadline"),
)
# What waits for each side, and so has its deadline.
WAITING = {"sponsor": ("in_review", "published"), "influencer": ("due", "approved")}
OTHERS = (
    ("tracking_links", "block_reason", "VARCHAR(500) NOT NULL DEFAULT ''"),
    ("order_sources", "refused_reason", "VARCHAR(40) NOT NULL DEFAULT ''"),
)


def upgrade() -> None:
    for table, name in MOMENTS:
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for table, name, kind in OTHERS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.execute("UPDATE tracking_links SET broken_since = checked_at WHERE health = 'broken'")
    for side, states in WAITING.items():
        named = ", ".join(f"'{state}'" for state in states)
        op.execute(
            f"UPDATE ad_requests SET {side}_deadline = COALESCE(("  # noqa: S608
            "SELECT MIN(deliverables.deadline) FROM deliverables"
            " WHERE deliverables.ad_request_id = ad_requests.id"
            f" AND deliverables.status IN ({named})"
            " AND ad_requests.accepted_at IS NOT NULL), next_deadline)"
            " WHERE next_deadline IS NOT NULL"
        )


def downgrade() -> None:
    for table, name in (*(one[:2] for one in OTHERS), *MOMENTS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
