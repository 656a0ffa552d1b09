"""An index of the gateway events that were set aside.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME = "ix_gateway_events_received_at_set_aside"
IS_SET_ASIDE = sa.text("set_aside_by IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        NAME,
        "gateway_events",
        ["received_at", "id"],
        sqlite_where=IS_SET_ASIDE,
        postgresql_where=IS_SET_ASIDE,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="gateway_events")
