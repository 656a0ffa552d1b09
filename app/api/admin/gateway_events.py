"""What gateways said and we could not apply."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.paging import Page
from app.payments import waiting_events
from app.payments.manual_schemas import (
    GatewayEventPage,
    GatewayEventQuery,
    GatewayEventRead,
    GatewayEventSetAside,
)
from app.payments.models import GatewayEvent


@bp.route("/gateway-events", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(GatewayEventQuery, location="query")
@bp.response(200, GatewayEventPage)
def list_waiting_gateway_events(values: dict[str, Any]) -> Page[GatewayEvent]:
    """Gateway events that wait to be applied, with why, the oldest first."""
    return waiting_events.waiting(**values)


@bp.route("/gateway-events/<string:event_id>/set-aside", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(GatewayEventSetAside)
@bp.response(200, GatewayEventRead)
def set_gateway_event_aside(values: dict[str, Any], event_id: str) -> GatewayEvent:
    """Say that an event will never be applied, and why. No money moves."""
    return waiting_events.set_aside(current_actor(), event_id=event_id, **values)
