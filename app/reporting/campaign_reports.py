"""The report of a campaign, read from the daily rollups: by phase, influencer, choice and day.

A post's interactions and fees belong to the phase of the post, clicks and orders to the phase of
their own time, in the campaign's time zone. What lies outside every phase has its own row. An
influencer sees the own part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, case, cast, func, literal, null, select

from app.ad_requests.lifecycle import ChosenBy
from app.ad_requests.models import AdRequest
from app.attribution.click_rules import Reason
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role
from app.core.clock import now
from app.core.errors import NotFound
from app.core.extensions import db
from app.identity.models import Influencer
from app.identity.shown import money_of
from app.reporting import report_sources
from app.reporting.campaign_report import SENTIMENTS, Change, Counts, changes, rates, total
from app.statistics.daily import day_in
from app.statistics.models import CLICK_COLUMNS, Statistics

INFLUENCERS_SHOWN = 200

_AMOUNTS = ("revenue", "refunds", "spend")
_EACH = ("cost_per_click", "cost_per_order", "revenue_per_influencer")
_PLAIN = ("posts", "figured", "views", "reactions", "comments", "shares", "clicks", "orders")
_READ = (
    *("posts", "figured", "views", "followers", "engaged", "reactions", "comments", "shares"),
    *SENTIMENTS,
    *("orders", "revenue", "refunds", "spend"),
)
_BRIEF = ("posts", "clicks", "orders")


def report(actor: Actor, *, campaign_id: str) -> dict[str, Any]:
    """The whole report: a constant number of statements, however much was counted.

    Raises NotFound, also for an influencer without an agreement in the campaign.
    """
    campaign = _campaign(actor, campaign_id)
    part: list[ColumnElement[bool]] = [Statistics.campaign_id == campaign.id]
    if actor.role is Role.INFLUENCER:
        part.append(Statistics.influencer_id == actor.influencer_id)
    cells = _cells(campaign, part)
    whole = total(cell.counts for cell in cells)
    currency = campaign.currency
    return {
        "campaign": {
            "id": campaign.id,
            "title": campaign.title,
            "status": campaign.status.value,
            "currency": currency,
            "starts_on": campaign.starts_on,
            "ends_on": campaign.ends_on,
            "time_zone": campaign.time_zone,
        },
        "phases": _phases(campaign, cells),
        "outside": _outside(campaign, cells),
        "total": figures_of(whole, currency),
        "influencers": _influencers(campaign, cells),
        "influencers_total": len({cell.influencer_id for cell in cells}),
        "choices": _choices(cells, currency),
        "days": _days(part, currency),
        "clicks_by_reason": _reasons(part),
        **report_sources.of(campaign, actor),
        "computed_at": now(),
    }


def figures_of(counts: Counts, currency: str) -> dict[str, Any]:
    """Counts and their rates for the wire: amounts as money, rates as fractions."""
    found = asdict(rates(counts))
    return {
        **{name: getattr(counts, name) for name in (*_PLAIN, "interactions")},
        **{name: money_of(getattr(counts, name), currency) for name in _AMOUNTS},
        **{name: money_of(found.pop(name), currency) for name in _EACH},
        "influencers": len(counts.authors),
        "labelled": counts.labelled,
        "sentiment": {
            name: {"count": getattr(counts, name), "share": share}
            for name, share in found.pop("sentiment").items()
        },
        **found,
    }


class _Cell:
    """What one agreement (or link without one) counted in one phase."""

    def __init__(self, row: Any) -> None:
        self.phase_id: str | None = row.phase_id
        self.influencer_id: str = row.influencer_id
        self.name: str = row.name
        self.slug: str = row.slug
        self.ad_request_id: str | None = row.ad_request_id
        self.chosen_by: ChosenBy | None = row.chosen_by
        sums = {name: int(getattr(row, name) or 0) for name in _READ}
        self.counts = Counts(
            authors=frozenset([row.influencer_id]) if sums["posts"] else frozenset(),
            clicks=int(row.clicks_counted or 0),
            **sums,
        )


def _campaign(actor: Actor, campaign_id: str) -> Campaign:
    if actor.role is not Role.INFLUENCER:
        return campaigns.get_for(actor, campaign_id)
    agreed = select(AdRequest.id).where(
        AdRequest.campaign_id == campaign_id,
        AdRequest.influencer_id == actor.influencer_id,
        AdRequest.accepted_at.is_not(None),
    )
    if db.session.scalar(agreed.limit(1)) is None:
        raise NotFound
    return campaigns.get_for(actor, campaign_id, allow_private=True)


def _cells(campaign: Campaign, part: Iterable[ColumnElement[bool]]) -> list[_Cell]:
    summed = (*_READ, "clicks_counted")
    # Named in an inner select: PostgreSQL takes no grouping by an expression with parameters.
    rows = (
        select(
            _phase_of(campaign).label("phase_id"),
            Statistics.influencer_id,
            Statistics.ad_request_id,
            *(getattr(Statistics, name) for name in summed),
        )
        .where(*part)
        .subquery()
    )
    keys = (rows.c.phase_id, rows.c.influencer_id, rows.c.ad_request_id)
    sums = (
        select(*keys, *(func.sum(rows.c[name]).label(name) for name in summed))
        .group_by(*keys)
        .subquery()
    )
    found = db.session.execute(
        select(sums, Influencer.name, Influencer.slug, AdRequest.chosen_by)
        .join(Influencer, Influencer.id == sums.c.influencer_id)
        .outerjoin(AdRequest, AdRequest.id == sums.c.ad_request_id)
        .order_by(sums.c.influencer_id, sums.c.ad_request_id)
    )
    return [_Cell(row) for row in found]


def _phase_of(campaign: Campaign) -> ColumnElement[Any]:
    within = [
        (Statistics.day.between(phase.starts_on, phase.ends_on), literal(phase.id))
        for phase in campaign.phases
    ]
    return case(*within, else_=null()) if within else cast(null(), String)


def _phases(campaign: Campaign, cells: list[_Cell]) -> list[dict[str, Any]]:
    found = []
    before: Counts | None = None
    today = day_in(campaign.time_zone, now())
    for phase in campaign.phases:
        own = [cell for cell in cells if cell.phase_id == phase.id]
        counts = total(cell.counts for cell in own)
        # What has not begun is neither more nor less.
        ahead = not own and phase.starts_on > today
        chosen = {cell.chosen_by for cell in own if cell.counts.posts and cell.chosen_by}
        found.append(
            {
                "id": phase.id,
                "name": phase.name,
                "starts_on": phase.starts_on,
                "ends_on": phase.ends_on,
                "chosen_by": sorted(one.value for one in chosen),
                "figures": figures_of(counts, campaign.currency),
                "change": None if before is None or ahead else _changes(before, counts),
            }
        )
        before = counts
    return found


def _changes(before: Counts, after: Counts) -> dict[str, Any]:
    return {name: _change(change) for name, change in changes(before, after).items()}


def _change(change: Change) -> dict[str, Any] | None:
    return None if change.value is None else asdict(change)


def _outside(campaign: Campaign, cells: list[_Cell]) -> dict[str, Any] | None:
    """What lies before, between and behind the phases; None where all of it lies within."""
    outside = [cell.counts for cell in cells if cell.phase_id is None]
    if not campaign.phases or not outside:
        return None
    return figures_of(total(outside), campaign.currency)


def _influencers(campaign: Campaign, cells: list[_Cell]) -> list[dict[str, Any]]:
    """The influencers who brought most, with their part of each phase."""
    own: dict[str, list[_Cell]] = defaultdict(list)
    for cell in cells:
        own[cell.influencer_id].append(cell)
    sums = {key: total(cell.counts for cell in parts) for key, parts in own.items()}
    order = sorted(
        own, key=lambda key: (-sums[key].orders, -sums[key].clicks, -sums[key].interactions, key)
    )
    return [
        {
            "influencer": {"id": key, "name": own[key][0].name, "slug": own[key][0].slug},
            "ad_request_id": next((c.ad_request_id for c in own[key] if c.ad_request_id), None),
            "chosen_by": next((c.chosen_by.value for c in own[key] if c.chosen_by), None),
            "total": _brief(sums[key], campaign.currency),
            "phases": [
                {"id": phase.id, **_brief(_in_phase(own[key], phase.id), campaign.currency)}
                for phase in campaign.phases
            ],
        }
        for key in order[:INFLUENCERS_SHOWN]
    ]


def _in_phase(cells: list[_Cell], phase_id: str) -> Counts:
    return total(cell.counts for cell in cells if cell.phase_id == phase_id)


def _brief(counts: Counts, currency: str) -> dict[str, Any]:
    found = rates(counts)
    return {
        **{name: getattr(counts, name) for name in (*_BRIEF, "interactions")},
        **{name: money_of(getattr(counts, name), currency) for name in _AMOUNTS},
        "conversion_per_click": found.conversion_per_click,
        "cost_per_order": money_of(found.cost_per_order, currency),
        "roi": found.roi,
    }


def _choices(cells: list[_Cell], currency: str) -> list[dict[str, Any]]:
    found = []
    for chosen_by in ChosenBy:
        own = [cell.counts for cell in cells if cell.chosen_by is chosen_by]
        if own:
            found.append(
                {"chosen_by": chosen_by.value, "figures": figures_of(total(own), currency)}
            )
    return found


def _days(part: Iterable[ColumnElement[bool]], currency: str) -> list[dict[str, Any]]:
    names = ("posts", "clicks_counted", "orders", "revenue")
    rows = db.session.execute(
        select(Statistics.day, *(_sum(getattr(Statistics, name)) for name in names))
        .where(*part)
        .group_by(Statistics.day)
        .order_by(Statistics.day)
    )
    return [
        {
            "day": day,
            "posts": posts,
            "clicks": clicks,
            "orders": orders,
            "revenue": money_of(revenue, currency),
        }
        for day, posts, clicks, orders, revenue in rows
    ]


def _reasons(part: Iterable[ColumnElement[bool]]) -> Mapping[str, int]:
    """Every request for a link by what became of it: they sum to all that there were."""
    columns = [_sum(getattr(Statistics, name)) for name in CLICK_COLUMNS]
    row = db.session.execute(select(*columns).where(*part)).one()
    return {reason.value: count or 0 for reason, count in zip(Reason, row, strict=True)}


def _sum(column: Any) -> Any:
    # PostgreSQL sums big integers to numeric.
    return cast(func.sum(column), BigInteger)
