"""The sponsor's campaigns as CSV."""

from __future__ import annotations

import csv
import io

import pytest

from app.core.money import Money
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_influencer, make_sponsor

pytestmark = pytest.mark.usefixtures("app")


def rows(client: SignedIn, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/sponsor/campaigns.csv{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "campaigns-20" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_the_file_holds_the_own_campaigns_in_major_units():
    sponsor = make_sponsor()
    make_campaign(sponsor, title="First", budget=Money(123_450, "EUR"), niches=["a", "b"])
    make_campaign(sponsor, "draft", title="Second", budget=Money(500, "VND"))
    make_campaign(make_sponsor(), title="Another's")
    found = rows(SignedIn(sponsor))
    assert [row["title"] for row in found] == ["First", "Second"]
    assert [row["budget"] for row in found] == ["1234.50", "500"]
    assert found[0]["niches"] == "a, b"


def test_no_cell_starts_a_formula():
    sponsor = make_sponsor()
    for title in ("=1+1", "+1", "-1", "@SUM(A1)", "＝1", '"=1", ok'):
        make_campaign(sponsor, title=title)
    titles = [row["title"] for row in rows(SignedIn(sponsor))]
    assert titles == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'＝1", '"=1", ok']


def test_the_filters_of_the_list_hold_for_the_file():
    sponsor = make_sponsor()
    make_campaign(sponsor, title="Open")
    make_campaign(sponsor, "draft", title="Draft")
    assert [row["title"] for row in rows(SignedIn(sponsor), "?status=draft")] == ["Draft"]
    assert SignedIn(sponsor).get("/sponsor/campaigns.csv?limit=5").status_code == 422


def test_nobody_else_gets_the_file():
    assert SignedIn(make_influencer()).get("/sponsor/campaigns.csv").status_code == 403
