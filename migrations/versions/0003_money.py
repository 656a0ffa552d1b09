"""Money

Payout details, approvals and batches, invoices, and how punctually sponsors pay.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What the metadata cannot say: rows of invoices are only added.
APPEND_ONLY = {
    "sqlite": [
        "CREATE TRIGGER invoices_no_update BEFORE UPDATE ON invoices BEGIN SELECT "
        "RAISE(ABORT, 'invoices is append-only'); END",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices BEGIN SELECT "
        "RAISE(ABORT, 'invoices is append-only'); END",
        "CREATE TRIGGER invoices_no_replace BEFORE INSERT ON invoices WHEN EXISTS (SELECT "
        "1 FROM invoices WHERE id = NEW.id OR (sponsor_id = NEW.sponsor_id AND series = "
        "NEW.series AND number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'invoices is "
        "append-only'); END",
        "CREATE TRIGGER invoice_lines_no_update BEFORE UPDATE ON invoice_lines BEGIN "
        "SELECT RAISE(ABORT, 'invoice_lines is append-only'); END",
        "CREATE TRIGGER invoice_lines_no_delete BEFORE DELETE ON invoice_lines BEGIN "
        "SELECT RAISE(ABORT, 'invoice_lines is append-only'); END",
        "CREATE TRIGGER invoice_lines_no_replace BEFORE INSERT ON invoice_lines WHEN "
        "EXISTS (SELECT 1 FROM invoice_lines WHERE id = NEW.id OR payment_id = "
        "NEW.payment_id OR (invoice_id = NEW.invoice_id AND position = NEW.position)) "
        "BEGIN SELECT RAISE(ABORT, 'invoice_lines is append-only'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION invoices_append_only() RETURNS trigger LANGUAGE "
        "plpgsql AS $$ BEGIN RAISE EXCEPTION 'invoices is append-only' USING ERRCODE = "
        "'restrict_violation'; END $$",
        "CREATE TRIGGER invoices_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "invoices FOR EACH STATEMENT EXECUTE FUNCTION invoices_append_only()",
        "CREATE OR REPLACE FUNCTION invoice_lines_append_only() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'invoice_lines is append-only' "
        "USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER invoice_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON invoice_lines FOR EACH STATEMENT EXECUTE FUNCTION "
        "invoice_lines_append_only()",
    ],
}
DROP_APPEND_ONLY = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS invoice_lines_no_update",
        "DROP TRIGGER IF EXISTS invoice_lines_no_delete",
        "DROP TRIGGER IF EXISTS invoice_lines_no_replace",
        "DROP TRIGGER IF EXISTS invoices_no_update",
        "DROP TRIGGER IF EXISTS invoices_no_delete",
        "DROP TRIGGER IF EXISTS invoices_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS invoice_lines_append_only ON invoice_lines",
        "DROP FUNCTION IF EXISTS invoice_lines_append_only()",
        "DROP TRIGGER IF EXISTS invoices_append_only ON invoices",
        "DROP FUNCTION IF EXISTS invoices_append_only()",
    ],
}

STATUSES_BEFORE = ("awaiting_approval", "queued", "sending", "unknown", "paid", "failed")
STATUSES = (*STATUSES_BEFORE, "refused", "cancelled")

# Added one by one, so that SQLite keeps the table of sponsors, to which many others point.
SPONSOR_COLUMNS = (
    "payments_timed INTEGER NOT NULL DEFAULT 0"
    " CONSTRAINT ck_sponsors_payments_timed_floor CHECK (payments_timed >= 0)",
    "payments_on_time INTEGER NOT NULL DEFAULT 0"
    " CONSTRAINT ck_sponsors_payments_on_time_floor CHECK (payments_on_time >= 0)"
    " CONSTRAINT ck_sponsors_on_time_within_timed CHECK (payments_on_time <= payments_timed)",
    "payment_seconds BIGINT NOT NULL DEFAULT 0"
    " CONSTRAINT ck_sponsors_payment_seconds_floor CHECK (payment_seconds >= 0)",
    "payments_timed_on DATE",
)


def upgrade() -> None:
    for column in SPONSOR_COLUMNS:
        op.execute(f"ALTER TABLE sponsors ADD COLUMN {column}")
    op.create_table(
        "payout_details",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "sandbox",
                "bank",
                "stripe",
                name="payout_method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "secret IS NOT NULL OR replaced_at IS NOT NULL",
            name=op.f("ck_payout_details_secret_of_the_current"),
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_payout_details_influencer_id_influencers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_details")),
    )
    op.create_index(
        op.f("ix_payout_details_influencer_id_created_at"),
        "payout_details",
        ["influencer_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payout_details_replaced_at"), "payout_details", ["replaced_at"], unique=False
    )
    op.create_index(
        "uq_payout_details_influencer_id_current",
        "payout_details",
        ["influencer_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_withdrawals(new=True)
    else:
        _add_to_withdrawals()
    for name, columns in (
        ("ix_withdrawals_created_at_id", ["created_at", "id"]),
        ("ix_withdrawals_payout_details_id", ["payout_details_id"]),
        ("ix_withdrawals_status_next_try_at", ["status", "next_try_at"]),
    ):
        op.create_index(op.f(name), "withdrawals", columns, unique=False)
    # What was under way is looked up at once; what had ended, ended when it last changed.
    op.execute(
        "UPDATE withdrawals SET next_try_at = updated_at"
        " WHERE status IN ('queued', 'sending', 'unknown')"
    )
    op.execute("UPDATE withdrawals SET ended_at = updated_at WHERE status IN ('paid', 'failed')")
    op.create_table(
        "withdrawal_approvals",
        sa.Column("withdrawal_id", sa.String(length=32), nullable=False),
        sa.Column("admin_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["users.id"], name=op.f("fk_withdrawal_approvals_admin_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["withdrawals.id"],
            name=op.f("fk_withdrawal_approvals_withdrawal_id_withdrawals"),
        ),
        sa.PrimaryKeyConstraint("withdrawal_id", "admin_id", name=op.f("pk_withdrawal_approvals")),
    )
    op.create_table(
        "payout_batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "closed",
                name="payout_batch_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount > 0 AND count > 0", name=op.f("ck_payout_batches_holds_something")
        ),
        sa.CheckConstraint(
            "waiting >= 0 AND waiting <= count", name=op.f("ck_payout_batches_waiting_within")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batches")),
    )
    op.create_index(
        op.f("ix_payout_batches_created_at_id"),
        "payout_batches",
        ["created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payout_batches_status_created_at"),
        "payout_batches",
        ["status", "created_at"],
        unique=False,
    )
    op.create_table(
        "payout_lines",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("withdrawal_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=25), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "paid",
                "failed",
                name="payout_line_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("entry_id", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'paid') = (entry_id IS NOT NULL)", name=op.f("ck_payout_lines_entry_of_paid")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["payout_batches.id"],
            name=op.f("fk_payout_lines_batch_id_payout_batches"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["withdrawals.id"],
            name=op.f("fk_payout_lines_withdrawal_id_withdrawals"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_lines")),
        sa.UniqueConstraint("withdrawal_id", name=op.f("uq_payout_lines_withdrawal_id")),
    )
    op.create_index(
        op.f("ix_payout_lines_batch_id_id"), "payout_lines", ["batch_id", "id"], unique=False
    )
    op.create_table(
        "invoice_counters",
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_invoice_counters_last_positive")),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_invoice_counters_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("sponsor_id", "series", name=op.f("pk_invoice_counters")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "credit_note",
                name="invoice_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=True),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("milestone", sa.String(length=64), nullable=False),
        sa.Column("credits_id", sa.String(length=32), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)",
            name=op.f("ck_invoices_credit_note_credits"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_invoices_number_positive")),
        sa.CheckConstraint("total_amount > 0", name=op.f("ck_invoices_total_positive")),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["invoices.id"], name=op.f("fk_invoices_credits_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_invoices_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_invoices_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "sponsor_id", "series", "number", name=op.f("uq_invoices_sponsor_id_series_number")
        ),
    )
    op.create_index(op.f("ix_invoices_credits_id"), "invoices", ["credits_id"], unique=False)
    op.create_index(
        op.f("ix_invoices_influencer_id_issued_at_id"),
        "invoices",
        ["influencer_id", "issued_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_invoices_issued_at_id"), "invoices", ["issued_at", "id"], unique=False)
    op.create_index(
        op.f("ix_invoices_reference_milestone"),
        "invoices",
        ["reference", "milestone"],
        unique=False,
    )
    op.create_index(
        op.f("ix_invoices_sponsor_id_issued_at_id"),
        "invoices",
        ["sponsor_id", "issued_at", "id"],
        unique=False,
    )
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("invoice_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "fee",
                "commission",
                "platform_fee",
                "clawback",
                name="invoice_line_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoice_lines_amount_positive")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_invoice_lines_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_lines_invoice_id_position")
        ),
        sa.UniqueConstraint("payment_id", name=op.f("uq_invoice_lines_payment_id")),
    )
    _run(APPEND_ONLY)


def downgrade() -> None:
    _run(DROP_APPEND_ONLY)
    for table in (
        "invoice_lines",
        "invoices",
        "invoice_counters",
        "payout_lines",
        "payout_batches",
        "withdrawal_approvals",
    ):
        op.drop_table(table)
    op.execute("UPDATE withdrawals SET status = 'failed' WHERE status IN ('refused', 'cancelled')")
    for name in ("created_at_id", "payout_details_id", "status_next_try_at"):
        op.drop_index(op.f(f"ix_withdrawals_{name}"), table_name="withdrawals")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_withdrawals(new=False)
    else:
        _take_from_withdrawals()
    op.drop_table("payout_details")
    for column in ("payments_timed_on", "payment_seconds", "payments_on_time", "payments_timed"):
        op.execute(f"ALTER TABLE sponsors DROP COLUMN {column}")


def _run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def _new_columns() -> list[sa.Column]:
    return [
        sa.Column("payout_details_id", sa.String(length=32), nullable=True),
        sa.Column("retries_id", sa.String(length=32), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("approvals_needed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _status_in(statuses: tuple[str, ...]) -> str:
    return "status IN (" + ", ".join(f"'{status}'" for status in statuses) + ")"


def _add_to_withdrawals() -> None:
    """PostgreSQL: no approver was ever written, so that column goes without a trace."""
    for column in _new_columns():
        op.add_column("withdrawals", column)
    op.drop_column("withdrawals", "approved_by")
    _swap_status_check(STATUSES)
    op.create_check_constraint(
        op.f("ck_withdrawals_approvals_needed_floor"), "withdrawals", "approvals_needed >= 0"
    )
    op.create_unique_constraint(op.f("uq_withdrawals_retries_id"), "withdrawals", ["retries_id"])
    op.create_foreign_key(
        op.f("fk_withdrawals_payout_details_id_payout_details"),
        "withdrawals",
        "payout_details",
        ["payout_details_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_withdrawals_retries_id_withdrawals"),
        "withdrawals",
        "withdrawals",
        ["retries_id"],
        ["id"],
    )


def _take_from_withdrawals() -> None:
    """PostgreSQL: constraints go with their columns."""
    for column in _new_columns():
        op.drop_column("withdrawals", column.name)
    op.add_column("withdrawals", sa.Column("approved_by", sa.String(length=32), nullable=True))
    _swap_status_check(STATUSES_BEFORE)


def _swap_status_check(statuses: tuple[str, ...]) -> None:
    name = op.f("ck_withdrawals_withdrawal_status")
    op.drop_constraint(name, "withdrawals", type_="check")
    op.create_check_constraint(name, "withdrawals", _status_in(statuses))


def _rebuild_withdrawals(*, new: bool) -> None:
    """SQLite: a table's CHECKs change only with the table. Nothing points to it at this moment,
    and it has no triggers."""
    before = (
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("requested_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    kept = ", ".join(column.name for column in before)
    added = (
        _new_columns() if new else [sa.Column("approved_by", sa.String(length=32), nullable=True)]
    )
    op.create_table(
        "withdrawals_next",
        *before,
        *added,
        sa.CheckConstraint(
            _status_in(STATUSES if new else STATUSES_BEFORE),
            name=op.f("ck_withdrawals_withdrawal_status"),
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_withdrawals_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_withdrawals_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint(
            "gateway", "external_id", name=op.f("uq_withdrawals_gateway_external_id")
        ),
        sa.UniqueConstraint("payment_id", name=op.f("uq_withdrawals_payment_id")),
        *(_new_constraints() if new else ()),
    )
    op.execute(f"INSERT INTO withdrawals_next ({kept}) SELECT {kept} FROM withdrawals")  # noqa: S608
    op.drop_table("withdrawals")
    op.rename_table("withdrawals_next", "withdrawals")
    for name, columns in (
        ("ix_withdrawals_influencer_id_created_at_id", ["influencer_id", "created_at", "id"]),
        ("ix_withdrawals_status_created_at", ["status", "created_at"]),
    ):
        op.create_index(op.f(name), "withdrawals", columns, unique=False)


def _new_constraints() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint(
            "approvals_needed >= 0", name=op.f("ck_withdrawals_approvals_needed_floor")
        ),
        sa.UniqueConstraint("retries_id", name=op.f("uq_withdrawals_retries_id")),
        sa.ForeignKeyConstraint(
            ["payout_details_id"],
            ["payout_details.id"],
            name=op.f("fk_withdrawals_payout_details_id_payout_details"),
        ),
        sa.ForeignKeyConstraint(
            ["retries_id"],
            ["withdrawals.id"],
            name=op.f("fk_withdrawals_retries_id_withdrawals"),
        ),
    )
