"""Gateway events that could not be applied, and the way out for those that never can be."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.payments import queries
from app.payments.models import GatewayEvent


def events(
    page: PageRequest,
    *,
    state: str = "waiting",
    gateway: str | None = None,
    subject: str | None = None,
) -> Page[GatewayEvent]:
    """Events that wait to be applied, or were set aside (for admins), the oldest first by default.

    `subject` is the deposit or withdrawal that the gateway named.
    """
    statement = queries.filtered(
        select(GatewayEvent).options(joinedload(GatewayEvent.admin)),
        GatewayEvent,
        gateway=gateway,
        subject=subject,
    )
    waits = GatewayEvent.processed_at.is_(None)
    return paginate(
        statement.where(waits if state == "waiting" else GatewayEvent.set_aside_by.is_not(None)),
        page,
        sorts={"received_at": GatewayEvent.received_at},
        default="received_at",
        id_column=GatewayEvent.id,
    )


def waiting_count() -> int:
    """How many events wait to be applied."""
    waits = select(func.count()).select_from(GatewayEvent)
    return db.session.scalar(waits.where(GatewayEvent.processed_at.is_(None))) or 0


def set_aside(actor: Actor, *, event_id: str, reason: str) -> GatewayEvent:
    """Say that an event will never be applied, and why. It moves no money.

    Raises NotFound, RefusedTransition for one that was applied or set aside before.
    """
    event = db.session.scalar(
        select(GatewayEvent)
        .where(GatewayEvent.id == event_id)
        .options(selectinload(GatewayEvent.admin))
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
    db.session.refresh(event, ["admin"])
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
