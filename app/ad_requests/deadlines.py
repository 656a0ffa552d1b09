"""The automatic way out of every state: no offer, no content and no money waits for ever.

Each item is a unit of work of its own, which looks again at what it finds: of an expiry and an
acceptance at the same moment one wins, and running twice does nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.ad_requests import (
    cancellation,
    delivery,
    disputes,
    negotiation,
    ratings,
    settlement,
    timing,
)
from app.ad_requests.events import DeliverableDueSoon
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import OPEN, DeliverableEvent, DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable, Dispute
from app.ad_requests.ownership import deliverable_for
from app.ad_requests.progress import refresh
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.errors import DomainError, RefusedTransition
from app.core.extensions import db
from app.core.transaction import unit_of_work

log = logging.getLogger(__name__)

BATCH = 200
MOST_AT_ONCE = 5000


def enforce() -> dict[str, int]:
    """Do everything whose time has come (opens its own units); returns how many of each kind.

    What somebody else did first counts as `overtaken`. What fails is logged, counted as `failed`
    and tried again the next time; it holds up no other.
    """
    moment = now()
    done: dict[str, int] = {}
    for name, (due, act) in _kinds(moment).items():
        for row in _all(due):
            outcome = _one(act, row) or name
            done[outcome] = done.get(outcome, 0) + 1
    return done


def _kinds(moment: datetime) -> dict[str, tuple[Select[*tuple[Any, ...]], Callable[..., Any]]]:
    """What is due by `moment`: a select of (time, ids…) and what is done with the ids."""
    return {
        "expired": (
            select(AdRequest.answer_by, AdRequest.id).where(
                AdRequest.status.in_(OPEN), AdRequest.answer_by <= moment
            ),
            negotiation.expire,
        ),
        "approved": (_due([DeliverableStatus.IN_REVIEW], moment), _approve),
        "completed": (_due([DeliverableStatus.PUBLISHED], moment), _confirm),
        "cancelled": (
            _due([DeliverableStatus.DUE, DeliverableStatus.APPROVED], moment),
            _cancel,
        ),
        "escalated": (
            select(Dispute.escalate_at, Dispute.id).where(
                Dispute.decided_at.is_(None),
                Dispute.escalated_at.is_(None),
                Dispute.escalate_at <= moment,
            ),
            disputes.escalate,
        ),
        "reminded": (
            select(Deliverable.remind_at, Deliverable.id, Deliverable.ad_request_id).where(
                Deliverable.remind_at <= moment
            ),
            _remind,
        ),
        "returned": (
            select(AdRequest.commission_until, AdRequest.id).where(
                AdRequest.commission_until <= moment
            ),
            settlement.close_commission,
        ),
        "revealed": (
            select(AdRequest.ratings_close_at, AdRequest.id).where(
                AdRequest.ratings_close_at <= moment, AdRequest.ratings_revealed_at.is_(None)
            ),
            ratings.reveal,
        ),
    }


def _due(states: list[DeliverableStatus], moment: datetime) -> Select[*tuple[Any, ...]]:
    return select(Deliverable.act_at, Deliverable.id, Deliverable.ad_request_id).where(
        Deliverable.status.in_(states), Deliverable.act_at <= moment
    )


def _all(due: Select[*tuple[Any, ...]]) -> Iterable[list[str]]:
    """The ids of what is due, the longest overdue first, read in batches."""
    at, row_id = due.selected_columns[0], due.selected_columns[1]
    behind: Any = True
    for _ in range(MOST_AT_ONCE // BATCH):
        statement = due.where(behind) if behind is not True else due
        rows = db.session.execute(statement.order_by(at, row_id).limit(BATCH)).all()
        # The read ends here; each item opens its own unit.
        db.session.rollback()
        for row in rows:
            yield list(row[1:])
        if len(rows) < BATCH:
            return
        last = rows[-1]
        behind = (at > last[0]) | ((at == last[0]) & (row_id > last[1]))


def _one(act: Callable[..., Any], ids: list[str]) -> str | None:
    try:
        unit_of_work(lambda: act(*ids))
    except DomainError as error:
        log.info("deadline of %s was overtaken: %s", ids[0], error)
        return "overtaken"
    except Exception:
        log.exception("the deadline of %s could not be enforced", ids[0])
        return "failed"
    return None


def _approve(deliverable_id: str, ad_request_id: str) -> None:
    _require_due(deliverable_id, ad_request_id, DeliverableEvent.APPROVE)
    delivery.approve(SYSTEM, ad_request_id=ad_request_id, deliverable_id=deliverable_id)


def _confirm(deliverable_id: str, ad_request_id: str) -> None:
    _require_due(deliverable_id, ad_request_id, DeliverableEvent.CONFIRM)
    delivery.confirm(SYSTEM, ad_request_id=ad_request_id, deliverable_id=deliverable_id)


def _cancel(deliverable_id: str, ad_request_id: str) -> None:
    ad_request, deliverable = deliverable_for(SYSTEM, ad_request_id, deliverable_id)
    cancellation.cancel_overdue(ad_request, deliverable, SYSTEM)


def _require_due(deliverable_id: str, ad_request_id: str, event: DeliverableEvent) -> None:
    _, deliverable = deliverable_for(SYSTEM, ad_request_id, deliverable_id)
    if deliverable.act_at is None or now() < deliverable.act_at:
        raise RefusedTransition(
            "Its time has not come.", state=deliverable.status.value, event=event.value
        )


def _remind(deliverable_id: str, ad_request_id: str) -> None:
    ad_request, deliverable = deliverable_for(SYSTEM, ad_request_id, deliverable_id)
    moment = now()
    if deliverable.remind_at is None or moment < deliverable.remind_at:
        raise RefusedTransition("Nothing is to be said now.", state=deliverable.status.value)
    deadline = deliverable.deadline
    assert deadline is not None
    deliverable.remind_at = timing.next_reminder(deadline, moment)
    deliverable.touch()
    refresh(ad_request)
    if moment < deadline:
        tell(
            DeliverableDueSoon,
            ad_request,
            SYSTEM,
            deliverable_id=deliverable.id,
            status=deliverable.status.value,
            hours=round((deadline - moment).total_seconds() / 3600),
            deadline=deadline,
        )
