"""Gateway events that could not be applied, and the way out for those that never can be."""

from __future__ import annotations

from sqlalchemy import select

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.payments.models import GatewayEvent


def waiting(page: PageRequest) -> Page[GatewayEvent]:
    """Events that wait to be applied (for admins), the oldest first by default."""
    return paginate(
        select(GatewayEvent).where(GatewayEvent.processed_at.is_(None)),
        page,
        sorts={"received_at": GatewayEvent.received_at},
        default="received_at",
        id_column=GatewayEvent.id,
    )


def set_aside(actor: Actor, *, event_id: str, reason: str) -> GatewayEvent:
    """Say that an event will never be applied, and why. It moves no money.

    Raises NotFound, RefusedTransition for one that was applied or set aside before.
    """
    event = db.session.scalar(
        select(GatewayEvent)
        .where(GatewayEvent.id == event_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound
    if event.processed_at is not None:
        state = "applied" if event.set_aside_by is None else "set aside"
        raise RefusedTransition(
            f"This event is {state} already. Nothing was changed.", state=state.replace(" ", "_")
        )
    event.processed_at = now()
    event.set_aside_by = actor.label
    event.set_aside_because = reason
    db.session.flush()
    record(
        actor,
        "gateway_event.set_aside",
        subject_type="gateway_event",
        subject_id=event.id,
        gateway=event.gateway,
        kind=event.kind,
        subject=event.subject,
        error=event.error,
    )
    return event
