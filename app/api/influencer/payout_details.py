"""Where an influencer is paid."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import check_if_match, commits, commits_itself, tagged
from app.api.influencer.blueprint import blueprint as bp
from app.api.limits import by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.payments import payees, payout_details
from app.payments.payout_schemas import (
    PayeeCreate,
    PayeeLinkRead,
    PayoutDetailsInput,
    PayoutDetailsRead,
)

CHANGES = "20 per hour"


@bp.route("/payout-details", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.response(200, PayoutDetailsRead)
def read_payout_details() -> Any:
    """Where one is paid, masked; all null before there are details."""
    return _answer()


@bp.route("/payout-details", methods=["PUT"])
@limiter.limit("600 per minute")
@access(Role.INFLUENCER, own="influencer", suspended=True, fresh=True)
@limiter.limit(CHANGES, key_func=by_actor)
@commits
@bp.arguments(PayoutDetailsInput)
@bp.response(200, PayoutDetailsRead)
def set_payout_details(values: dict[str, Any]) -> Any:
    """Be paid there from now on. Needs a sign-in within the last minutes.

    The first details count at once; after a change withdrawals wait, and a mail says so.
    """
    _check_match()
    payout_details.change(current_actor(), **values)
    return _answer()


@bp.route("/payout-details", methods=["DELETE"])
@access(Role.INFLUENCER, own="influencer", suspended=True, fresh=True)
@commits
@bp.response(204)
def remove_payout_details() -> None:
    """Forget where one is paid. Withdrawals on their way still go there."""
    _check_match()
    payout_details.remove(current_actor())


@bp.route("/payout-details/stripe", methods=["POST"])
@access(Role.INFLUENCER, own="influencer", suspended=True, fresh=True)
@limiter.limit(CHANGES, key_func=by_actor)
@commits_itself
@bp.arguments(PayeeCreate)
@bp.response(200, PayeeLinkRead)
def open_stripe_payee(values: dict[str, Any]) -> dict[str, str]:
    """Be paid through Stripe: opens an account there and says where to complete it.

    Asking again gives a new address for the same account.
    """
    return {"url": payees.open_stripe_account(current_actor(), **values)}


def _check_match() -> None:
    row = payout_details.current(current_actor().influencer_id or "")
    if row is not None:
        check_if_match(row)


def _answer() -> Any:
    shown = payout_details.shown(current_actor().influencer_id or "")
    return shown, 200, tagged(shown.row) if shown.row is not None else {}
