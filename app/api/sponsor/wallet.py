"""A sponsor's wallet: balances, deposits, payments."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.blueprint import commits, commits_itself, tagged
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.api.shared.payments import payments_file
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import MemberRole, Role
from app.core.extensions import limiter
from app.payments import service
from app.payments.schemas import (
    DepositCreate,
    DepositPage,
    DepositQuery,
    DepositRead,
    PaymentFilters,
    PaymentPage,
    PaymentQuery,
    WalletRead,
)

PAYERS = (MemberRole.OWNER, MemberRole.MANAGER, MemberRole.FINANCE)


@bp.route("/wallet", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.response(200, WalletRead)
def read_wallet() -> dict[str, Any]:
    """What may be committed, what is held, and the sums behind it, by currency."""
    return {"balances": service.wallet_totals(current_actor().sponsor_id or "")}


@bp.route("/payments", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.arguments(PaymentQuery, location="query")
@bp.response(200, PaymentPage)
def list_payments(values: dict[str, Any]) -> Any:
    """Everything that moved the sponsor's money."""
    return service.payments_of_sponsor(current_actor(), **values)


@bp.route("/payments.csv", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(PaymentFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_payments(values: dict[str, Any]) -> Response:
    """The same payments as CSV, the oldest first; amounts in units of their currency."""
    actor = current_actor()
    return payments_file(lambda page: service.payments_of_sponsor(actor, page, **values))


@bp.route("/deposits", methods=["POST"])
@limiter.limit("600 per minute")
@access(Role.SPONSOR, own="sponsor", members=PAYERS)
@commits(needs_key=True)
@bp.arguments(DepositCreate)
@bp.response(201, DepositRead)
def create_deposit(values: dict[str, Any]) -> Any:
    """Pay money into the wallet. It counts once the gateway has confirmed it."""
    deposit = service.deposit(current_actor(), **values)
    location = f"/api/v1/sponsor/deposits/{deposit.id}"
    return deposit, 201, {"Location": location, **tagged(deposit)}


@bp.route("/deposits", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.arguments(DepositQuery, location="query")
@bp.response(200, DepositPage)
def list_deposits(values: dict[str, Any]) -> Any:
    """The sponsor's deposits."""
    return service.deposits_of(current_actor(), **values)


@bp.route("/deposits/<string:deposit_id>", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.response(200, DepositRead)
def read_deposit(deposit_id: str) -> Any:
    """One deposit and where it stands."""
    deposit = service.get_deposit(current_actor(), deposit_id)
    return deposit, 200, tagged(deposit)


@bp.route("/deposits/<string:deposit_id>/check", methods=["POST"])
@limiter.limit("60 per minute")
@access(Role.SPONSOR, own="sponsor", members=PAYERS)
@commits_itself
@bp.response(200, DepositRead)
def check_deposit(deposit_id: str) -> Any:
    """Ask the gateway where a deposit stands, as after the return from its pay page.

    It settles without the gateway's own message, and with it once.
    """
    deposit = service.check_deposit(current_actor(), deposit_id)
    return deposit, 200, tagged(deposit)
