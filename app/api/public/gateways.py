"""Payment gateways: which are in use, and what they tell us."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from app.api.blueprint import commits
from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.core.extensions import limiter
from app.payments import service
from app.payments.gateways.base import MalformedEvent
from app.payments.schemas import GatewayList


@bp.route("/public/gateways", methods=["GET"])
@access()
@bp.response(200, GatewayList)
def list_gateways() -> dict[str, Any]:
    """The gateways through which money can be paid in."""
    return {"items": list(service.gateways().values())}


@bp.route("/public/gateways/<string:name>/events", methods=["POST"])
@limiter.limit("6000 per minute")
@access()
@commits
@bp.doc(
    requestBody={
        "required": True,
        "description": "What the gateway sends, with its signature in the headers.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
)
@bp.alt_response(
    401,
    schema="Problem",
    content_type="application/problem+json",
    description="The signature does not match",
)
@bp.response(204)
def receive_gateway_event(name: str) -> Response:
    """What a gateway tells us, signed by it; the same message counts once."""
    gateway = service.gateway_named(name)
    headers = {header.lower(): value for header, value in request.headers.items()}
    try:
        service.hear(gateway, headers, request.get_data(cache=True))
    except MalformedEvent as error:
        raise BadRequest(f"The event cannot be read: {error}.") from None
    return Response(status=204)
