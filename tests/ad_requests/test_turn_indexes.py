"""What waits on the whole platform is found by indexes, however much there is of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from app.ad_requests import turn_list
from app.ad_requests.lifecycle import Party
from app.core.extensions import db


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_turns_of_the_platform_are_read_from_indexes(app: Flask) -> None:
    statement = turn_list._page(Party.ADMIN, False, None, False, False)
    compiled = statement.params(rows=10).compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = " ".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))
    assert plan.count("ix_deliverables_status_deadline_id (status=?)") == 4
    assert plan.count("ix_ad_requests_status_answer_by_id (status=?)") == 2
    assert "SCAN deliverables" not in plan
    assert "SCAN ad_requests" not in plan
