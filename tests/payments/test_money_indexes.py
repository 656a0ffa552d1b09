"""What is asked under a lock, or again and again, is found by indexes."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.extensions import db
from app.payments import payout_details, payout_rules


def plan_of(statement: Any) -> str:
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return " ".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_leaves_through_a_gateway_is_summed_by_an_index(app: Flask) -> None:
    plan = plan_of(payout_rules._on_its_way("manual", "EUR"))
    assert "ix_accounts_kind_currency_reference (kind=? AND currency=? AND reference=?)" in plan


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_details_whose_secret_may_go_are_found_by_an_index(app: Flask) -> None:
    plan = plan_of(payout_details._droppable())
    assert "ix_payout_details_replaced_at_secret" in plan
    assert "SCAN payout_details" not in plan
