"""A sponsor's orders: what came in, whom it is credited to, and where orders come from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from app.api.blueprint import check_if_match, commits, commits_itself, tagged
from app.api.export import Columns, amount, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.attribution import order_imports, order_lists, orders, receipts
from app.attribution.order_inputs import OrderFile, OrderFilters, OrderQuery, RuleInput
from app.attribution.order_schemas import (
    OrderDetailRead,
    OrderImportRead,
    OrderPage,
    ReceiptRead,
)
from app.core.actor import MemberRole, Role
from app.core.extensions import limiter

PAYERS = (MemberRole.OWNER, MemberRole.MANAGER, MemberRole.FINANCE)
FORM_OVERHEAD = 64 * 1024

_COLUMNS: Columns = {
    "id": at("id"),
    "external_id": at("external_id"),
    "ordered_at": at("ordered_at"),
    "total": amount("total"),
    "currency": at("currency"),
    "net": amount("net"),
    "refunded": amount("refunded"),
    "told": amount("told"),
    "told_currency": at("told", "currency"),
    "status": at("status"),
    "source": at("source"),
    "verified": at("verified"),
    "influencer": at("influencer", "name"),
    "campaign": at("campaign", "title"),
    "ad_request": at("ad_request_id"),
    "link": at("link", "code"),
    "coupons": at("coupons"),
    "rate": at("rate"),
    "revenue": amount("revenue"),
    "refund": amount("refund"),
    "commission_currency": at("commission", "currency"),
    "commission_due": amount("commission", "due"),
    "commission_paid": amount("commission", "paid"),
    "commission_taken_back": amount("commission", "taken_back"),
    "commission_kept_late": amount("commission", "kept_late"),
    "withheld": at("commission", "withheld"),
    "created_at": at("created_at"),
}


def _takes_tables(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let the body be as large as a table of orders."""

    @wraps(view)
    def larger(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = order_imports.LARGEST + FORM_OVERHEAD
        request.max_form_parts = 4
        return view(*args, **kwargs)

    return larger


@bp.route("/orders", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.arguments(OrderQuery, location="query")
@bp.response(200, OrderPage)
def list_orders(values: dict[str, Any]) -> Any:
    """The orders of the sponsor's shop, the latest first."""
    return order_lists.orders_of_sponsor(current_actor(), **values)


@bp.route("/orders.csv", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(OrderFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_orders(values: dict[str, Any]) -> Response:
    """The same orders as CSV, the first that came in first; amounts in units of their currency."""
    actor = current_actor()
    return csv_file(
        "orders", _COLUMNS, lambda page: order_lists.orders_of_sponsor(actor, page, **values)
    )


@bp.route("/orders/import", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=PAYERS)
@limiter.limit("20 per hour", key_func=by_actor)
@commits_itself
@_takes_tables
@bp.arguments(OrderFile, location="files")
@bp.response(200, OrderImportRead)
def import_orders(values: dict[str, FileStorage]) -> dict[str, Any]:
    """Take in a CSV of at most 5,000 orders: external_id, ordered_at, total, currency, and where
    known net, refunded, click_id, coupon. Each line is taken or refused by itself.
    """
    return order_imports.import_table(current_actor(), values["file"].stream)


@bp.route("/orders/<string:order_id>", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.response(200, OrderDetailRead)
def read_order(order_id: str) -> Any:
    """One order with its receipts: every touch, the rule, and who won."""
    order = order_lists.order_of_sponsor(current_actor(), order_id)
    return order, 200, tagged(order)


@bp.route("/orders/<string:order_id>/confirm", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=PAYERS)
@commits
@bp.response(200, OrderDetailRead)
def confirm_order(order_id: str) -> Any:
    """Vouch for an order that only a page told of; its commission is paid into the hold period."""
    actor = current_actor()
    check_if_match(orders.lock(actor.sponsor_id, order_id))
    orders.confirm(actor, order_id=order_id)
    order = order_lists.order_of_sponsor(actor, order_id)
    return order, 200, tagged(order)


@bp.route("/orders/<string:order_id>/replays", methods=["POST"])
@access(Role.SPONSOR, own="sponsor", members=PAYERS)
@limiter.limit("120 per minute", key_func=by_actor)
@commits
@bp.arguments(RuleInput)
@bp.response(201, ReceiptRead)
def replay_order(values: dict[str, Any], order_id: str) -> Any:
    """Show whom another rule would have credited; what counts and what was paid stay."""
    receipt = receipts.replay(current_actor(), order_id=order_id, **values)
    return receipt, 201, {"Location": f"/api/v1/sponsor/orders/{order_id}"}
