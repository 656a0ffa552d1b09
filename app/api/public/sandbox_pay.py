"""The pay page of the sandbox gateway, as a payer meets one at a real gateway. No script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.api.blueprint import commits
from app.api.security import access
from app.core.extensions import limiter
from app.payments import sandbox_pay as service
from app.payments.deposits import return_path
from app.payments.models import Deposit

blueprint = Blueprint("sandbox_pay", __name__, template_folder="templates")

LABELS = {
    "success": ("Pay", "The money comes in at once."),
    "decline": ("Decline", "The card is declined; no money moves."),
    "slow": ("Pay slowly", "The gateway tells us some seconds later."),
    "duplicate": ("Pay, told three times", "Its message arrives again and again. It counts once."),
    "out_of_order": ("Pay, told out of order", "An older refusal arrives after the success."),
    "silent": ("Pay, never told", "No message comes. Your return to the wallet settles it."),
}


@blueprint.get("/sandbox/pay/<string:deposit_id>")
@limiter.limit("120 per minute")
@access()
def show(deposit_id: str) -> Response:
    """The page on which the payer chooses how the payment ends."""
    key = request.args.get("key", "")
    return _page(service.pay_page(deposit_id, key), key=key)


@blueprint.post("/sandbox/pay/<string:deposit_id>")
@limiter.limit("60 per minute")
@access()
@commits
def pay(deposit_id: str) -> Any:
    """Play what was chosen, and send the payer back to the wallet."""
    key = request.form.get("key", "")
    row = service.pay_page(deposit_id, key)
    if not service.waits_for_choice(row):
        return _page(row, key=key, status=409)
    service.choose(deposit_id, key, request.form.get("outcome", ""))
    return redirect(return_path(deposit_id), code=303)


@blueprint.get("/sandbox/pay.css")
@access()
def style() -> Response:
    """The page's style; the security policy allows none inside the page."""
    response = Response(render_template("sandbox_pay.css"), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _page(row: Deposit, *, key: str, status: int = 200) -> Response:
    html = render_template(
        "sandbox_pay.html",
        deposit=row,
        money=row.payment.money,
        key=key,
        waits=service.waits_for_choice(row),
        choices=[(outcome, *LABELS[outcome]) for outcome in service.OUTCOMES],
        back=return_path(row.id),
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
