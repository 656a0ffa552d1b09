"""What a shop says of an order later: another total, that it was cancelled, that it goes on.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# CHECKs that allow one word more, before and after.
_STATUSES = "'paid', 'partly_refunded', 'refunded'"
_WITHHELD = (
    "'unverified', 'unattributed', 'no_agreement', 'no_commission', 'no_rate', 'cap', 'closed',"
    " 'refunded'"
)
RULES = {
    ("orders", "ck_orders_order_status"): (
        f"status IN ({_STATUSES})",
        f"status IN ({_STATUSES}, 'cancelled')",
    ),
    ("commissions", "ck_commissions_withheld"): (
        f"withheld IN ({_WITHHELD})",
        f"withheld IN ({_WITHHELD}, 'cancelled')",
    ),
}


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
    op.add_column("orders", sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE commissions ADD COLUMN repaid INTEGER NOT NULL DEFAULT 0")
    for (table, name), (before, after) in RULES.items():
        _replace_check(table, name, before, after)


def downgrade() -> None:
    # Before, a cancelled order was one that was given back whole.
    op.execute(
        "UPDATE orders SET status = 'refunded', refunded_amount = total_amount"
        " WHERE status = 'cancelled'"
    )
    op.execute("UPDATE commissions SET withheld = 'refunded' WHERE withheld = 'cancelled'")
    for (table, name), (before, after) in RULES.items():
        _replace_check(table, name, after, before)
    op.execute("ALTER TABLE commissions DROP COLUMN repaid")
    for name in ("as_of", "told_currency", "told_amount"):
        op.execute(f"ALTER TABLE orders DROP COLUMN {name}")


def _replace_check(table: str, name: str, old: str, new: str) -> None:
    """Other words for a CHECK. SQLite keeps the table, to which others point, and only reads its
    own text anew: no row breaks the new words."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, new)
        return
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
