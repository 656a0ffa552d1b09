"""An influencer's earnings and withdrawals."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.blueprint import commits, tagged
from app.api.influencer.blueprint import blueprint as bp
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.api.shared.payments import payments_file
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.schemas import PageQuery
from app.payments import service
from app.payments.payout_schemas import WithdrawalCreate, WithdrawalPage, WithdrawalRead
from app.payments.schemas import EarningsRead, PaymentFilters, PaymentPage, PaymentQuery


@bp.route("/earnings", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.response(200, EarningsRead)
def read_earnings() -> Any:
    """What may be withdrawn, what waits for its date, and what is on its way."""
    return service.earnings_of(current_actor())


@bp.route("/payments", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.arguments(PaymentQuery, location="query")
@bp.response(200, PaymentPage)
def list_payments(values: dict[str, Any]) -> Any:
    """Everything that moved the influencer's money."""
    return service.payments_of_influencer(current_actor(), **values)


@bp.route("/payments.csv", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(PaymentFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_payments(values: dict[str, Any]) -> Response:
    """The same payments as CSV, the oldest first; amounts in units of their currency."""
    actor = current_actor()
    return payments_file(lambda page: service.payments_of_influencer(actor, page, **values))


@bp.route("/withdrawals", methods=["POST"])
@limiter.limit("600 per minute")
@access(Role.INFLUENCER, own="influencer", suspended=True, fresh=True)
@commits(needs_key=True)
@bp.arguments(WithdrawalCreate)
@bp.response(201, WithdrawalRead)
def create_withdrawal(values: dict[str, Any]) -> Any:
    """Ask for a payout of what is available. Needs a sign-in within the last minutes.

    It goes to the present payout details, after the wait that follows a change of them, and above
    the platform's limit when two admins have approved it.
    """
    withdrawal = service.withdraw(current_actor(), **values)
    location = f"/api/v1/influencer/withdrawals/{withdrawal.id}"
    return withdrawal, 201, {"Location": location, **tagged(withdrawal)}


@bp.route("/withdrawals", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.arguments(PageQuery, location="query")
@bp.response(200, WithdrawalPage)
def list_withdrawals(values: dict[str, Any]) -> Any:
    """The influencer's withdrawals."""
    return service.withdrawals_of(current_actor(), **values)


@bp.route("/withdrawals/<string:withdrawal_id>", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.response(200, WithdrawalRead)
def read_withdrawal(withdrawal_id: str) -> Any:
    """One withdrawal and where it stands."""
    withdrawal = service.get_withdrawal(current_actor(), withdrawal_id)
    return withdrawal, 200, tagged(withdrawal)


@bp.route("/withdrawals/<string:withdrawal_id>/cancel", methods=["POST"])
@access(Role.INFLUENCER, own="influencer", suspended=True)
@commits
@bp.response(200, WithdrawalRead)
def cancel_withdrawal(withdrawal_id: str) -> Any:
    """Take a withdrawal back before it is sent; the money is available again."""
    withdrawal = service.cancel(current_actor(), withdrawal_id=withdrawal_id)
    return withdrawal, 200, tagged(withdrawal)
