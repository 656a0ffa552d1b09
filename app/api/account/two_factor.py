"""The authenticator: set up, put into force, switch off."""

from __future__ import annotations

from typing import Any

import segno
from flask import Response, jsonify

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits_itself
from app.api.limits import by_actor
from app.api.security import SIGNED_IN, access, current_actor
from app.core.extensions import limiter
from app.core.transaction import unit_of_work
from app.identity import second_factor
from app.identity.schemas import PasswordConfirm, RecoveryCodesRead, TotpConfirm, TotpSetup

# These views open their units themselves: what they answer is secret, and the answers of `commits`
# may be kept for a repeated Idempotency-Key.


@bp.route("/account/totp", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True, fresh=True)
@limiter.limit("20 per minute", key_func=by_actor)
@commits_itself
@bp.response(200, TotpSetup)
def begin_totp() -> Response:
    """Make a secret for an authenticator. It is in force once its first code is confirmed."""
    actor = current_actor()
    setup = unit_of_work(lambda: second_factor.begin(actor))
    picture = segno.make(setup.uri, error="m").svg_data_uri(scale=4, border=2, dark="#000")
    return _secret({"secret": setup.secret, "uri": setup.uri, "qr": picture})


@bp.route("/account/totp/confirm", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True, fresh=True)
@limiter.limit("10 per minute", key_func=by_actor)
@commits_itself
@bp.arguments(TotpConfirm)
@bp.response(200, RecoveryCodesRead)
def confirm_totp(values: dict[str, Any]) -> Response:
    """Put the authenticator into force. The recovery codes are shown this one time."""
    actor = current_actor()
    codes = unit_of_work(lambda: second_factor.confirm(actor, otp=values["otp"]))
    return _secret({"recovery_codes": codes})


@bp.route("/account/totp/recovery-codes", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True, fresh=True)
@limiter.limit("10 per minute", key_func=by_actor)
@commits_itself
@bp.response(200, RecoveryCodesRead)
def replace_recovery_codes() -> Response:
    """Make new recovery codes; the old ones stop working."""
    actor = current_actor()
    codes = unit_of_work(lambda: second_factor.new_recovery_codes(actor))
    return _secret({"recovery_codes": codes})


@bp.route("/account/totp/disable", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@limiter.limit("10 per minute", key_func=by_actor)
@commits_itself
@bp.arguments(PasswordConfirm)
@bp.response(204)
def disable_totp(values: dict[str, Any]) -> None:
    """Switch the authenticator off."""
    second_factor.disable(current_actor(), **values)


def _secret(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
