"""Closing an account for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, update

from app.ad_requests.lifecycle import AdRequestStatus
from app.ad_requests.models import AdRequest
from app.audit.service import record
from app.core.actor import Actor, MemberRole
from app.core.caching import invalidate
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.identity import service as identity
from app.identity import sessions
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import ApiKey, SponsorMember, User
from app.identity.team import has_other_owner
from app.moderation import subjects
from app.moderation.errors import AccountInUse
from app.moderation.events import AccountClosed
from app.moderation.terms import SubjectType
from app.payments.lifecycle import DepositStatus
from app.payments.models import Account, Deposit
from app.payments.postings import AccountKind

# Nobody holds money for them: they are what an influencer owes and a sponsor waits for.
CLAIMS = (AccountKind.CLAWBACK_RECEIVABLE, AccountKind.CLAWBACK_DUE)


def close_user(actor: Actor, *, user_id: str, reason: str | None = None) -> User:
    """Close an account: every sign-in ends, and nobody signs in to it again.

    Whoever alone answers for active agreements or has money keeps the account until both are
    settled; what a sponsor has left goes back by `payments.manual_wallet_returns`. What was taken
    back and is still owed keeps nobody: the claim stays, and the trail says how much.
    Raises NotFound, OwnAccount, LastAdmin, AccountInUse, RefusedTransition.
    """
    subjects.lock(actor, SubjectType.USER, user_id)
    user = identity.get_user(user_id)
    USER.target(user.status, UserEvent.CLOSE)
    subjects.require_admin_remains(actor, user)
    _require_settled(user)
    owed = _claims(user)
    USER.move(user, actor, UserEvent.CLOSE, note=reason, status_reason=reason)
    sessions.end_other_sessions(user.id)
    db.session.execute(
        update(ApiKey)
        .where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    record(
        actor,
        "user.close",
        subject_type="user",
        subject_id=user.id,
        has_reason=reason is not None,
        # Claims outlive the account: they are met from what becomes available later, if anything.
        owed=owed,
    )
    publish(AccountClosed(user.id, reason))
    invalidate(identity.DIRECTORY, identity.NICHES, identity.SPONSORS)
    return user


def _require_settled(user: User) -> None:
    money = _accounts_of(user)
    if money is None:
        return
    if user.influencer is not None:
        side: Any = AdRequest.influencer_id == user.influencer.id
        paying: Any = false()
    else:
        assert user.membership is not None
        side = AdRequest.sponsor_id == user.membership.sponsor_id
        paying = Deposit.sponsor_id == user.membership.sponsor_id
    # One whose commission window is open still waits for orders, and holds money for them.
    agreements = db.session.scalar(
        select(func.count())
        .select_from(AdRequest)
        .where(
            side,
            or_(
                AdRequest.status == AdRequestStatus.ACTIVE, AdRequest.commission_until.is_not(None)
            ),
        )
    )
    deposits = db.session.scalar(
        select(func.count())
        .select_from(Deposit)
        .where(paying, Deposit.status == DepositStatus.OPEN)
    )
    balances = _sums(money, Account.kind.not_in(CLAIMS))
    if agreements or balances or deposits:
        raise AccountInUse(
            "Settle the active agreements, wait for open deposits and commission windows, and pay "
            "out or return the money first; suspend the account meanwhile. Nothing was changed.",
            active_agreements=agreements,
            open_deposits=deposits,
            money=balances,
        )


def _claims(user: User) -> list[dict[str, Any]]:
    """What an influencer owes for what was taken back, or a sponsor would get."""
    money = _accounts_of(user)
    return [] if money is None else _sums(money, Account.kind.in_(CLAIMS))


def _accounts_of(user: User) -> ColumnElement[bool] | None:
    """The ledger's accounts of whom nobody is left once the user is gone; None if somebody is."""
    if user.influencer is not None:
        return Account.influencer_id == user.influencer.id
    if user.membership is not None and _acts_alone(user.membership):
        return Account.sponsor_id == user.membership.sponsor_id
    return None


def _sums(*wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Account.currency, func.sum(Account.balance))
        .where(*wanted)
        .group_by(Account.currency)
        .having(func.sum(Account.balance) > 0)
        .order_by(Account.currency)
    )
    return [{"amount": int(total), "currency": currency} for currency, total in rows]


def _acts_alone(membership: SponsorMember) -> bool:
    return membership.role is MemberRole.OWNER and not has_other_owner(membership)
