"""The proofs of what was taken back: what is owed is due, and nobody who owes has money left.

Each check is one statement and names the first row that breaks it.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import BigInteger, and_, cast, func, select
from sqlalchemy.sql import ColumnElement

from app.core.extensions import db
from app.payments.clawback_models import Clawback
from app.payments.models import Account, Payment, PaymentKind
from app.payments.postings import AccountKind


def claims_match_clawbacks() -> str | None:
    """What each influencer owes, and what is due to each sponsor, is what their clawbacks say."""
    whose = {
        AccountKind.CLAWBACK_RECEIVABLE: Clawback.influencer_id,
        AccountKind.CLAWBACK_DUE: Clawback.sponsor_id,
    }
    for kind, owner in whose.items():
        owed = _owed(owner == Account.owner_id, Clawback.currency == Account.currency)
        row = db.session.execute(
            select(Account.id, Account.balance, owed)
            .where(Account.kind == kind, Account.balance != owed)
            .order_by(Account.id)
            .limit(1)
        ).first()
        if row is not None:
            return f"account {row[0]} ({kind.value}) says {row[1]}, the clawbacks {row[2]}"
        account = and_(
            Account.kind == kind, Account.owner_id == owner, Account.currency == Clawback.currency
        )
        stray = db.session.scalar(
            select(Clawback.id)
            .where(Clawback.owed > 0, ~select(Account.id).where(account).exists())
            .order_by(Clawback.id)
            .limit(1)
        )
        if stray is not None:
            return f"clawback {stray} is owed, and no account says so"
    return None


def clawbacks_stay_within_releases() -> str | None:
    """What was taken back of a milestone, and what is owed for it, is no more than was released."""
    same = (Payment.reference == Clawback.reference, Payment.milestone == Clawback.milestone)
    released = _paid(*same, Payment.kind.in_([PaymentKind.RELEASE, PaymentKind.COMMISSION]))
    taken = _paid(*same, Payment.kind == PaymentKind.CLAWBACK)
    row = db.session.execute(
        select(Clawback.reference, Clawback.milestone, released, taken)
        .group_by(Clawback.reference, Clawback.milestone)
        .having(
            (taken + func.sum(Clawback.owed) > released)
            | (taken < func.sum(Clawback.amount - Clawback.owed))
        )
        .order_by(Clawback.reference, Clawback.milestone)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"of {row[0]} {row[1]} {row[2]} was released and {row[3]} taken back, which does not fit"


def who_owes_has_nothing_available() -> str | None:
    """What an influencer owes was taken from all that was available."""
    owing = (
        select(Clawback.id)
        .where(
            Clawback.owed > 0,
            Clawback.influencer_id == Account.influencer_id,
            Clawback.currency == Account.currency,
        )
        .exists()
    )
    row = db.session.execute(
        select(Account.id, Account.balance)
        .where(Account.kind == AccountKind.INFLUENCER_AVAILABLE, Account.balance > 0, owing)
        .order_by(Account.id)
        .limit(1)
    ).first()
    return None if row is None else f"account {row[0]} has {row[1]} available while it owes"


CLAWBACK_CHECKS: dict[str, tuple[Callable[[], str | None], str]] = {
    "claims_match_clawbacks": (
        claims_match_clawbacks,
        "what influencers owe, and what is due to sponsors, equals the clawbacks",
    ),
    "clawbacks_stay_within_releases": (
        clawbacks_stay_within_releases,
        "no more is taken back than was released",
    ),
    "who_owes_has_nothing_available": (
        who_owes_has_nothing_available,
        "nobody who owes has money left to withdraw",
    ),
}


def _owed(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(func.coalesce(func.sum(Clawback.owed), 0)).where(*conditions)
    return cast(found.scalar_subquery(), BigInteger)


def _paid(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(func.coalesce(func.sum(Payment.amount), 0)).where(*conditions)
    return cast(found.scalar_subquery(), BigInteger)
