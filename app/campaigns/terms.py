"""What a brief must satisfy, and which of its parts are terms of an agreement.

A brief is a mapping of field names to plain values: dates, Money, texts, lists. Everything here is
pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.core.clock import is_known_zone
from app.core.money import Money

LONGEST_DAYS = 3660

# What an influencer agrees to. A change of any of these makes an open offer stale.
TERMS = frozenset(
    {
        "description",
        "goals",
        "brand_id",
        "product_ids",
        "product_url",
        "starts_on",
        "ends_on",
        "time_zone",
        "phases",
        "deliverables",
        "usage_rights",
        "disclosure_rule",
        "disclosure_tags",
        "hold_days",
        "attribution_touch",
        "attribution_window_days",
        "coupon_beats_link",
        "fee_from",
        "fee_to",
        "currency",
    }
)

Problems = dict[str, str]


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as a brief keeps them: lists without doubles and in order, days as ISO texts
    where they lie in JSON."""
    tidy = dict(values)
    if "niches" in tidy:
        tidy["niches"] = sorted({" ".join(niche.lower().split()) for niche in tidy["niches"]})
    if "countries" in tidy:
        distinct = {country.casefold(): country for country in reversed(tidy["countries"])}
        tidy["countries"] = sorted(distinct.values())
    for name in ("platforms", "disclosure_tags"):
        if name in tidy:
            tidy[name] = list(dict.fromkeys(tidy[name]))
    if "product_ids" in tidy:
        tidy["product_ids"] = sorted(set(tidy["product_ids"]))
    if "phases" in tidy:
        tidy["phases"] = sorted(tidy["phases"], key=lambda phase: phase["starts_on"])
    if "deliverables" in tidy:
        tidy["deliverables"] = [_deliverable(item) for item in tidy["deliverables"]]
    return tidy


def problems(brief: Mapping[str, Any]) -> Problems:
    """What is wrong with a brief, by field; empty when nothing is."""
    found: Problems = {}
    found |= _dates(brief["starts_on"], brief["ends_on"])
    if not found:
        found |= _phases(brief["phases"], brief["starts_on"], brief["ends_on"])
        found |= _deliverables(brief["deliverables"], brief["ends_on"])
    if not is_known_zone(brief["time_zone"]):
        found["time_zone"] = "Give a time zone such as Europe/Paris."
    found |= _fees(brief["budget"], brief["fee_from"], brief["fee_to"])
    return found


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the fields whose value differs, sorted; a new currency counts as its own."""
    names = {name for name in after if before[name] != after[name]}
    if "budget" in names and before["budget"].currency != after["budget"].currency:
        names.add("currency")
    return tuple(sorted(names))


def _deliverable(item: Mapping[str, Any]) -> dict[str, Any]:
    due = item.get("due_on")
    return {
        "title": item["title"],
        "platform": item.get("platform"),
        "notes": item.get("notes", ""),
        "share": item.get("share"),
        "due_on": due.isoformat() if isinstance(due, date) else due,
    }


def _dates(starts_on: date, ends_on: date) -> Problems:
    if ends_on < starts_on:
        return {"ends_on": "The campaign ends before it starts."}
    if (ends_on - starts_on).days > LONGEST_DAYS:
        return {"ends_on": "A campaign lasts at most ten years."}
    return {}


def _phases(phases: Sequence[Mapping[str, Any]], starts_on: date, ends_on: date) -> Problems:
    before: Mapping[str, Any] | None = None
    names: set[str] = set()
    for phase in sorted(phases, key=lambda phase: phase["starts_on"]):
        name = phase["name"]
        if phase["ends_on"] < phase["starts_on"]:
            return {"phases": f"“{name}” ends before it starts."}
        if phase["starts_on"] < starts_on or phase["ends_on"] > ends_on:
            return {"phases": f"“{name}” lies outside the campaign's dates."}
        if before is not None and phase["starts_on"] <= before["ends_on"]:
            return {"phases": f"“{name}” begins before “{before['name']}” is over."}
        if name.casefold() in names:
            return {"phases": f"Two phases are called “{name}”."}
        names.add(name.casefold())
        before = phase
    return {}


def _deliverables(deliverables: Sequence[Mapping[str, Any]], ends_on: date) -> Problems:
    shares = [item["share"] for item in deliverables if item.get("share") is not None]
    if shares and (len(shares) != len(deliverables) or sum(shares) != 100):
        return {"deliverables": "Give every deliverable a share, 100 percent together; or none."}
    for item in deliverables:
        due = item.get("due_on")
        if due is not None and date.fromisoformat(due) > ends_on:
            return {"deliverables": f"“{item['title']}” is due after the campaign ends."}
    return {}


def _fees(budget: Money, lowest: Money | None, highest: Money | None) -> Problems:
    for name, fee in (("fee_from", lowest), ("fee_to", highest)):
        if fee is not None and fee.currency != budget.currency:
            return {name: f"The budget is in {budget.currency}; use the same currency."}
        if fee is not None and fee.amount > budget.amount:
            return {name: "This is more than the budget."}
    if lowest is not None and highest is not None and highest.amount < lowest.amount:
        return {"fee_to": "This is less than where the range begins."}
    return {}
