"""Withdrawals that wait too long: nobody approved them, or no gateway paid them, until their
deadline. They are escalated to the admins, who alone can say what is to become of them."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.actor import SYSTEM
from app.core.batches import ids_in_batches
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.payments import payout_endings, queries
from app.payments.events import WithdrawalOverdue
from app.payments.models import Withdrawal


def overdue(batch: int) -> Iterator[str]:
    """Ids of all withdrawals past their deadline that are not escalated yet, read in batches."""
    return ids_in_batches(
        Withdrawal.escalate_at,
        Withdrawal.id,
        Withdrawal.escalate_at <= now(),
        Withdrawal.escalated_at.is_(None),
        batch=batch,
    )


def escalate(withdrawal_id: str) -> bool:
    """Tell the admins of one, once (inside a unit of work); False when it has ended meanwhile."""
    row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
    late = row is not None and row.escalate_at is not None and row.escalate_at <= now()
    if row is None or not late or row.escalated_at is not None:
        return False
    row.escalated_at = now()
    db.session.flush()
    payout_endings.recorded(SYSTEM, row, "withdrawal.escalated")
    publish(WithdrawalOverdue(row.id, row.influencer_id))
    return True
