"""What is asked under a lock, or again and again, is found by indexes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.extensions import db
from app.payments import payout_details, payout_rules, statement_lines
from app.payments.running import Period


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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_statement_reads_no_more_than_what_moved_since_its_first_day(app: Flask) -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    plan = plan_of(statement_lines._sums(["acc_1", "acc_2"], period))
    for side in ("debit", "credit"):
        index = f"ix_transfers_{side}_account_id_at ({side}_account_id=? AND at>?)"
        assert plan.count(index) == 2
    assert "SCAN transfers" not in plan
    assert plan.count("transfers USING") == 4
