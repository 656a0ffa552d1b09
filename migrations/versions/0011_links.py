"""Domains of sponsors, tracking links, coupon codes and clicks

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

METHODS = ("dns", "file", "none")
STATUSES = ("active", "paused", "ended")
HEALTH = ("unknown", "ok", "redirected", "broken")
REASONS = (
    "counted",
    "head",
    "prefetch",
    "expired",
    "bot",
    "own_team",
    "duplicate",
    "over_limit",
)
COUNTING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _domains()
    _links()
    _coupon_codes()
    _clicks()


def downgrade() -> None:
    for table in (
        "link_table",
        "clicks",
        "click_segments",
        "coupon_codes",
        "tracking_links",
        "sponsor_domains",
    ):
        op.drop_table(table)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _reference(table: str, column: str, to: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, **options)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])


def _domains() -> None:
    op.create_table(
        "sponsor_domains",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("method", _choice("domain_method", METHODS), nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("check_reason", sa.String(length=24), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (method IS NULL)",
            name=op.f("ck_sponsor_domains_verified_by_a_method"),
        ),
        _reference("sponsor_domains", "sponsor_id", "sponsors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor_domains")),
        sa.UniqueConstraint("sponsor_id", "host", name=op.f("uq_sponsor_domains_sponsor_id_host")),
    )
    _index("sponsor_domains", "sponsor_id", "created_at", "id")


def _links() -> None:
    table = "tracking_links"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("brand_id", sa.String(length=32), nullable=True),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("ad_request_id", sa.String(length=32), nullable=True),
        sa.Column("product_id", sa.String(length=32), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("target", sa.String(length=2000), nullable=False),
        sa.Column("utm", sa.JSON(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("status", _choice("link_status", STATUSES), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("health", _choice("link_health", HEALTH), nullable=False),
        sa.Column("health_detail", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ad_request_id IS NULL OR campaign_id IS NOT NULL",
            name=op.f("ck_tracking_links_agreement_has_a_campaign"),
        ),
        _reference(table, "influencer_id", "influencers"),
        _reference(table, "sponsor_id", "sponsors"),
        _reference(table, "brand_id", "brands", ondelete="SET NULL"),
        _reference(table, "campaign_id", "campaigns"),
        _reference(table, "ad_request_id", "ad_requests"),
        _reference(table, "product_id", "products", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_links")),
        sa.UniqueConstraint("code", name=op.f("uq_tracking_links_code")),
    )
    op.create_index(
        "uq_tracking_links_ad_request_id_product_id_automatic",
        table,
        ["ad_request_id", "product_id"],
        unique=True,
        sqlite_where=sa.text("automatic"),
        postgresql_where=sa.text("automatic"),
    )
    op.create_index(
        "uq_tracking_links_ad_request_id_of_the_campaign",
        table,
        ["ad_request_id"],
        unique=True,
        sqlite_where=sa.text("automatic AND product_id IS NULL"),
        postgresql_where=sa.text("automatic AND product_id IS NULL"),
    )
    for owner in ("sponsor_id", "influencer_id", "ad_request_id", "campaign_id"):
        _index(table, owner, "created_at", "id")
    _index(table, "status", "checked_at", "id")
    _index(table, "brand_id")
    _index(table, "product_id")


def _coupon_codes() -> None:
    op.create_table(
        "coupon_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _reference("coupon_codes", "sponsor_id", "sponsors"),
        _reference("coupon_codes", "link_id", "tracking_links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_codes")),
        sa.UniqueConstraint("sponsor_id", "code", name=op.f("uq_coupon_codes_sponsor_id_code")),
    )
    _index("coupon_codes", "link_id")


def _clicks() -> None:
    op.create_table(
        "click_segments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("consumed_at", MOMENT, nullable=True),
        sa.CheckConstraint("position >= 0", name=op.f("ck_click_segments_position_floor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click_segments")),
        sa.UniqueConstraint("name", name=op.f("uq_click_segments_name")),
    )
    op.create_table(
        "clicks",
        sa.Column("id", COUNTING, autoincrement=True, nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("visitor", sa.String(length=16), nullable=False),
        sa.Column("address_hash", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.Column("referrer_host", sa.String(length=253), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("is_prefetch", sa.Boolean(), nullable=False),
        sa.Column("is_own_team", sa.Boolean(), nullable=False),
        sa.Column("is_expired", sa.Boolean(), nullable=False),
        sa.Column("reason", _choice("click_reason", REASONS), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        _reference("clicks", "segment_id", "click_segments"),
        _reference("clicks", "link_id", "tracking_links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clicks")),
        sa.UniqueConstraint(
            "segment_id", "position", name=op.f("uq_clicks_segment_id_position")
        ),
    )
    _index("clicks", "link_id", "hour", "reason", "address_hash")
    _index("clicks", "link_id", "id")
    _index("clicks", "visitor", "at")
    op.create_table(
        "link_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_table")),
    )
    link_table = sa.table("link_table", sa.column("id", sa.Integer), sa.column("version"))
    op.execute(sa.insert(link_table).values(id=1, version=1))
