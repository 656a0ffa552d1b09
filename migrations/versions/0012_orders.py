"""Orders of shops, receipts of whom they are credited to, commissions

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KINDS = ("accord", "shopify", "woocommerce", "csv", "script")
STATUSES = ("paid", "partly_refunded", "refunded")
WITHHELD = (
    "unverified",
    "unattributed",
    "no_agreement",
    "no_commission",
    "no_rate",
    "cap",
    "closed",
    "refunded",
)
SIDES = ("first", "last")
TOUCH_KINDS = ("click", "coupon")
OUTCOMES = (
    "won",
    "earlier",
    "later",
    "coupon_beats_link",
    "link_beats_coupon",
    "outside_window",
    "after_order",
    "bot",
    "prefetch",
    "over_limit",
    "own_team",
    "doubted",
    "link_ended",
    "before_agreement",
    "agreement_ended",
)
TABLES = (
    "receipt_touches",
    "receipts",
    "commissions",
    "orders",
    "order_sources",
    "exchange_rates",
)


def upgrade() -> None:
    _exchange_rates()
    _order_sources()
    _orders()
    _commissions()
    _receipts()
    _receipt_touches()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _exchange_rates() -> None:
    op.create_table(
        "exchange_rates",
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("into", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.String(length=24), nullable=False),
        sa.Column("stated_at", MOMENT, nullable=False),
        sa.Column("stated_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_exchange_rates_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("sponsor_id", "currency", "into", name=op.f("pk_exchange_rates")),
    )


def _order_sources() -> None:
    op.create_table(
        "order_sources",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("kind", _choice("order_source_kind", KINDS), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("hint", sa.String(length=20), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", MOMENT, nullable=True),
        sa.Column("rotated_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_order_sources_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_sources")),
        sa.UniqueConstraint("sponsor_id", "kind", name=op.f("uq_order_sources_sponsor_id_kind")),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("source", _choice("order_source_kind", KINDS), nullable=False),
        sa.Column("status", _choice("order_status", STATUSES), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), nullable=False),
        sa.Column("net_amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded_amount", sa.BigInteger(), nullable=False),
        sa.Column("click_id", sa.String(length=200), nullable=True),
        sa.Column("click_doubted", sa.Boolean(), nullable=False),
        sa.Column("coupons", sa.JSON(), nullable=False),
        sa.Column("touched_by", _choice("touched_by", KINDS), nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("verified_by", sa.String(length=32), nullable=True),
        sa.Column("link_id", sa.String(length=32), nullable=True),
        sa.Column("ad_request_id", sa.String(length=32), nullable=True),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("influencer_id", sa.String(length=32), nullable=True),
        sa.Column("counted_currency", sa.String(length=3), nullable=True),
        sa.Column("rate", sa.String(length=24), nullable=True),
        sa.Column("revenue_amount", sa.BigInteger(), nullable=True),
        sa.Column("refund_amount", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by IS NULL)",
            name=op.f("ck_orders_verified_by_somebody"),
        ),
        sa.CheckConstraint("net_amount <= total_amount", name=op.f("ck_orders_net_within_total")),
        sa.CheckConstraint("net_amount >= 0", name=op.f("ck_orders_net_amount_floor")),
        sa.CheckConstraint(
            "refund_amount BETWEEN 0 AND revenue_amount",
            name=op.f("ck_orders_refund_within_revenue"),
        ),
        sa.CheckConstraint(
            "refunded_amount <= total_amount", name=op.f("ck_orders_refunded_within_total")
        ),
        sa.CheckConstraint("refunded_amount >= 0", name=op.f("ck_orders_refunded_amount_floor")),
        sa.CheckConstraint("total_amount >= 0", name=op.f("ck_orders_total_amount_floor")),
        sa.ForeignKeyConstraint(
            ["ad_request_id"], ["ad_requests.id"], name=op.f("fk_orders_ad_request_id_ad_requests")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_orders_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"], ["influencers.id"], name=op.f("fk_orders_influencer_id_influencers")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["tracking_links.id"], name=op.f("fk_orders_link_id_tracking_links")
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsors.id"], name=op.f("fk_orders_sponsor_id_sponsors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "sponsor_id", "external_id", name=op.f("uq_orders_sponsor_id_external_id")
        ),
    )
    op.create_index(
        op.f("ix_orders_ad_request_id_ordered_at_id"),
        "orders",
        ["ad_request_id", "ordered_at", "id"],
    )
    op.create_index(
        op.f("ix_orders_campaign_id_ordered_at_id"), "orders", ["campaign_id", "ordered_at", "id"]
    )
    op.create_index(
        op.f("ix_orders_influencer_id_ordered_at_id"),
        "orders",
        ["influencer_id", "ordered_at", "id"],
    )
    op.create_index(op.f("ix_orders_link_id_ordered_at"), "orders", ["link_id", "ordered_at"])
    op.create_index(
        op.f("ix_orders_sponsor_id_created_at_id"), "orders", ["sponsor_id", "created_at", "id"]
    )
    op.create_index(
        op.f("ix_orders_sponsor_id_ordered_at_id"), "orders", ["sponsor_id", "ordered_at", "id"]
    )


def _commissions() -> None:
    op.create_table(
        "commissions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("ad_request_id", sa.String(length=32), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=True),
        sa.Column("due_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_amount", sa.BigInteger(), nullable=False),
        sa.Column("withheld", _choice("withheld", WITHHELD), nullable=True),
        sa.Column("payment_id", sa.String(length=32), nullable=True),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("due_amount >= 0", name=op.f("ck_commissions_due_amount_floor")),
        sa.CheckConstraint(
            "paid_amount = 0 OR ad_request_id IS NOT NULL",
            name=op.f("ck_commissions_paid_under_an_agreement"),
        ),
        sa.CheckConstraint("paid_amount >= 0", name=op.f("ck_commissions_paid_amount_floor")),
        sa.CheckConstraint(
            "taken_back_amount <= paid_amount", name=op.f("ck_commissions_taken_back_within_paid")
        ),
        sa.CheckConstraint(
            "taken_back_amount >= 0", name=op.f("ck_commissions_taken_back_amount_floor")
        ),
        sa.ForeignKeyConstraint(
            ["ad_request_id"],
            ["ad_requests.id"],
            name=op.f("fk_commissions_ad_request_id_ad_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_commissions_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_commissions_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commissions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_commissions_order_id")),
    )
    op.create_index(
        op.f("ix_commissions_ad_request_id_withheld"), "commissions", ["ad_request_id", "withheld"]
    )


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("is_replay", sa.Boolean(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("touch", _choice("attribution_touch", SIDES), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("coupon_beats_link", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("computed_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "NOT (decides AND is_replay)", name=op.f("ck_receipts_replays_do_not_decide")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipts_number_positive")),
        sa.CheckConstraint("window_days BETWEEN 1 AND 90", name=op.f("ck_receipts_window")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_receipts_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_receipts_order_id_number")),
    )
    op.create_index(
        "uq_receipts_order_id_decides",
        "receipts",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("decides"),
        postgresql_where=sa.text("decides"),
    )


def _receipt_touches() -> None:
    op.create_table(
        "receipt_touches",
        sa.Column("receipt_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("kind", _choice("touch_kind", TOUCH_KINDS), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", _choice("touch_outcome", OUTCOMES), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("ad_request_id", sa.String(length=32), nullable=True),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("coupon", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["ad_request_id"],
            ["ad_requests.id"],
            name=op.f("fk_receipt_touches_ad_request_id_ad_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_receipt_touches_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["influencer_id"],
            ["influencers.id"],
            name=op.f("fk_receipt_touches_influencer_id_influencers"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["tracking_links.id"],
            name=op.f("fk_receipt_touches_link_id_tracking_links"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_receipt_touches_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_receipt_touches_receipt_id_receipts")
        ),
        sa.PrimaryKeyConstraint("receipt_id", "position", name=op.f("pk_receipt_touches")),
    )
    op.create_index(
        op.f("ix_receipt_touches_influencer_id_order_id"),
        "receipt_touches",
        ["influencer_id", "order_id"],
    )
    op.create_index(op.f("ix_receipt_touches_order_id"), "receipt_touches", ["order_id"])
