"""Proofs of the ledger that are kept, and an index of what waits in each state.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 22:45:00.000000
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITING = "ix_deliverables_status_deadline_id"


def upgrade() -> None:
    op.create_table(
        "ledger_proofs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("broken", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_proofs")),
    )
    op.create_index(op.f("ix_ledger_proofs_at_id"), "ledger_proofs", ["at", "id"])
    op.create_index(op.f(WAITING), "deliverables", ["status", "deadline", "id"])


def downgrade() -> None:
    op.drop_index(op.f(WAITING), table_name="deliverables")
    op.drop_index(op.f("ix_ledger_proofs_at_id"), table_name="ledger_proofs")
    op.drop_table("ledger_proofs")
