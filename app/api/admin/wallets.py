"""Wallets of sponsors, and money that goes back to them."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import access, current_actor
from app.core.actor import Role
from app.payments import manual_wallet_returns as service
from app.payments.manual_schemas import WalletReturnCreate
from app.payments.schemas import PaymentRead, WalletRead


@bp.route("/wallets/<string:sponsor_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, WalletRead)
def read_wallet(sponsor_id: str) -> dict[str, Any]:
    """What a sponsor has, by currency, also when their account is closed."""
    return {"balances": service.wallet_of(sponsor_id)}


@bp.route("/wallets/<string:sponsor_id>/returns", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits(needs_key=True)
@bp.arguments(WalletReturnCreate)
@bp.response(201, PaymentRead)
def return_money_of_wallet(values: dict[str, Any], sponsor_id: str) -> Any:
    """Book what was sent back to a sponsor by a bank transfer, by its entry in the bank.

    Only what is available goes back. An entry counts once; the sponsor reads the reason.
    """
    return service.give_back(current_actor(), sponsor_id=sponsor_id, **values)
