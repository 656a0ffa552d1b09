"""What of a gateway's cash is the operator's own, and what the gateway charges.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ACCOUNTS = (
    "kind IN ('cash', 'sponsor_wallet', 'escrow', 'influencer_held', 'influencer_available',"
    " 'withdrawal_in_flight', 'platform_fees', 'clawback_receivable', 'clawback_due'"
)
TRANSFERS = (
    "kind IN ('deposit', 'hold', 'release', 'commission', 'mature', 'refund', 'platform_fee',"
    " 'withdraw', 'payout', 'payout_failed', 'clawback', 'clawback_owed', 'clawback_repaid',"
    " 'reversal'"
)
# Table, name, before, after.
RULES = (
    ("accounts", "ck_accounts_account_kind", f"{ACCOUNTS})", f"{ACCOUNTS}, 'operator_money')"),
    (
        "accounts",
        "ck_accounts_balance_floor",
        "balance >= 0",
        "balance >= 0 OR kind IN ('operator_money')",
    ),
    (
        "transfers",
        "ck_transfers_transfer_kind",
        f"{TRANSFERS})",
        f"{TRANSFERS}, 'own_money', 'gateway_cost')",
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
