"""What a shop says of an order later: another total.

Revision ID: 0023
Revises: 0018
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE orders ADD COLUMN told_amount BIGINT"
        " CONSTRAINT ck_orders_told_amount_floor CHECK (told_amount >= 0)"
    )
    op.execute(
        "ALTER TABLE orders ADD COLUMN told_currency VARCHAR(3)"
        " CONSTRAINT ck_orders_told_in_a_currency"
        " CHECK ((told_amount IS NULL) = (told_currency IS NULL))"
    )


def downgrade() -> None:
    for name in ("told_currency", "told_amount"):
        op.execute(f"ALTER TABLE orders DROP COLUMN {name}")
