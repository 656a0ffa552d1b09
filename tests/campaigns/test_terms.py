"""The rules of a brief, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.campaigns.terms import changed_fields, problems, tidied
from app.core.money import Money


def brief(**values: Any) -> dict[str, Any]:
    return {
        "starts_on": date(2030, 1, 1),
        "ends_on": date(2030, 3, 31),
        "time_zone": "Asia/Ho_Chi_Minh",
        "budget": Money(1000, "EUR"),
        "fee_from": None,
        "fee_to": None,
        "phases": [],
        "deliverables": [],
        **values,
    }


def phase(name: str, first: tuple[int, int], last: tuple[int, int]) -> dict[str, Any]:
    return {"name": name, "starts_on": date(2030, *first), "ends_on": date(2030, *last)}


def deliverable(**values: Any) -> dict[str, Any]:
    return {"title": "Video", "share": None, "due_on": None, **values}


def test_a_brief_in_order_has_no_problems():
    full = brief(
        phases=[phase("Two", (2, 1), (3, 31)), phase("One", (1, 1), (1, 31))],
        deliverables=[deliverable(share=60), deliverable(share=40, due_on="2030-03-31")],
        fee_from=Money(1, "EUR"),
        fee_to=Money(1000, "EUR"),
    )
    assert problems(full) == {}


def test_a_campaign_may_last_one_day():
    assert problems(brief(ends_on=date(2030, 1, 1))) == {}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": date(2029, 12, 31)}, "ends_on"),
        ({"ends_on": date(2041, 1, 1)}, "ends_on"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"phases": [phase("A", (1, 5), (1, 4))]}, "phases"),
        ({"phases": [phase("A", (1, 1), (4, 1))]}, "phases"),
        ({"phases": [{**phase("A", (1, 1), (1, 2)), "starts_on": date(2029, 12, 31)}]}, "phases"),
        ({"phases": [phase("A", (1, 1), (1, 9)), phase("B", (1, 9), (1, 12))]}, "phases"),
        ({"phases": [phase("B", (1, 4), (1, 5)), phase("A", (1, 1), (1, 9))]}, "phases"),
        ({"phases": [phase("A", (1, 1), (1, 2)), phase("a", (1, 3), (1, 4))]}, "phases"),
        ({"deliverables": [deliverable(share=99)]}, "deliverables"),
        ({"deliverables": [deliverable(share=100), deliverable()]}, "deliverables"),
        ({"deliverables": [deliverable(due_on="2030-04-01")]}, "deliverables"),
        ({"fee_from": Money(1, "USD")}, "fee_from"),
        ({"fee_to": Money(1001, "EUR")}, "fee_to"),
        ({"fee_from": Money(9, "EUR"), "fee_to": Money(8, "EUR")}, "fee_to"),
    ],
)
def test_each_fault_is_told_at_its_field(values: dict[str, Any], field: str):
    assert list(problems(brief(**values))) == [field]


def test_lists_are_tidied_so_that_the_same_brief_is_the_same_value():
    tidy = tidied(
        {
            "niches": ["Food ", "food", "Art  House"],
            "countries": ["Vietnam", "France", "vietnam"],
            "platforms": ["x", "x"],
            "deliverables": [{"title": "Reel", "due_on": date(2030, 1, 2)}],
        }
    )
    assert tidy["niches"] == ["art house", "food"]
    assert tidy["countries"] == ["France", "Vietnam"]
    assert tidy["platforms"] == ["x"]
    assert tidy["deliverables"][0]["due_on"] == "2030-01-02"


def test_a_new_currency_counts_as_a_changed_field():
    before = {"budget": Money(5, "EUR"), "title": "A"}
    assert changed_fields(before, {"budget": Money(6, "EUR"), "title": "A"}) == ("budget",)
    assert changed_fields(before, {"budget": Money(5, "USD"), "title": "A"}) == (
        "budget",
        "currency",
    )
