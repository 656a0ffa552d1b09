"""What is taken back of releases, also after it was withdrawn.

Revision ID: 0014
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

# The CHECKs of `accounts`, before and after.
RULES = {
    "ck_accounts_account_kind": (
        "kind IN ('cash', 'sponsor_wallet', 'escrow', 'influencer_held', 'influencer_available',"
        " 'withdrawal_in_flight', 'platform_fees', 'clawback_receivable')",
        "kind IN ('cash', 'sponsor_wallet', 'escrow', 'influencer_held', 'influencer_available',"
        " 'withdrawal_in_flight', 'platform_fees', 'clawback_receivable', 'clawback_due')",
    ),
    "ck_accounts_sponsor_of_kind": (
        "(kind IN ('escrow', 'sponsor_wallet')) = (sponsor_id IS NOT NULL)",
        "(kind IN ('clawback_due', 'escrow', 'sponsor_wallet')) = (sponsor_id IS NOT NULL)",
    ),
}
IS_OWED = sa.text("owed > 0")


def upgrade() -> None:
    for name, (before, after) in RULES.items():
        _replace_check("accounts", name, before, after)
    op.execute(
        "ALTER TABLE ad_requests ADD COLUMN commission_returned_amount BIGINT NOT NULL DEFAULT 0"
        " CONSTRAINT ck_ad_requests_commission_returned_amount_floor"
        " CHECK (commission_returned_amount >= 0)"
        " CONSTRAINT ck_ad_requests_returned_within_paid"
        " CHECK (commission_returned_amount <= commission_paid_amount)"
    )
    op.create_table(
        "clawbacks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("milestone", sa.String(length=64), nullable=False),
        sa.Column("business_key", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_clawbacks_amount_positive")),
        sa.CheckConstraint(
            "owed >= 0 AND owed <= amount", name=op.f("ck_clawbacks_owed_within_amount")
        ),
        sa.CheckConstraint(
            "(owed = 0) = (settled_at IS NOT NULL)",
            name=op.f("ck_clawbacks_settled_when_nothing_owed"),
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_clawbacks_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_clawbacks_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clawbacks")),
        sa.UniqueConstraint(
            "reference",
            "milestone",
            "business_key",
            name=op.f("uq_clawbacks_reference_milestone_business_key"),
        ),
    )
    op.create_index(
        op.f("ix_clawbacks_influencer_id_created_at_id"),
        "clawbacks",
        ["influencer_id", "created_at", "id"],
    )
    for owner, more in (("influencer_id", ["created_at"]), ("sponsor_id", [])):
        op.create_index(
            f"ix_clawbacks_{owner}_owed",
            "clawbacks",
            [owner, "currency", *more],
            sqlite_where=IS_OWED,
            postgresql_where=IS_OWED,
        )


def downgrade() -> None:
    op.drop_table("clawbacks")
    op.execute("ALTER TABLE ad_requests DROP COLUMN commission_returned_amount")
    for name, (before, after) in RULES.items():
        _replace_check("accounts", name, after, before)


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
