"""Deposits of every sponsor, and those that come by bank transfer."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import check_if_match, commits, tagged
from app.api.export import Columns, amount, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.payments import manual_deposits as service
from app.payments.manual_schemas import (
    AdminDepositFilters,
    AdminDepositPage,
    AdminDepositQuery,
    AdminDepositRead,
    DepositConfirmation,
    DepositDecline,
)


@bp.route("/deposits", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(AdminDepositQuery, location="query")
@bp.response(200, AdminDepositPage)
def list_deposits(values: dict[str, Any]) -> Any:
    """Every deposit, the newest first."""
    return service.all_deposits(**values)


_COLUMNS: Columns = {
    "id": at("id"),
    "sponsor": at("sponsor", "name"),
    "sponsor_id": at("sponsor_id"),
    "gateway": at("gateway"),
    "reference": at("external_id"),
    "status": at("status"),
    "amount": amount("payment", "money"),
    "currency": at("payment", "currency"),
    "failure": at("failure"),
    "created_at": at("created_at"),
    "settled_at": at("payment", "settled_at"),
    "payment_id": at("payment_id"),
}


@bp.route("/deposits.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(AdminDepositFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_deposits(values: dict[str, Any]) -> Response:
    """The same deposits as CSV, the oldest first; amounts in units of their currency."""
    return csv_file("deposits", _COLUMNS, lambda page: service.all_deposits(page, **values))


@bp.route("/deposits/<string:deposit_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, AdminDepositRead)
def read_deposit(deposit_id: str) -> Any:
    """One deposit."""
    deposit = service.get_any_deposit(deposit_id)
    return deposit, 200, tagged(deposit)


@bp.route("/deposits/<string:deposit_id>/confirm", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(DepositConfirmation)
@bp.response(200, AdminDepositRead)
def confirm_deposit(values: dict[str, Any], deposit_id: str) -> Any:
    """Book what came for a deposit by bank transfer; an entry of the bank counts once.

    Another amount is refused (`amount-differs`).
    """
    check_if_match(service.get_any_deposit(deposit_id, locked=True))
    deposit = service.confirm(current_actor(), deposit_id=deposit_id, **values)
    return deposit, 200, tagged(deposit)


@bp.route("/deposits/<string:deposit_id>/decline", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(DepositDecline)
@bp.response(200, AdminDepositRead)
def decline_deposit(values: dict[str, Any], deposit_id: str) -> Any:
    """Say that no money counts for a deposit by bank transfer; the sponsor reads why."""
    check_if_match(service.get_any_deposit(deposit_id, locked=True))
    deposit = service.decline(current_actor(), deposit_id=deposit_id, **values)
    return deposit, 200, tagged(deposit)
