"""The bank's own name of a statement entry, refusals for now, and events that were set aside.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The table's rows cannot be changed, so its guard is taken off while the column is filled.
GUARD = {
    "sqlite": [
        "CREATE TRIGGER gateway_entries_no_update BEFORE UPDATE ON gateway_entries "
        "BEGIN SELECT RAISE(ABORT, 'gateway_entries is append-only'); END",
    ],
    "postgresql": [
        "CREATE TRIGGER gateway_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "gateway_entries FOR EACH STATEMENT EXECUTE FUNCTION gateway_entries_append_only()",
    ],
}
DROP_GUARD = {
    "sqlite": ["DROP TRIGGER gateway_entries_no_update"],
    "postgresql": ["DROP TRIGGER gateway_entries_append_only ON gateway_entries"],
}
# A payout's line was `entry:reference` (18 characters), a returned one's `entry:reference:back`.
# Entries are booked in capitals now; only those of ASCII count, as in the application.
FILL = """
UPDATE gateway_entries SET statement_id = upper((CASE
  WHEN subject LIKE 'wdr%' AND amount < 0 THEN substr(external_id, 1, length(external_id) - 19)
  WHEN subject LIKE 'wdr%' THEN substr(external_id, 1, length(external_id) - 24)
  ELSE external_id END){collation})
WHERE gateway = 'manual'
"""
EVENT_COLUMNS = ("set_aside_by VARCHAR(32)", "set_aside_because VARCHAR(300)")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute("ALTER TABLE gateway_entries ADD COLUMN statement_id VARCHAR(120)")
    fill = FILL.format(collation=' COLLATE "C"' if dialect == "postgresql" else "")
    for statement in (*DROP_GUARD[dialect], fill, *GUARD[dialect]):
        op.execute(statement)
    op.create_index(
        op.f("ix_gateway_entries_gateway_statement_id"),
        "gateway_entries",
        ["gateway", "statement_id"],
    )
    op.execute(
        "ALTER TABLE withdrawals ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0"
        " CONSTRAINT ck_withdrawals_refusals_floor CHECK (refusals >= 0)"
    )
    for column in EVENT_COLUMNS:
        op.execute(f"ALTER TABLE gateway_events ADD COLUMN {column}")


def downgrade() -> None:
    for column in ("set_aside_because", "set_aside_by"):
        op.execute(f"ALTER TABLE gateway_events DROP COLUMN {column}")
    op.execute("ALTER TABLE withdrawals DROP COLUMN refusals")
    op.drop_index(op.f("ix_gateway_entries_gateway_statement_id"), table_name="gateway_entries")
    op.execute("ALTER TABLE gateway_entries DROP COLUMN statement_id")
