"""What gateways said and we could not apply."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.export import Columns, amount, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.paging import Page
from app.payments import waiting_events
from app.payments.manual_schemas import (
    GatewayEventFilters,
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
def list_gateway_events(values: dict[str, Any]) -> Page[GatewayEvent]:
    """Gateway events that wait to be applied, or were set aside, with why, the oldest first."""
    return waiting_events.events(**values)


_COLUMNS: Columns = {
    "id": at("id"),
    "received_at": at("received_at"),
    "gateway": at("gateway"),
    "kind": at("kind"),
    "subject": at("subject"),
    "amount": amount("money"),
    "currency": at("money", "currency"),
    "error": at("error"),
    "set_aside_at": at("set_aside_at"),
    "set_aside_by": at("admin", "name"),
    "set_aside_because": at("set_aside_because"),
}


@bp.route("/gateway-events.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(GatewayEventFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_gateway_events(values: dict[str, Any]) -> Response:
    """The same events as CSV, the oldest first."""
    return csv_file(
        "gateway-events",
        _COLUMNS,
        lambda page: waiting_events.events(page, **values),
        order="received_at",
    )


@bp.route("/gateway-events/<string:event_id>/set-aside", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(GatewayEventSetAside)
@bp.response(200, GatewayEventRead)
def set_gateway_event_aside(values: dict[str, Any], event_id: str) -> GatewayEvent:
    """Say that an event will never be applied, and why. No money moves."""
    return waiting_events.set_aside(current_actor(), event_id=event_id, **values)
