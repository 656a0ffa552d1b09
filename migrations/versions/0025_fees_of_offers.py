"""The platform's fee and hold period at the making of an offer

Offers that were made before carry no platform fee and the default hold period; what was accepted
keeps what was agreed.

Revision ID: 0025
Revises: 0020
"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0020"
branch_labels = None
depends_on = None

# Written out: SQLite adds a column with its own check only, and offers allow no change of a row.
COLUMNS = {
    "platform_fee_amount": "BIGINT NOT NULL DEFAULT 0"
    " CONSTRAINT ck_offers_platform_fee_amount_not_negative CHECK (platform_fee_amount >= 0)",
    "hold_days": "INTEGER NOT NULL DEFAULT 7"
    " CONSTRAINT ck_offers_hold_days_range CHECK (hold_days BETWEEN 0 AND 90)",
}


def upgrade() -> None:
    for name, definition in COLUMNS.items():
        op.execute(f"ALTER TABLE offers ADD COLUMN {name} {definition}")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE offers DROP COLUMN {name}")
