"""The orders that an influencer brought, or nearly, with the receipts that say why."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.export import Columns, amount, at, csv_file
from app.api.influencer.blueprint import blueprint as bp
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.attribution import order_lists
from app.attribution.order_inputs import OwnOrderFilters, OwnOrderQuery
from app.attribution.order_schemas import OwnOrderDetailRead, OwnOrderPage
from app.core.actor import Role
from app.core.extensions import limiter

_COLUMNS: Columns = {
    "id": at("order", "id"),
    "external_id": at("order", "external_id"),
    "ordered_at": at("order", "ordered_at"),
    "status": at("order", "status"),
    "verified": at("order", "verified"),
    "sponsor": at("order", "sponsor", "name"),
    "campaign": at("campaign", "title"),
    "ad_request": at("ad_request_id"),
    "revenue": amount("revenue"),
    "refund": amount("refund"),
    "currency": at("commission", "currency"),
    "commission_due": amount("commission", "due"),
    "commission_paid": amount("commission", "paid"),
    "commission_taken_back": amount("commission", "taken_back"),
    "withheld": at("commission", "withheld"),
}


@bp.route("/orders", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.arguments(OwnOrderQuery, location="query")
@bp.response(200, OwnOrderPage)
def list_orders(values: dict[str, Any]) -> Any:
    """The orders that are credited to you, or with won=false those that you touched and somebody
    else won."""
    return order_lists.orders_of_influencer(current_actor(), **values)


@bp.route("/orders.csv", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(OwnOrderFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_orders(values: dict[str, Any]) -> Response:
    """The same orders as CSV, the first that came in first; amounts in units of their currency."""
    actor = current_actor()
    return csv_file(
        "orders", _COLUMNS, lambda page: order_lists.orders_of_influencer(actor, page, **values)
    )


@bp.route("/orders/<string:order_id>", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.response(200, OwnOrderDetailRead)
def read_order(order_id: str) -> Any:
    """An order that you had a part in, with its receipts: every touch, the rule, and who won."""
    return order_lists.order_of_influencer(current_actor(), order_id)
