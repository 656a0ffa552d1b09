"""The whole proof of the money: the ledger by itself, and the ledger beside the agreements.

Each check is one statement, so that it sees one state of the database while others write. It
names the first row that breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, and_, case, cast, func, or_, select
from sqlalchemy.sql import ColumnElement

from app.ad_requests.lifecycle import AdRequestStatus
from app.ad_requests.models import AdRequest, Deliverable
from app.attribution.models import CommissionEntry
from app.campaigns.models import Campaign
from app.core.extensions import db
from app.payments import service as payments
from app.payments.clawback_models import Clawback
from app.payments.models import Account, Payment, PaymentKind
from app.payments.postings import AccountKind
from app.payments.service import Check


def prove() -> list[Check]:
    """Every proof: those of the ledger first, then those that look at agreements too."""
    checks = payments.check_ledger()
    for name, (proof, holds) in CHECKS.items():
        broken = proof()
        checks.append(Check(name, broken is None, broken or holds))
    return checks


def escrows_match_agreements() -> str | None:
    """Each ad request's escrow holds what was held for it less what was paid out."""
    paid_out = (
        AdRequest.released_amount + AdRequest.refunded_amount + AdRequest.platform_charged_amount
    )
    wanted = AdRequest.held_amount - paid_out
    balance = func.coalesce(Account.balance, 0)
    row = db.session.execute(
        select(AdRequest.id, AdRequest.status, balance, wanted)
        .outerjoin(Account, _is_escrow_of_ad_request())
        .where(
            or_(
                balance != wanted,
                Account.currency != AdRequest.currency,
                Account.sponsor_id != AdRequest.sponsor_id,
                Account.id != AdRequest.escrow_account_id,
            )
        )
        .order_by(AdRequest.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"ad request {row[0]} ({row[1].value}) has {row[2]} in escrow, its state says {row[3]}"


def closed_agreements_hold_nothing() -> str | None:
    """Nothing is held for an ad request that is not active, but the rest of a commission's cap
    until its window closes."""
    row = db.session.execute(
        select(AdRequest.id, AdRequest.status, Account.balance)
        .join(Account, _is_escrow_of_ad_request())
        .where(AdRequest.status != AdRequestStatus.ACTIVE, Account.balance != _WAITING_CAP)
        .order_by(AdRequest.id)
        .limit(1)
    ).first()
    return None if row is None else f"ad request {row[0]} ({row[1].value}) still holds {row[2]}"


# What of the commission stayed with the influencer, in minor units.
_COMMISSION_KEPT = AdRequest.commission_paid_amount - AdRequest.commission_returned_amount

# What of a cap is still held for a closed agreement, in minor units.
_WAITING_CAP = case(
    (
        AdRequest.commission_until.is_not(None),
        AdRequest.commission_cap_amount - AdRequest.commission_paid_amount,
    ),
    else_=0,
)


def escrows_have_agreements() -> str | None:
    """Nothing is held for an ad request that does not exist."""
    row = db.session.execute(
        select(Account.id, Account.reference, Account.balance)
        .outerjoin(AdRequest, AdRequest.id == Account.reference)
        .where(Account.kind == AccountKind.ESCROW, Account.balance != 0, AdRequest.id.is_(None))
        .order_by(Account.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"account {row[0]} holds {row[2]} for {row[1]}, which is no ad request"


def deliverables_match_agreements() -> str | None:
    """The parts of an accepted offer sum to it, and what they released is what it released."""
    parts = (
        select(
            Deliverable.ad_request_id.label("ad_request_id"),
            _sum(Deliverable.amount).label("amount"),
            _sum(Deliverable.platform_fee_amount).label("fee"),
            _sum(Deliverable.released_amount).label("released"),
        )
        .group_by(Deliverable.ad_request_id)
        .subquery()
    )
    row = db.session.execute(
        select(AdRequest.id)
        .outerjoin(parts, parts.c.ad_request_id == AdRequest.id)
        .where(
            or_(
                AdRequest.fee_amount != func.coalesce(parts.c.amount, 0),
                AdRequest.platform_fee_amount != func.coalesce(parts.c.fee, 0),
                AdRequest.released_amount - _COMMISSION_KEPT != func.coalesce(parts.c.released, 0),
            )
        )
        .order_by(AdRequest.id)
        .limit(1)
    ).first()
    return None if row is None else f"the parts of ad request {row[0]} do not sum to it"


def campaigns_match_agreements() -> str | None:
    """A campaign's committed and spent money and its open agreements are those of its requests."""
    active = AdRequest.status == AdRequestStatus.ACTIVE
    returned = (
        select(_sum(Deliverable.refunded_amount))
        .where(Deliverable.ad_request_id == AdRequest.id)
        .correlate(AdRequest)
        .scalar_subquery()
    )
    agreed = AdRequest.fee_amount + AdRequest.commission_cap_amount
    bound = agreed - returned - AdRequest.commission_returned_amount
    closed = AdRequest.released_amount + _WAITING_CAP
    per_request = select(
        AdRequest.campaign_id.label("campaign_id"),
        case((active, bound), else_=closed).label("committed"),
        AdRequest.released_amount.label("spent"),
        case((active, 1), else_=0).label("open"),
    ).subquery()
    sums = (
        select(
            per_request.c.campaign_id,
            _sum(per_request.c.committed).label("committed"),
            _sum(per_request.c.spent).label("spent"),
            _sum(per_request.c.open).label("open"),
        )
        .group_by(per_request.c.campaign_id)
        .subquery()
    )
    committed, spent, open_ones = (
        func.coalesce(column, 0) for column in (sums.c.committed, sums.c.spent, sums.c.open)
    )
    row = db.session.execute(
        select(Campaign.id, Campaign.committed_amount, committed, Campaign.spent_amount, spent)
        .outerjoin(sums, sums.c.campaign_id == Campaign.id)
        .where(
            or_(
                Campaign.committed_amount != committed,
                Campaign.spent_amount != spent,
                Campaign.open_agreements != open_ones,
            )
        )
        .order_by(Campaign.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return (
        f"campaign {row[0]} says {row[1]} committed and {row[3]} spent, its ad requests "
        f"{row[2]} and {row[4]}"
    )


def commissions_match_payments() -> str | None:
    """What an ad request counts as commission, paid and taken back, is what its payments say."""
    commission_of_it = (
        Payment.kind == PaymentKind.COMMISSION,
        Payment.reference == AdRequest.id,
    )
    paid = (
        select(_sum(Payment.amount)).where(*commission_of_it).correlate(AdRequest).scalar_subquery()
    )
    returned = (
        select(_sum(Clawback.amount))
        .join(Payment, Payment.milestone == Clawback.milestone)
        .where(*commission_of_it, Clawback.reference == AdRequest.id)
        .correlate(AdRequest)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            AdRequest.id,
            AdRequest.commission_paid_amount, paid,
            AdRequest.commission_returned_amount, returned,
        )
        .where(
            or_(
                AdRequest.commission_paid_amount != paid,
                AdRequest.commission_returned_amount != returned,
            )
        )
        .order_by(AdRequest.id)
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    return (
        f"ad request {row[0]} counts {row[1]} of commission paid and {row[3]} taken back, its "
        f"payments say {row[2]} and {row[4]}"
    )


def orders_match_commissions() -> str | None:
    """The commission of each order is one payment of that amount, for its ad request."""
    row = db.session.execute(
        select(CommissionEntry.order_id, CommissionEntry.paid_amount, Payment.id, Payment.amount)
        .outerjoin(Payment, Payment.id == CommissionEntry.payment_id)
        .where(
            CommissionEntry.paid_amount > 0,
            or_(
                Payment.id.is_(None),
                Payment.kind != PaymentKind.COMMISSION,
                Payment.amount != CommissionEntry.paid_amount,
                Payment.reference != CommissionEntry.ad_request_id,
                Payment.currency != CommissionEntry.currency,
            ),
        )
        .order_by(CommissionEntry.order_id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"order {row[0]} counts {row[1]} of commission, its payment {row[2]} is of {row[3]}"


CHECKS: dict[str, tuple[Callable[[], str | None], str]] = {
    "escrows_match_agreements": (
        escrows_match_agreements,
        "every escrow holds what the state of its ad request says",
    ),
    "closed_agreements_hold_nothing": (
        closed_agreements_hold_nothing,
        "nothing is held for ad requests that are closed",
    ),
    "escrows_have_agreements": (
        escrows_have_agreements,
        "nothing is held without an ad request",
    ),
    "deliverables_match_agreements": (
        deliverables_match_agreements,
        "the parts of every agreement sum to it",
    ),
    "campaigns_match_agreements": (
        campaigns_match_agreements,
        "every campaign counts the money of its ad requests",
    ),
    "commissions_match_payments": (
        commissions_match_payments,
        "every agreement counts the commissions that were paid for it and taken back",
    ),
    "orders_match_commissions": (
        orders_match_commissions,
        "the commission of every order is one payment",
    ),
}


def _is_escrow_of_ad_request() -> ColumnElement[bool]:
    return and_(Account.kind == AccountKind.ESCROW, Account.reference == AdRequest.id)


def _sum(column: Any) -> ColumnElement[int]:
    # PostgreSQL sums big integers to numeric.
    return cast(func.coalesce(func.sum(column), 0), BigInteger)
