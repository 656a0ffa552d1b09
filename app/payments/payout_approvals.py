"""What admins do with withdrawals: approve, refuse, try again. Two of them approve a large one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import false, func, literal

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, NotFound, RefusedTransition
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.core.models import UtcDateTime
from app.core.paging import Page, PageRequest, paginate
from app.payments import payout_endings, payout_rules, queries, withdrawals
from app.payments.errors import AnotherAdminNeeded
from app.payments.events import WithdrawalRefused
from app.payments.gateways import manual
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import WITHDRAWAL, WithdrawalEvent, WithdrawalStatus
from app.payments.models import Payment, Withdrawal
from app.payments.payout_models import WithdrawalApproval

# A payout that is on its way for longer may be looked up by hand.
OVERDUE_AFTER = timedelta(days=2)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def payouts(
    page: PageRequest,
    *,
    currency: str | None = None,
    overdue: bool | None = None,
    **filters: Any,
) -> Page[Withdrawal]:
    """All withdrawals (for admins), the newest first. `overdue` are those past their deadline."""
    statement = queries.filtered(queries.payouts(), Withdrawal, **filters)
    statement = statement.join(Payment, Payment.id == Withdrawal.payment_id)
    if currency is not None:
        statement = statement.where(Payment.currency == currency)
    if overdue is not None:
        past = func.coalesce(Withdrawal.escalate_at <= now(), false())
        statement = statement.where(past if overdue else ~past)
    return paginate(
        statement,
        page,
        sorts={
            "created_at": Withdrawal.created_at,
            "amount": Payment.amount,
            # Overdue first; what has ended has no deadline and comes last.
            "deadline": func.coalesce(Withdrawal.escalate_at, literal(NEVER, UtcDateTime())),
        },
        default="-created_at",
        id_column=Withdrawal.id,
    )


def get_payout(withdrawal_id: str, *, locked: bool = False) -> Withdrawal:
    """A withdrawal with everything that an admin sees of it. Raises NotFound."""
    found = queries.payouts().where(Withdrawal.id == withdrawal_id)
    if locked:
        found = found.with_for_update(of=Withdrawal)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def actions_of(actor: Actor, row: Withdrawal) -> list[str]:
    """What `actor` may do with a payout now (loaded by `payouts`)."""
    found = []
    said_yes = any(approval.admin_id == actor.user_id for approval in row.approvals)
    if row.status is WithdrawalStatus.AWAITING_APPROVAL and not said_yes:
        found.append("approve")
    if row.may_stop(WithdrawalEvent.REFUSE):
        found.append("refuse")
    if _to_look_up(row) or (row.status is WithdrawalStatus.FAILED and row.retry is None):
        found.append("retry")
    # Other gateways tell by themselves that a payout came back.
    if row.gateway == manual.NAME and WITHDRAWAL.allows(row.status, WithdrawalEvent.RETURN):
        found.append("return")
    if without_gateway(row):
        found.append("outcome")
    return found


def without_gateway(row: Withdrawal) -> bool:
    """Whether it is on its way through a gateway that is not in use, so that nobody can be asked.
    Of a bank transfer its batch says how it ends."""
    on_its_way = row.status in (WithdrawalStatus.SENDING, WithdrawalStatus.UNKNOWN)
    return on_its_way and row.gateway != manual.NAME and row.gateway not in gateways()


def approve(actor: Actor, *, withdrawal_id: str) -> Withdrawal:
    """Say yes to a withdrawal; the last yes that it needs lets it be sent.

    Raises NotFound, RefusedTransition, AnotherAdminNeeded for a second yes of one admin, and
    Forbidden for who is paid by it.
    """
    row = _locked(withdrawal_id)
    WITHDRAWAL.target(row.status, WithdrawalEvent.APPROVE)
    if actor.user_id is None or actor.user_id == row.influencer.user_id:
        raise Forbidden("Nobody approves a payout to themselves. Another admin has to.")
    if any(approval.admin_id == actor.user_id for approval in row.approvals):
        raise AnotherAdminNeeded("You approved this already. Nothing was changed.")
    db.session.add(WithdrawalApproval(withdrawal_id=row.id, admin_id=actor.user_id))
    row.touch()
    db.session.flush()
    point("approve.after_saying_yes")
    payout_endings.recorded(actor, row, "withdrawal.approved")
    if len(row.approvals) + 1 >= row.approvals_needed:
        WITHDRAWAL.move(
            row,
            actor,
            WithdrawalEvent.APPROVE,
            approved_at=now(),
            escalate_at=payout_rules.pay_by(row.send_after),
            escalated_at=None,
        )
        withdrawals.to_be_sent(row, by=actor)
    return get_payout(row.id)


def refuse(actor: Actor, *, withdrawal_id: str, reason: str) -> Withdrawal:
    """Give the money of a withdrawal that was not sent yet back to the influencer, and say why;
    a bank transfer is sent once a batch holds it.

    Raises NotFound, RefusedTransition.
    """
    row = _locked(withdrawal_id)
    payout_endings.give_back(row, actor, WithdrawalEvent.REFUSE, reason=reason)
    payout_endings.recorded(actor, row, "withdrawal.refused")
    publish(WithdrawalRefused(row.id, row.influencer_id))
    return get_payout(row.id)


def retry(actor: Actor, *, withdrawal_id: str) -> Withdrawal:
    """Look an unknown or overdue outcome up now, or whether a paid one came back, or withdraw the
    money of a failed payout once more.

    A failed one is repeated by a withdrawal of its own, to the present payout details; asking
    again gives the same one. Returns the withdrawal that is on its way. Raises NotFound,
    RefusedTransition, and what `withdrawals.withdraw` raises.
    """
    row = _locked(withdrawal_id)
    if without_gateway(row):
        raise RefusedTransition(
            f"{row.gateway} is not in use, so it cannot be asked. Say what its statement says of "
            "this withdrawal, or put the gateway into use again.",
            state=row.status.value,
            event="retry",
        )
    if _to_look_up(row):
        withdrawals.to_be_sent(row, by=actor)
        payout_endings.recorded(actor, row, "withdrawal.looked_up")
        return get_payout(row.id)
    if row.status is not WithdrawalStatus.FAILED:
        raise RefusedTransition(
            f"This withdrawal is {row.status.value.replace('_', ' ')}: only one that failed, or "
            f"of which nothing was heard for {OVERDUE_AFTER.days} days, is tried again.",
            state=row.status.value,
            event="retry",
        )
    if row.retry is not None:
        return get_payout(row.retry.id)
    made = withdrawals.ask(
        actor, influencer_id=row.influencer_id, amount=row.payment.money, retries_id=row.id
    )
    row.touch()
    db.session.flush()
    point("retry.after_asking")
    payout_endings.recorded(actor, row, "withdrawal.retried")
    return get_payout(made.id)


def _to_look_up(row: Withdrawal) -> bool:
    """Whether its gateway may be asked now what became of it."""
    if without_gateway(row):
        return False
    if row.status is WithdrawalStatus.UNKNOWN:
        return True
    if row.status is WithdrawalStatus.PAID:
        return payout_rules.may_come_back(row.gateway) is not None
    overdue = row.sent_at is not None and row.sent_at < now() - OVERDUE_AFTER
    # Of a bank transfer only people know.
    return row.status is WithdrawalStatus.SENDING and overdue and row.gateway != manual.NAME


def _locked(withdrawal_id: str) -> Withdrawal:
    row = db.session.scalar(
        queries.lock_withdrawal(queries.payouts().where(Withdrawal.id == withdrawal_id))
    )
    if row is None:
        raise NotFound
    return row
