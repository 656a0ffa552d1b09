"""Indexes for what is on its way out, and for payout details whose secret may go.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TO_DROP = sa.text("replaced_at IS NOT NULL AND secret IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        op.f("ix_accounts_kind_currency_reference"), "accounts", ["kind", "currency", "reference"]
    )
    op.create_index(
        "ix_payout_details_replaced_at_secret",
        "payout_details",
        ["replaced_at"],
        sqlite_where=TO_DROP,
        postgresql_where=TO_DROP,
    )
    op.drop_index(op.f("ix_payout_details_replaced_at"), table_name="payout_details")


def downgrade() -> None:
    op.create_index(op.f("ix_payout_details_replaced_at"), "payout_details", ["replaced_at"])
    op.drop_index("ix_payout_details_replaced_at_secret", table_name="payout_details")
    op.drop_index(op.f("ix_accounts_kind_currency_reference"), table_name="accounts")
