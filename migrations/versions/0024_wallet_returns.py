"""Money of a wallet that goes back to its sponsor.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PAYMENTS = (
    "kind IN ('deposit', 'hold', 'release', 'commission', 'refund', 'fee', 'withdrawal',"
    " 'clawback'"
)
TRANSFERS = (
    "kind IN ('deposit', 'hold', 'release', 'commission', 'mature', 'refund', 'platform_fee',"
    " 'withdraw', 'payout', 'payout_failed', 'clawback', 'clawback_owed', 'clawback_repaid',"
    " 'reversal', 'own_money', 'gateway_cost'"
)
# Table, name, before, after.
RULES = (
    (
        "payments",
        "ck_payments_payment_kind",
        f"{PAYMENTS})",
        f"{PAYMENTS}, 'wallet_return')",
    ),
    (
        "transfers",
        "ck_transfers_transfer_kind",
        f"{TRANSFERS})",
        f"{TRANSFERS}, 'wallet_return')",
    ),
)


def upgrade() -> None:
    for table, name, before, after in RULES:
        _replace_check(table, name, before, after)


def downgrade() -> None:
    for table, name, before, after in RULES:
        _replace_check(table, name, after, before)


def _replace_check(table: str, name: str, old: str, new: str) -> None:
    """Other words for a CHECK. SQLite keeps the table, to which others point, and only reads its
    own text anew: a CHECK that allows more needs no look at the rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, new)
        return
    connection = op.get_bind()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :old, :new)"
            " WHERE type = 'table' AND name = :table AND instr(sql, :old) > 0"
        ),
        {
            "old": f"CONSTRAINT {name} CHECK ({old})",
            "new": f"CONSTRAINT {name} CHECK ({new})",
            "table": table,
        },
    )
    assert changed.rowcount == 1, f"{name} reads otherwise"
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
