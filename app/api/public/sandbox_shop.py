"""The page of the sandbox's shop: keeps the click that led to it, and sells. No script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from app.api.blueprint import commits_itself
from app.api.security import access
from app.attribution import sandbox_shop as service
from app.core.extensions import limiter

blueprint = Blueprint("sandbox_shop", __name__, template_folder="templates")

COOKIE = "sandbox_shop_click"
KEPT = 30 * 24 * 60 * 60  # seconds
LONGEST = 200


@blueprint.get(f"{service.PATH}<string:sponsor_id>")
@limiter.limit("120 per minute")
@access()
def show(sponsor_id: str) -> Response:
    """What is sold. A click id in the address is kept in the shop's own cookie."""
    response = _page(service.shop_of(sponsor_id))
    click_id = request.args.get(service.CLICK, "")
    if click_id.isascii() and click_id.isalnum() and len(click_id) <= LONGEST:
        response.set_cookie(
            COOKIE,
            click_id,
            max_age=KEPT,
            path=service.path_of(sponsor_id),
            httponly=True,
            samesite="Lax",
        )
    return response


@blueprint.post(f"{service.PATH}<string:sponsor_id>")
@limiter.limit("60 per minute")
@access()
@commits_itself
def buy(sponsor_id: str) -> Response:
    """Sell, and tell of the order."""
    number = request.form.get("number", "")
    external_id = service.buy(
        sponsor_id,
        number=int(number) if number.isascii() and number.isdigit() else 0,
        coupon=request.form.get("coupon", "").strip()[:60],
        click_id=request.cookies.get(COOKIE, "")[:LONGEST],
    )
    return _page(service.shop_of(sponsor_id), external_id=external_id)


def _page(shop: service.Shop, **values: Any) -> Response:
    response = make_response(render_template("sandbox_shop.html", shop=shop, **values))
    response.headers["Cache-Control"] = "no-store"
    return response
