"""The text search has an index on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.campaigns import ddl
from app.core.extensions import db
from tests.factories.campaigns import make_campaign
from tests.factories.identity import make_sponsor


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("app")
def test_a_word_is_looked_up_by_its_trigrams():
    make_campaign(make_sponsor())
    # A table of one row is always read whole, unless that is forbidden.
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = db.session.scalars(
        text("EXPLAIN SELECT id FROM campaigns WHERE search_text LIKE '%coffee%' ESCAPE '\\'")
    )
    assert any(ddl.INDEX in line for line in plan)
