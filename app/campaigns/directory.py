"""Lists of campaigns: the sponsor's own, all for admins, and the search among open ones.

Text search looks for each word anywhere in `search_text` (title, sponsor, brand, niches, goals,
description, folded; its first 6,000 characters). PostgreSQL has a trigram index for it (words of
three characters and more); SQLite reads the listed rows, which is fine to some ten thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql import ColumnElement

from app.campaigns import queries
from app.campaigns.lifecycle import Approval, CampaignStatus, Visibility
from app.campaigns.models import Campaign, CampaignCountry, CampaignNiche
from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.folding import fold
from app.core.paging import Page, PageRequest, paginate

MAX_WORDS = 8

_SORTS: dict[str, Any] = {
    "created_at": Campaign.created_at,
    "title": Campaign.title_key,
    "budget": Campaign.budget_amount,
    "committed": Campaign.committed_amount,
    "spent": Campaign.spent_amount,
    "starts_on": Campaign.starts_on,
    "ends_on": Campaign.ends_on,
    "submitted_at": func.coalesce(
        Campaign.submitted_at, Campaign.created_at, type_=Campaign.created_at.type
    ),
}


def managed(actor: Actor, page: PageRequest, **filters: Any) -> Page[Campaign]:
    """Campaigns that the actor manages: a sponsor's members the sponsor's, an admin all.

    Filters: q, status (several), visibility, approval, brand_id, niche, sponsor_id, flagged.
    """
    rows = queries.summaries().where(*queries.seen_by(actor))
    statement = _filtered(rows.options(selectinload(Campaign.phases)), **filters)
    return paginate(statement, page, sorts=_SORTS, default="-created_at", id_column=Campaign.id)


def open_campaigns(
    page: PageRequest,
    *,
    q: str | None = None,
    niche: Sequence[str] = (),
    platform: Sequence[str] = (),
    min_budget: int | None = None,
    max_budget: int | None = None,
    currency: str | None = None,
    running_on: date | None = None,
    starts_after: date | None = None,
    sponsor_id: str | None = None,
    language: str | None = None,
    country: str | None = None,
    reach: int | None = None,
) -> Page[Campaign]:
    """The public directory: published, public, not flagged away. Amounts are minor units.

    Raises Invalid for a budget without its currency.
    """
    if currency is None and (min_budget is not None or max_budget is not None):
        raise Invalid(currency="Say in which currency the budget is meant.")
    conditions = [
        _maybe(min_budget, lambda least: Campaign.budget_amount >= least),
        _maybe(max_budget, lambda most: Campaign.budget_amount <= most),
        _maybe(currency, lambda code: Campaign.currency == code),
        _maybe(running_on, lambda day: (Campaign.starts_on <= day) & (Campaign.ends_on >= day)),
        _maybe(starts_after, lambda day: Campaign.starts_on > day),
        _maybe(sponsor_id, lambda wanted: Campaign.sponsor_id == wanted),
        _maybe(language, lambda wanted: Campaign.language == wanted),
        _maybe(country, _in_country),
        _maybe(reach, lambda own: Campaign.min_reach <= own),
        _maybe(niche, _in_niches),
        _maybe(platform, _on_platforms),
    ]
    words = _words(q)
    statement = queries.summaries().where(
        *queries.listed(), *(found for found in conditions if found is not None), *_holding(words)
    )
    sorts: dict[str, Any] = {
        "newest": Campaign.published_at,
        "budget": Campaign.budget_amount,
        "ends_on": Campaign.ends_on,
    }
    if words:
        sorts["relevance"] = _relevance(words)
    return paginate(
        statement,
        _newest_first(page),
        sorts=sorts,
        default="-relevance" if words else "-newest",
        id_column=Campaign.id,
    )


def _filtered(
    statement: Select[Campaign],
    *,
    q: str | None = None,
    status: Sequence[str] = (),
    visibility: str | None = None,
    approval: str | None = None,
    brand_id: str | None = None,
    niche: str | None = None,
    sponsor_id: str | None = None,
    flagged: bool | None = None,
) -> Select[Campaign]:
    conditions = [
        _maybe(status, lambda many: Campaign.status.in_([CampaignStatus(one) for one in many])),
        _maybe(visibility, lambda one: Campaign.visibility == Visibility(one)),
        _maybe(approval, lambda one: Campaign.approval == Approval(one)),
        _maybe(brand_id, lambda one: Campaign.brand_id == one),
        _maybe(niche, lambda one: _in_niches([one])),
        _maybe(sponsor_id, lambda one: Campaign.sponsor_id == one),
        _maybe(flagged, lambda one: Campaign.flagged.is_(one)),
        *_holding(_words(q)),
    ]
    return statement.where(*(found for found in conditions if found is not None))


def _maybe(value: Any, condition: Any) -> Any:
    """The condition of a filter that was given; None for one that was not."""
    return None if value is None or value in ((), []) else condition(value)


def _words(q: str | None) -> list[str]:
    return list(dict.fromkeys(fold(q or "").split()))[:MAX_WORDS]


def _holding(words: list[str]) -> list[ColumnElement[bool]]:
    return [Campaign.search_text.like(_anywhere(word), escape="\\") for word in words]


def _relevance(words: list[str]) -> ColumnElement[int]:
    """Whole numbers: the title is, begins with, holds the phrase (8, 4, 2); 1 a word in it."""
    phrase = " ".join(words)
    parts = [
        (Campaign.title_key == phrase, 8),
        (Campaign.title_key.like(_escaped(phrase) + "%", escape="\\"), 4),
        (Campaign.title_key.like(_anywhere(phrase), escape="\\"), 2),
        *((Campaign.title_key.like(_anywhere(word), escape="\\"), 1) for word in words),
    ]
    total: ColumnElement[int] = literal(0)
    for condition, points in parts:
        total = total + case((condition, points), else_=0)
    return total


def _anywhere(text: str) -> str:
    return f"%{_escaped(text)}%"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _in_niches(niches: Sequence[str]) -> ColumnElement[bool]:
    wanted = [" ".join(niche.lower().split()) for niche in niches]
    return Campaign.id.in_(select(CampaignNiche.campaign_id).where(CampaignNiche.niche.in_(wanted)))


def _in_country(country: str) -> ColumnElement[bool]:
    return Campaign.id.in_(
        select(CampaignCountry.campaign_id).where(CampaignCountry.country_key == fold(country))
    )


def _on_platforms(platforms: Sequence[str]) -> ColumnElement[bool]:
    # One column holds the few names, quoted, so that a name is found whole.
    return or_(*(Campaign.platform_names.like(f"%,{platform},%") for platform in platforms))


def _newest_first(page: PageRequest) -> PageRequest:
    """`newest` and `relevance` name what comes first; the others name what grows."""
    turned = {"newest": "-newest", "-newest": "newest", "relevance": "-relevance"}
    if page.sort is None or page.sort not in turned:
        return page
    return PageRequest(page.limit, page.cursor, turned[page.sort])
