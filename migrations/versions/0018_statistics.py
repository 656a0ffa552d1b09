"""Figures of published posts, and the daily rollups

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SOURCES = ("measured", "reported", "estimated")
PARTIES = ("sponsor", "influencer", "admin", "system")
INTERACTIONS = ("reactions", "comments", "shares")
SENTIMENTS = ("positive", "negative", "neutral", "not_concerned")
OPTIONAL = ("views", "followers", *SENTIMENTS)
POST_COLUMNS = ("views", "followers", "engaged", *INTERACTIONS, *SENTIMENTS)
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
CLICK_COLUMNS = tuple(f"clicks_{reason}" for reason in REASONS)
ORDER_COLUMNS = ("orders", "revenue", "refunds")


def upgrade() -> None:
    _post_figures()
    _statistics()


def downgrade() -> None:
    op.drop_table("statistics")
    op.drop_table("post_figures")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _counts(names: tuple[str, ...], *, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _not_negative(table: str, names: tuple[str, ...]) -> list[sa.CheckConstraint]:
    return [_check(table, f"{name}_floor", f"{name} >= 0") for name in names]


def _post_figures() -> None:
    table = "post_figures"
    whole = " AND ".join(f"(positive IS NULL) = ({name} IS NULL)" for name in SENTIMENTS[1:])
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("deliverable_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", _choice("party", PARTIES), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("source", _choice("figures_source", SOURCES), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        *_counts(INTERACTIONS),
        *_counts(OPTIONAL, nullable=True),
        sa.Column("screenshot_file_id", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.String(length=32), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check(table, "number_positive", "number > 0"),
        *_not_negative(table, (*INTERACTIONS, *OPTIONAL)),
        _check(table, "sentiment_whole", whole),
        _reference(table, "deliverable_id", "deliverables"),
        _reference(table, "corrects_id", "post_figures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_figures")),
        sa.UniqueConstraint(
            "deliverable_id", "number", name=op.f("uq_post_figures_deliverable_id_number")
        ),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_post_figures_corrects_id")),
    )
    op.create_index(
        "uq_post_figures_deliverable_id_current",
        table,
        ["deliverable_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )


def _statistics() -> None:
    table = "statistics"
    summed = ("posts", "figured", *POST_COLUMNS, *CLICK_COLUMNS, *ORDER_COLUMNS)
    op.create_table(
        table,
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=True),
        sa.Column("ad_request_id", sa.String(length=32), nullable=True),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("influencer_id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("figured", sa.Integer(), nullable=False),
        *_counts((*POST_COLUMNS, *CLICK_COLUMNS, *ORDER_COLUMNS, "spend")),
        *_not_negative(table, summed),
        _check(
            table,
            "of_one_subject",
            "(link_id IS NOT NULL AND subject_id = link_id) OR "
            "(link_id IS NULL AND subject_id = ad_request_id)",
        ),
        _reference(table, "link_id", "tracking_links"),
        _reference(table, "ad_request_id", "ad_requests"),
        _reference(table, "campaign_id", "campaigns"),
        _reference(table, "influencer_id", "influencers"),
        _reference(table, "sponsor_id", "sponsors"),
        sa.PrimaryKeyConstraint("subject_id", "day", name=op.f("pk_statistics")),
    )
    for columns in (
        ("campaign_id", "day"),
        ("influencer_id", "day"),
        ("sponsor_id", "day"),
        ("ad_request_id",),
        ("link_id",),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])
