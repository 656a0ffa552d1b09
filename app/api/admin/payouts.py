"""Withdrawals, which two admins approve above a limit."""

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
from app.payments import manual_returns, payout_approvals, payout_findings
from app.payments.manual_schemas import PayoutReturn
from app.payments.models import Withdrawal
from app.payments.payout_schemas import (
    PayoutFilters,
    PayoutOutcome,
    PayoutPage,
    PayoutQuery,
    PayoutRead,
    PayoutRefuse,
)


@bp.route("/payouts", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(PayoutQuery, location="query")
@bp.response(200, PayoutPage)
def list_payouts(values: dict[str, Any]) -> Any:
    """All withdrawals, with who asked, approved and ended them."""
    page = payout_approvals.payouts(**values)
    for row in page.items:
        _shown(row)
    return page


_COLUMNS: Columns = {
    "id": at("id"),
    "influencer": at("influencer", "name"),
    "influencer_id": at("influencer_id"),
    "gateway": at("gateway"),
    "to": at("details", "label"),
    "status": at("status"),
    "amount": amount("payment", "money"),
    "currency": at("payment", "currency"),
    "failure": at("failure"),
    "escalate_at": at("escalate_at"),
    "escalated_at": at("escalated_at"),
    "reference": at("external_id"),
    "created_at": at("created_at"),
    "approved_at": at("approved_at"),
    "sent_at": at("sent_at"),
    "settled_at": at("payment", "settled_at"),
    "ended_at": at("ended_at"),
    "payment_id": at("payment_id"),
}


@bp.route("/payouts.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(PayoutFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_payouts(values: dict[str, Any]) -> Response:
    """The same withdrawals as CSV, the oldest first; accounts are masked."""
    return csv_file("payouts", _COLUMNS, lambda page: payout_approvals.payouts(page, **values))


@bp.route("/payouts/<string:withdrawal_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, PayoutRead)
def read_payout(withdrawal_id: str) -> Any:
    """One withdrawal and where it stands."""
    row = payout_approvals.get_payout(withdrawal_id)
    return _shown(row), 200, tagged(row)


@bp.route("/payouts/<string:withdrawal_id>/approve", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.response(200, PayoutRead)
def approve_payout(withdrawal_id: str) -> Any:
    """Say yes to a withdrawal that waits; the second admin's yes lets it be sent."""
    check_if_match(payout_approvals.get_payout(withdrawal_id, locked=True))
    row = payout_approvals.approve(current_actor(), withdrawal_id=withdrawal_id)
    return _shown(row), 200, tagged(row)


@bp.route("/payouts/<string:withdrawal_id>/refuse", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(PayoutRefuse)
@bp.response(200, PayoutRead)
def refuse_payout(values: dict[str, Any], withdrawal_id: str) -> Any:
    """Give the money of a withdrawal that was not sent yet back, and say why."""
    check_if_match(payout_approvals.get_payout(withdrawal_id, locked=True))
    row = payout_approvals.refuse(current_actor(), withdrawal_id=withdrawal_id, **values)
    return _shown(row), 200, tagged(row)


@bp.route("/payouts/<string:withdrawal_id>/retry", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.response(200, PayoutRead)
def retry_payout(withdrawal_id: str) -> Any:
    """Look an unknown outcome up now, or whether a paid one came back, or withdraw the money of a
    failed payout once more.

    Answers with the withdrawal that is on its way; asking again gives the same one.
    """
    row = payout_approvals.retry(current_actor(), withdrawal_id=withdrawal_id)
    return _shown(row), 200, tagged(row)


@bp.route("/payouts/<string:withdrawal_id>/return", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(PayoutReturn)
@bp.response(200, PayoutRead)
def return_payout(values: dict[str, Any], withdrawal_id: str) -> Any:
    """Book that the bank sent a paid bank transfer back: its money is the influencer's again."""
    check_if_match(payout_approvals.get_payout(withdrawal_id, locked=True))
    row = manual_returns.sent_back(current_actor(), withdrawal_id=withdrawal_id, **values)
    return _shown(row), 200, tagged(row)


@bp.route("/payouts/<string:withdrawal_id>/outcome", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits
@bp.arguments(PayoutOutcome)
@bp.response(200, PayoutRead)
def find_payout_outcome(values: dict[str, Any], withdrawal_id: str) -> Any:
    """Say how a withdrawal ended whose gateway is not in use any more.

    Above the limit of approvals it is booked once two admins have said the same.
    """
    check_if_match(payout_approvals.get_payout(withdrawal_id, locked=True))
    row = payout_findings.find(current_actor(), withdrawal_id=withdrawal_id, **values)
    return _shown(row), 200, tagged(row)


def _shown(row: Withdrawal) -> Withdrawal:
    row.admin_actions = payout_approvals.actions_of(current_actor(), row)  # type: ignore[misc]
    return row
