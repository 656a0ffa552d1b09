"""Payouts by bank transfer, in batches for the bank."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import check_if_match, commits, commits_itself, tagged
from app.api.export import Columns, amount, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.payments import payout_batch_endings
from app.payments import payout_batches as service
from app.payments.manual_schemas import (
    PayoutBatchConfirmation,
    PayoutBatchCreate,
    PayoutBatchFilters,
    PayoutBatchPage,
    PayoutBatchQuery,
    PayoutBatchRead,
    WaitingPayoutsList,
)


@bp.route("/payouts/waiting", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, WaitingPayoutsList)
def list_waiting_payouts() -> dict[str, Any]:
    """Payouts by bank transfer that are in no batch yet, by currency."""
    return {"items": service.waiting_payouts()}


@bp.route("/payouts/batches", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(PayoutBatchQuery, location="query")
@bp.response(200, PayoutBatchPage)
def list_payout_batches(values: dict[str, Any]) -> Any:
    """The batches, the newest first."""
    return service.batches(**values)


_COLUMNS: Columns = {
    "id": at("id"),
    "status": at("status"),
    "total": amount("total"),
    "currency": at("currency"),
    "count": at("count"),
    "waiting": at("waiting"),
    "created_by": at("created_by"),
    "created_at": at("created_at"),
    "closed_at": at("closed_at"),
    "downloaded_at": at("downloaded_at"),
}


@bp.route("/payouts/batches.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(PayoutBatchFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_payout_batches(values: dict[str, Any]) -> Response:
    """The same batches as CSV, the oldest first; what a batch holds is in its own file."""
    return csv_file("payout-batches", _COLUMNS, lambda page: service.batches(page, **values))


@bp.route("/payouts/batches", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(PayoutBatchCreate)
@bp.response(201, PayoutBatchRead)
def create_payout_batch(values: dict[str, Any]) -> Any:
    """Collect the waiting payouts of one currency into a batch."""
    batch = service.collect(current_actor(), **values)
    location = f"/api/v1/admin/payouts/batches/{batch.id}"
    return batch, 201, {"Location": location, **tagged(batch)}


@bp.route("/payouts/batches/<string:batch_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, PayoutBatchRead)
def read_payout_batch(batch_id: str) -> Any:
    """A batch with its lines."""
    batch = service.get_batch(batch_id)
    return batch, 200, tagged(batch)


@bp.route("/payouts/batches/<string:batch_id>/file", methods=["GET"])
@access(Role.ADMIN, fresh=True)
@bp.response(200, {"type": "string"}, content_type="text/csv")
def download_payout_batch(batch_id: str) -> Response:
    """What still waits in a batch as CSV for the bank, accounts in clear.

    The download is recorded, and needs a fresh sign-in.
    """
    lines = service.bank_file(current_actor(), batch_id=batch_id)
    response = Response("".join(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="payouts-{batch_id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/payouts/batches/<string:batch_id>/confirm", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits_itself
@bp.arguments(PayoutBatchConfirmation)
@bp.response(200, PayoutBatchRead)
def confirm_payout_batch(values: dict[str, Any], batch_id: str) -> Any:
    """Say how lines of a batch ended: paid by an entry of the bank's statement, or failed.

    What failed comes back to the influencer. Without `line_ids` it is said of all that wait and
    are not on hold.
    """
    batch = payout_batch_endings.confirm(
        current_actor(), batch_id=batch_id, check=check_if_match, **values
    )
    return batch, 200, tagged(batch)
