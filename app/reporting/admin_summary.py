"""The admin's first page: is anything wrong, and how much of everything is there?

Cached for a short while and forgotten whenever something that it counts happens (reactions).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from app.ad_requests.models import AdRequest, Dispute
from app.campaigns.lifecycle import Visibility
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role
from app.core.caching import cached
from app.core.clock import now
from app.core.extensions import db
from app.identity.models import User
from app.moderation import approvals
from app.moderation import queries as moderation_queries
from app.moderation.lifecycle import FlagStatus
from app.moderation.models import Flag
from app.payments.models import Account, Transfer
from app.payments.postings import AccountKind, TransferKind
from app.reporting import operations, proof_record
from app.reporting.days import DAYS, last_days, start_of, utc_day, without_gaps
from app.reporting.proof_record import AREA

# Each with its sign: what a dispute takes back counts on its own day.
_FLOWS = {
    TransferKind.DEPOSIT: ("deposited", 1),
    TransferKind.RELEASE: ("released", 1),
    TransferKind.COMMISSION: ("released", 1),
    TransferKind.CLAWBACK: ("released", -1),
    TransferKind.PAYOUT: ("paid_out", 1),
    TransferKind.PLATFORM_FEE: ("platform_fees", 1),
}
FLOW_NAMES = ("deposited", "released", "paid_out", "platform_fees")


def summary(actor: Actor) -> dict[str, Any]:
    """Every figure of the page."""
    return cached(AREA, actor, {}, _summary)


def _summary() -> dict[str, Any]:
    return {
        "users": _users(),
        "campaigns": _campaigns(),
        "ad_requests": _counts(AdRequest.status),
        "money": _money(),
        "flags": _flags(),
        "approvals": approvals.counts(),
        "disputes": _disputes(),
        "jobs": operations.health(),
        "ledger": _ledger(),
        "sign_ups_by_day": _sign_ups_by_day(),
        "money_by_day": _money_by_day(),
        "computed_at": now(),
    }


def _users() -> dict[str, Any]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(User.role, User.status, func.count()).group_by(User.role, User.status)
    )
    for role, status, count in rows:
        found[role.value][status.value] = count
    by_role = {
        role.value: dict(found[role.value]) for role in (Role.ADMIN, Role.SPONSOR, Role.INFLUENCER)
    }
    return {
        "total": sum(sum(counts.values()) for counts in by_role.values()),
        "by_role": by_role,
    }


def _campaigns() -> dict[str, Any]:
    by_visibility = _counts(Campaign.visibility)
    return {
        "total": sum(by_visibility.values()),
        "public": by_visibility.get(Visibility.PUBLIC.value, 0),
        "private": by_visibility.get(Visibility.PRIVATE.value, 0),
        "by_status": _counts(Campaign.status),
    }


def _counts(column: Any) -> dict[str, int]:
    rows = db.session.execute(select(column, func.count()).group_by(column))
    return {value.value: count for value, count in rows}


def _money() -> dict[str, Any]:
    held = db.session.execute(
        select(Account.currency, func.sum(Account.balance))
        .where(Account.kind == AccountKind.ESCROW)
        .group_by(Account.currency)
        .having(func.sum(Account.balance) > 0)
    )
    paid = select(Transfer.currency, func.sum(Transfer.amount)).where(
        Transfer.kind == TransferKind.PAYOUT
    )
    recent = paid.where(Transfer.at >= start_of(last_days()[0]))
    return {
        "held": _amounts(held),
        "paid": _amounts(db.session.execute(paid.group_by(Transfer.currency))),
        "paid_30_days": _amounts(db.session.execute(recent.group_by(Transfer.currency))),
    }


def _amounts(rows: Any) -> list[dict[str, Any]]:
    return [
        {"amount": int(total), "currency": currency} for currency, total in sorted(map(tuple, rows))
    ]


def _flags() -> dict[str, Any]:
    undecided, oldest = db.session.execute(moderation_queries.undecided_figures()).one()
    appeals = db.session.scalar(
        select(func.count()).select_from(Flag).where(Flag.status == FlagStatus.APPEALED)
    )
    return {"open": undecided, "appeals": appeals, "oldest": oldest}


def _disputes() -> dict[str, Any]:
    count, oldest = db.session.execute(
        select(func.count(), func.min(Dispute.created_at)).where(Dispute.decided_at.is_(None))
    ).one()
    return {"open": count, "oldest": oldest}


def _ledger() -> dict[str, Any]:
    proof = proof_record.latest()
    if proof is None:
        return {"ok": None, "checked_at": None, "broken": []}
    return {"ok": not proof.broken, "checked_at": proof.at, "broken": proof.broken}


def _sign_ups_by_day() -> list[dict[str, Any]]:
    days = last_days(DAYS)
    day = utc_day(User.created_at)
    rows = db.session.execute(
        select(day, User.role, func.count())
        .where(User.created_at >= start_of(days[0]))
        .group_by(day, User.role)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for of_day, role, count in rows:
        found[of_day][role.value] = count
    return without_gaps(found, (Role.SPONSOR.value, Role.INFLUENCER.value), days)


def _money_by_day() -> list[dict[str, Any]]:
    days = last_days(DAYS)
    day = utc_day(Transfer.at)
    rows = db.session.execute(
        select(day, Transfer.currency, Transfer.kind, func.sum(Transfer.amount))
        .where(Transfer.at >= start_of(days[0]), Transfer.kind.in_(list(_FLOWS)))
        .group_by(day, Transfer.currency, Transfer.kind)
    )
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for of_day, currency, kind, total in rows:
        line, (name, sign) = found[currency][of_day], _FLOWS[kind]
        line[name] = line.get(name, 0) + sign * int(total)
    return [
        {"currency": currency, "days": without_gaps(found[currency], FLOW_NAMES, days)}
        for currency in sorted(found)
    ]
