"""Deposits of every sponsor, and those that come by bank transfer."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import check_if_match, commits, tagged
from app.api.security import access, current_actor
from app.core.actor import Role
from app.payments import manual_deposits as service
from app.payments.manual_schemas import (
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
    check_if_match(service.get_any_deposit(deposit_id))
    deposit = service.confirm(current_actor(), deposit_id=deposit_id, **values)
    return deposit, 200, tagged(deposit)


@bp.route("/deposits/<string:deposit_id>/decline", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(DepositDecline)
@bp.response(200, AdminDepositRead)
def decline_deposit(values: dict[str, Any], deposit_id: str) -> Any:
    """Say that no money counts for a deposit by bank transfer; the sponsor reads why."""
    check_if_match(service.get_any_deposit(deposit_id))
    deposit = service.decline(current_actor(), deposit_id=deposit_id, **values)
    return deposit, 200, tagged(deposit)
