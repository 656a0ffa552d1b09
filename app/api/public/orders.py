"""Orders from sponsors' shops: our own webhook, Shopify's and WooCommerce's, and the script."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, render_template, request

from app.api.blueprint import commits_itself
from app.api.limits import by_shop, by_shop_and_address, was_refused
from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.attribution import webhooks
from app.attribution.adapters import woocommerce
from app.attribution.order_facts import OrderFact, OrderSourceKind
from app.attribution.order_inputs import OrderCreate, PageOrderForm
from app.attribution.order_schemas import OrderTakenRead
from app.core.extensions import limiter

ORDERS = "/public/orders/<string:sponsor_id>"
FROM_A_SHOP = "6000 per minute"
FORGED = "120 per minute"
# A page proves nothing, so it may not ask for much either: from one place, and for one shop.
FROM_A_PAGE = "30 per minute"
FROM_PAGES = "600 per minute"


def _shop_doc(system: str) -> dict[str, Any]:
    return {
        "required": True,
        "description": f"What {system} sends, with its signature in the headers.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _of_open_shops(view: Callable[..., Any]) -> Callable[..., Any]:
    """Look whether the shop takes orders from pages before the form is read."""

    @wraps(view)
    def looked(*args: Any, sponsor_id: str, **kwargs: Any) -> Any:
        webhooks.check_pages_open(sponsor_id)
        return view(*args, sponsor_id=sponsor_id, **kwargs)

    return looked


@bp.route(ORDERS, methods=["POST"])
@limiter.limit(FROM_A_SHOP)
@limiter.limit(FORGED, key_func=by_shop_and_address, deduct_when=was_refused)
@access()
@commits_itself
@bp.arguments(OrderCreate)
@bp.response(200, OrderTakenRead)
def receive_order(values: dict[str, OrderFact], sponsor_id: str) -> dict[str, Any]:
    """An order of the sponsor's shop, or what was refunded of it, signed as Standard Webhooks says.

    The headers webhook-id, webhook-timestamp and webhook-signature prove the body. The same message
    gets the same answer; the same order is counted once.
    """
    return webhooks.receive_signed(
        sponsor_id, _headers(), request.get_data(cache=True), values["fact"]
    )


@bp.route(f"{ORDERS}/shopify", methods=["POST"])
@limiter.limit(FROM_A_SHOP)
@limiter.limit(FORGED, key_func=by_shop_and_address, deduct_when=was_refused)
@access()
@commits_itself
@bp.doc(requestBody=_shop_doc("Shopify"))
@bp.response(200, OrderTakenRead)
def receive_shopify_order(sponsor_id: str) -> dict[str, Any]:
    """A webhook of Shopify: orders/create, orders/paid, orders/updated or orders/cancelled."""
    return webhooks.receive_from_shop(
        sponsor_id, OrderSourceKind.SHOPIFY, _headers(), request.get_data(cache=True)
    )


@bp.route(f"{ORDERS}/woocommerce", methods=["POST"])
@limiter.limit(FROM_A_SHOP)
@limiter.limit(FORGED, key_func=by_shop_and_address, deduct_when=was_refused)
@access()
@commits_itself
@bp.doc(requestBody=_shop_doc("WooCommerce"))
@bp.response(200, OrderTakenRead)
def receive_woocommerce_order(sponsor_id: str) -> dict[str, Any]:
    """A webhook of WooCommerce: order.created, order.updated or order.restored."""
    body = request.get_data(cache=True)
    if woocommerce.is_ping(request.mimetype, body):
        return webhooks.NOTHING_TAKEN
    return webhooks.receive_from_shop(sponsor_id, OrderSourceKind.WOOCOMMERCE, _headers(), body)


@bp.route(f"{ORDERS}/script", methods=["POST"])
@limiter.limit(FROM_A_PAGE)
@limiter.limit(FROM_PAGES, key_func=by_shop)
@access()
@commits_itself
@_of_open_shops
@bp.arguments(PageOrderForm, location="form")
@bp.response(200, OrderTakenRead)
def receive_page_order(values: dict[str, OrderFact], sponsor_id: str) -> dict[str, Any]:
    """What the script on a thank-you page says. It earns nothing until the shop or the sponsor
    confirms it."""
    return webhooks.receive_from_page(sponsor_id, values["fact"])


@bp.route("/public/orders.js", methods=["GET"])
@access()
@bp.response(200, {"type": "string"}, content_type="text/javascript")
def read_order_script() -> Response:
    """The script for the pages of a shop: it remembers the click, and tells of the order."""
    response = Response(render_template("orders.js"), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    # Other sites load it: that is what it is for.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response
