"""The first page of sponsors and influencers: money, what waits, and the first steps."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.ad_requests import conversations, turn_list
from app.ad_requests.models import AdRequest
from app.brands.models import Brand
from app.campaigns.lifecycle import CampaignStatus
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.extensions import db
from app.core.paging import PageRequest
from app.identity import profiles
from app.identity.models import Influencer, Sponsor
from app.payments import service as payments
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Payment, PaymentKind
from app.reporting.days import DAYS, last_days, start_of, utc_day, without_gaps

NEXT = 10
RUNNING = (CampaignStatus.PUBLISHED, CampaignStatus.PAUSED)
# Each with its sign: what is taken back from an influencer was not spent, on the day of that.
_SPENT = {
    PaymentKind.RELEASE: ("spent", 1),
    PaymentKind.COMMISSION: ("spent", 1),
    PaymentKind.CLAWBACK: ("spent", -1),
    PaymentKind.FEE: ("platform_fees", 1),
}
SPENT_NAMES = ("spent", "platform_fees")
_COUNTED = (PaymentStatus.HELD, PaymentStatus.SETTLED)


def sponsor_summary(actor: Actor) -> dict[str, Any]:
    """What a member of a sponsor sees first."""
    sponsor = profiles.sponsor_of(actor)
    return {
        "unread_messages": conversations.unread_count(actor),
        "wallet": payments.wallet(sponsor.id),
        "campaigns": _campaigns(sponsor.id),
        "ad_requests": _ad_requests(AdRequest.sponsor_id == sponsor.id),
        "turns": _turns(actor),
        "spend": _spend(sponsor.id),
        "checklist": _sponsor_steps(sponsor),
    }


def influencer_summary(actor: Actor) -> dict[str, Any]:
    """What an influencer sees first."""
    influencer = profiles.influencer_of(actor)
    earnings = payments.earnings_of(actor)
    return {
        "unread_messages": conversations.unread_count(actor),
        "balances": earnings.balances,
        "upcoming": earnings.upcoming,
        "ad_requests": _ad_requests(AdRequest.influencer_id == influencer.id),
        "turns": _turns(actor),
        "checklist": _influencer_steps(influencer),
    }


def _campaigns(sponsor_id: str) -> dict[str, Any]:
    own = Campaign.sponsor_id == sponsor_id
    by_status = db.session.execute(
        select(Campaign.status, func.count()).where(own).group_by(Campaign.status)
    )
    totals = db.session.execute(
        select(
            Campaign.currency,
            func.sum(Campaign.budget_amount),
            func.sum(Campaign.committed_amount),
            func.sum(Campaign.spent_amount),
        )
        .where(own, Campaign.status.in_(RUNNING))
        .group_by(Campaign.currency)
        .order_by(Campaign.currency)
    )
    return {
        "by_status": {status.value: count for status, count in by_status},
        "running": [
            {
                "currency": currency,
                "budget": int(budget),
                "committed": int(committed),
                "spent": int(spent),
            }
            for currency, budget, committed, spent in totals
        ],
    }


def _ad_requests(side: Any) -> dict[str, int]:
    rows = db.session.execute(
        select(AdRequest.status, func.count()).where(side).group_by(AdRequest.status)
    )
    return {status.value: count for status, count in rows}


def _turns(actor: Actor) -> dict[str, Any]:
    page = turn_list.page(actor, PageRequest(limit=NEXT), whose="mine")
    return {"mine": page["mine"], "others": page["others"], "next": page["items"]}


def _spend(sponsor_id: str) -> list[dict[str, Any]]:
    days = last_days(DAYS)
    before = days[0] - timedelta(days=DAYS)
    day = utc_day(Payment.created_at)
    rows = db.session.execute(
        select(day, Payment.currency, Payment.kind, func.sum(Payment.amount))
        .where(
            Payment.sponsor_id == sponsor_id,
            Payment.created_at >= start_of(before),
            Payment.kind.in_(list(_SPENT)),
            Payment.status.in_(_COUNTED),
        )
        .group_by(day, Payment.currency, Payment.kind)
    )
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for of_day, currency, kind, total in rows:
        line, (name, sign) = found[currency][of_day], _SPENT[kind]
        line[name] = line.get(name, 0) + sign * int(total)
    first = days[0].isoformat()
    return [
        {
            "currency": currency,
            "spent": sum(line.get("spent", 0) for day, line in lines.items() if day >= first),
            "spent_before": sum(line.get("spent", 0) for day, line in lines.items() if day < first),
            "days": without_gaps(lines, SPENT_NAMES, days),
        }
        for currency, lines in sorted(found.items())
    ]


def _sponsor_steps(sponsor: Sponsor) -> list[dict[str, Any]]:
    funded = select(Payment.id).where(
        Payment.sponsor_id == sponsor.id,
        Payment.kind == PaymentKind.DEPOSIT,
        Payment.status == PaymentStatus.SETTLED,
    )
    published = select(Campaign.id).where(
        Campaign.sponsor_id == sponsor.id, Campaign.published_at.is_not(None)
    )
    return [
        _step("profile_filled", bool(sponsor.industry and sponsor.description)),
        _step("brand_made", _any(select(Brand.id).where(Brand.sponsor_id == sponsor.id))),
        _step("wallet_funded", _any(funded)),
        _step("campaign_published", _any(published)),
    ]


def _influencer_steps(influencer: Influencer) -> list[dict[str, Any]]:
    own = AdRequest.influencer_id == influencer.id
    return [
        _step("profile_filled", bool(influencer.bio and influencer.niche_rows)),
        _step("account_added", bool(influencer.accounts)),
        _step("ad_request_made", _any(select(AdRequest.id).where(own))),
        _step(
            "agreement_made",
            _any(select(AdRequest.id).where(own, AdRequest.accepted_at.is_not(None))),
        ),
    ]


def _any(statement: Any) -> bool:
    return db.session.scalar(statement.limit(1)) is not None


def _step(name: str, done: bool) -> dict[str, Any]:
    return {"step": name, "done": done}
