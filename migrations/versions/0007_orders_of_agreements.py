"""The campaign's rule for orders, and the window in which commission may still be earned

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Added one by one, so that SQLite keeps the tables, to which many others point.
CAMPAIGN_COLUMNS = (
    "attribution_touch VARCHAR(24) NOT NULL DEFAULT 'last'"
    " CONSTRAINT ck_campaigns_attribution_touch CHECK (attribution_touch IN ('first', 'last'))",
    "attribution_window_days INTEGER NOT NULL DEFAULT 30 CONSTRAINT"
    " ck_campaigns_attribution_window CHECK (attribution_window_days BETWEEN 1 AND 90)",
    "coupon_beats_link BOOLEAN NOT NULL DEFAULT true",
)
AD_REQUEST_COLUMNS = (
    "attribution_touch VARCHAR(24)"
    " CONSTRAINT ck_ad_requests_attribution_touch CHECK (attribution_touch IN ('first', 'last'))",
    "attribution_window_days INTEGER",
    "coupon_beats_link BOOLEAN",
)


def upgrade() -> None:
    for column in CAMPAIGN_COLUMNS:
        op.execute(f"ALTER TABLE campaigns ADD COLUMN {column}")
    for column in (*AD_REQUEST_COLUMNS, f"commission_until {_moment()}"):
        op.execute(f"ALTER TABLE ad_requests ADD COLUMN {column}")
    op.create_index(
        op.f("ix_ad_requests_commission_until_id"), "ad_requests", ["commission_until", "id"]
    )
    # What was agreed before knew no other rule than the usual one.
    op.execute(
        "UPDATE ad_requests SET attribution_touch = 'last', attribution_window_days = 30,"
        " coupon_beats_link = true WHERE accepted_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_ad_requests_commission_until_id"), table_name="ad_requests")
    for column in (
        "commission_until",
        "coupon_beats_link",
        "attribution_window_days",
        "attribution_touch",
    ):
        op.execute(f"ALTER TABLE ad_requests DROP COLUMN {column}")
    for column in ("coupon_beats_link", "attribution_window_days", "attribution_touch"):
        op.execute(f"ALTER TABLE campaigns DROP COLUMN {column}")


def _moment() -> str:
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
