"""The migrations make what the models say, on both databases, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, Engine, MetaData, Table, inspect, select, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.core.extensions import db
from app.core.models import Base
from config import Settings

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}
MOMENT = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 (as SQLite stores it)
# Trigram indexes are made by the migrations alone; metadata cannot say them.
OPTIONS = {
    "compare_type": True,
    "include_name": lambda name, _kind, _parents: not (name or "").endswith("_trgm"),
}


@pytest.fixture
def empty(settings: Settings, another_database: Callable[[str], str]) -> Iterator[Flask]:
    """An app on a database without tables."""
    app = create_app(replace(settings, database_url=another_database("migrations")))
    with app.app_context():
        downgrade(revision="base")
        yield app
        db.session.remove()
        db.engine.dispose()


def triggers(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text(TRIGGERS[engine.dialect.name])))


def checks(engine: Engine) -> dict[str, list[str]]:
    """The words of every CHECK, by table and name: what autogeneration does not compare."""
    inspector = inspect(engine)
    return {
        f"{table}.{check['name']}": sorted(re.findall(r"\w+|[<>=]+", check["sqltext"].lower()))
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_migrations_make_what_the_models_say_and_can_be_taken_back(
    empty: Flask, another_database: Callable[[str], str], settings: Settings
) -> None:
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    assert triggers(db.engine) == []
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, Base.metadata) == []
    migrated = triggers(db.engine)
    checked = checks(db.engine)
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    Base.metadata.create_all(db.engine)
    assert triggers(db.engine) == migrated
    assert checks(db.engine) == checked
    assert len(migrated) >= 5


def old_row(table: str, **values: object) -> dict[str, object]:
    """Insert a row into a table as it is now, with something plain where a value is needed."""
    with db.engine.begin() as connection:
        found = Table(table, MetaData(), autoload_with=connection)
        plain = {
            column.name: _plain(column)
            for column in found.columns
            if not column.nullable and column.computed is None and column.name not in values
        }
        connection.execute(found.insert().values(**plain, **values))
    return values


def _plain(column: Column[Any]) -> object:
    kind = column.type.python_type
    return {str: "x", int: 1, float: 1.0, bool: False, datetime: MOMENT, dict: {}, object: {}}[kind]


def columns_of(table: str, row_id: str, *names: str) -> tuple[object, ...]:
    with db.engine.connect() as connection:
        found = Table(table, MetaData(), autoload_with=connection)
        row = connection.execute(
            select(*(found.c[name] for name in names)).where(found.c.id == row_id)
        ).one()
    return tuple(row)


def test_withdrawals_and_sponsors_survive_the_money_and_its_end(empty: Flask) -> None:
    upgrade(revision="0002")
    before = checks(db.engine)
    old_row("users", id="usr_1", role="influencer", status="active")
    old_row("influencers", id="inf_1", user_id="usr_1")
    old_row("sponsors", id="spo_1", slug="bean", kind="organisation")
    for number, status in enumerate(("paid", "sending", "awaiting_approval")):
        payment = old_row(
            "payments", id=f"pay_{number}", kind="withdrawal", status="pending",
            influencer_id="inf_1", amount=100, currency="EUR",
        )["id"]  # fmt: skip
        old_row(
            "withdrawals", id=f"wdr_{number}", payment_id=payment, influencer_id="inf_1",
            gateway="sandbox", status=status, external_id=f"po_{number}",
        )  # fmt: skip

    upgrade(revision="0003")

    timed = ("slug", "payments_timed", "payments_on_time", "payment_seconds", "payments_timed_on")
    assert columns_of("sponsors", "spo_1", *timed) == ("bean", 0, 0, 0, None)
    read = ("status", "external_id", "approvals_needed", "ended_at", "next_try_at")
    ended = columns_of("withdrawals", "wdr_0", *read)
    assert ended[:3] == ("paid", "po_0", 0)
    assert ended[3] is not None
    assert ended[4] is None
    under_way = columns_of("withdrawals", "wdr_1", *read)
    assert under_way[:4] == ("sending", "po_1", 0, None)
    assert under_way[4] is not None
    assert columns_of("withdrawals", "wdr_2", *read) == ("awaiting_approval", "po_2", 0, None, None)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE withdrawals SET status = 'cancelled' WHERE id = 'wdr_2'"))
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE sponsors SET payments_on_time = 1"))

    downgrade(revision="0002")

    assert checks(db.engine) == before
    assert columns_of("sponsors", "spo_1", "slug") == ("bean",)
    assert columns_of("withdrawals", "wdr_0", "status", "external_id") == ("paid", "po_0")
    assert columns_of("withdrawals", "wdr_2", "status", "approved_by") == ("failed", None)


def test_what_was_agreed_before_keeps_what_its_campaign_says(empty: Flask) -> None:
    upgrade(revision="0009")
    old_row("users", id="usr_1", role="influencer", status="active")
    old_row("influencers", id="inf_1", user_id="usr_1")
    old_row("sponsors", id="spo_1", slug="bean", kind="organisation")
    brief = {"hold_days": None, "time_zone": "Asia/Tokyo", "disclosure_rule": "Say it."}
    tags: Any = ["#ad"]
    old_row(
        "campaigns", id="cmp_1", sponsor_id="spo_1", status="published", visibility="public",
        approval="approved",
        attribution_touch="last", starts_on=MOMENT.date(), ends_on=MOMENT.date(), currency="EUR",
        disclosure_tags=tags, **brief,
    )  # fmt: skip
    for name, accepted_at in (("adr_1", MOMENT), ("adr_2", None)):
        old_row(
            "ad_requests", id=name, campaign_id="cmp_1", sponsor_id="spo_1",
            influencer_id="inf_1", origin="invitation", chosen_by="hand_picked",
            status="completed", currency="EUR", accepted_at=accepted_at,
            **dict.fromkeys(
                (
                    "fee_amount", "commission_cap_amount", "platform_fee_amount", "held_amount",
                    "released_amount", "refunded_amount", "platform_charged_amount",
                    "commission_paid_amount",
                ), 0,
            ),
        )  # fmt: skip
    upgrade(revision="0010")

    assert columns_of("ad_requests", "adr_1", "conditions") == ({**brief, "disclosure_tags": tags},)
    assert columns_of("ad_requests", "adr_2", "conditions") == (None,)
    downgrade(revision="0009")
    upgrade(revision="0010")


def test_an_order_that_was_cancelled_was_one_that_was_given_back(empty: Flask) -> None:
    upgrade(revision="0022")
    before = checks(db.engine)
    upgrade(revision="0023")
    old_row("users", id="usr_1", role="sponsor", status="active")
    old_row("sponsors", id="spn_1", slug="bean", kind="organisation")
    old_row(
        "orders", id="ord_1", sponsor_id="spn_1", source="csv", status="cancelled", currency="EUR",
        total_amount=100, net_amount=80, refunded_amount=0, told_amount=200, told_currency="EUR",
    )  # fmt: skip
    old_row("commissions", id="com_1", order_id="ord_1", withheld="cancelled", paid_amount=0,
            taken_back_amount=0)  # fmt: skip

    downgrade(revision="0022")

    assert columns_of("orders", "ord_1", "status", "refunded_amount") == ("refunded", 100)
    assert columns_of("commissions", "com_1", "withheld") == ("refunded",)
    assert checks(db.engine) == before
