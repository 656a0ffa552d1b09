"""Dashboards of the campaign statistics, their panels and the links that share them

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHARTS = ("figure", "line", "area", "bar", "stacked", "scatter", "heatmap", "table")


def upgrade() -> None:
    _dashboards()
    _panels()
    _shares()


def downgrade() -> None:
    op.drop_table("dashboard_shares")
    op.drop_table("dashboard_panels")
    op.drop_table("dashboards")


def _reference(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=ondelete
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _dashboards() -> None:
    table = "dashboards"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sponsor_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("last_days", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "last_days_range", "last_days BETWEEN 1 AND 730"),
        _check(table, "one_period", "last_days IS NULL OR (since IS NULL AND until IS NULL)"),
        _check(table, "ends_after_it_starts", "until >= since"),
        _reference(table, "sponsor_id", "sponsors"),
        _reference(table, "campaign_id", "campaigns", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboards")),
    )
    for columns in (
        ("sponsor_id", "updated_at", "id"),
        ("campaign_id",),
        ("updated_at", "id"),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])


def _panels() -> None:
    table = "dashboard_panels"
    chart = sa.Enum(
        *CHARTS, name="chart_kind", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dashboard_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("chart", chart, nullable=False),
        sa.Column("dimensions", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        _check(table, "position_floor", "position >= 0"),
        _check(table, "width_range", "width BETWEEN 1 AND 4"),
        _check(table, "height_range", "height BETWEEN 1 AND 3"),
        _reference(table, "dashboard_id", "dashboards", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_panels")),
        sa.UniqueConstraint(
            "dashboard_id", "position", name=op.f("uq_dashboard_panels_dashboard_id_position")
        ),
    )


def _shares() -> None:
    table = "dashboard_shares"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dashboard_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _check(table, "expires_later", "expires_at > created_at"),
        _reference(table, "dashboard_id", "dashboards", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_dashboard_shares_token_hash")),
    )
    op.create_index(
        op.f("ix_dashboard_shares_dashboard_id_created_at_id"),
        table,
        ["dashboard_id", "created_at", "id"],
    )
