"""Withdrawals on their way through a gateway that is not in use any more: nobody can be asked, so
admins book what they find in its statement, two of them for a large one."""

from __future__ import annotations

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid, RefusedTransition
from app.core.extensions import db
from app.payments import inbox, payout_endings, payout_rules
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import Withdrawal
from app.payments.payout_approvals import get_payout, without_gateway
from app.payments.payout_models import WithdrawalFinding

_KINDS = {"paid": FactKind.PAYOUT_PAID, "failed": FactKind.PAYOUT_FAILED}


def find(
    actor: Actor, *, withdrawal_id: str, outcome: str, reason: str, entry_id: str | None = None
) -> Withdrawal:
    """Say how a withdrawal ended: `paid` by a line of the gateway's statement (`entry_id`), or
    `failed`, which gives the money back. `reason` is where that is seen.

    It is booked once as many admins as it needs have said the same; who says something else takes
    the own word back. Raises NotFound, RefusedTransition for one whose gateway is in use or that
    nobody waits for, Forbidden for who is paid by it, Invalid for an entry that is missing or too
    much. Nothing is changed then.
    """
    row = get_payout(withdrawal_id, locked=True)
    if not without_gateway(row):
        raise RefusedTransition(
            "Its gateway says how this withdrawal ends, or it has ended. Nothing was changed.",
            state=row.status.value,
            event="outcome",
        )
    if actor.user_id is None or actor.user_id == row.influencer.user_id:
        raise Forbidden("Nobody says this of a payout to themselves. Another admin has to.")
    if (outcome == "paid") != (entry_id is not None):
        wrong = "This is needed for this outcome." if outcome == "paid" else "Leave this out."
        raise Invalid(entry_id=wrong)
    found = WithdrawalFinding(
        withdrawal_id=row.id,
        admin_id=actor.user_id,
        outcome=outcome,
        entry_id=entry_id,
        reason=reason,
        at=now(),
    )
    db.session.merge(found)
    row.touch()
    db.session.flush()
    payout_endings.recorded(actor, row, "withdrawal.outcome_found")
    row = get_payout(row.id, locked=True)
    same = [one for one in row.findings if (one.outcome, one.entry_id) == (outcome, entry_id)]
    if len(same) >= payout_rules.findings_needed(row):
        _book(row, outcome, entry_id, reason)
    return get_payout(row.id)


def _book(row: Withdrawal, outcome: str, entry_id: str | None, reason: str) -> None:
    fact = GatewayFact(
        event_id=f"found:{outcome}:{row.id}",
        kind=_KINDS[outcome],
        subject=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        entry_id=entry_id,
        reason=reason,
    )
    event = inbox.receive(row.gateway, fact)
    if event.error is not None:
        raise RefusedTransition(f"Nothing was changed: {event.error}.")
