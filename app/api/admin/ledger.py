"""The ledger and its proofs."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.export import Columns, amount, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.payments import manual_own_money, operator_money, service, statement_comparison
from app.payments.manual_schemas import (
    ComparisonRead,
    GatewayMoneyList,
    OwnMoneyCreate,
    StatementFile,
)
from app.payments.schemas import InvariantsRead, TransferFilters, TransferPage, TransferQuery
from app.payments.statement_comparison import LineState
from app.reporting import ledger_proof


@bp.route("/ledger/invariants", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, InvariantsRead)
def read_ledger_invariants() -> dict[str, Any]:
    """Prove that no money is missing, doubled or below zero."""
    checks = ledger_proof.prove()
    return {"ok": all(check.ok for check in checks), "checks": checks}


@bp.route("/ledger/transfers", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(TransferQuery, location="query")
@bp.response(200, TransferPage)
def list_ledger_transfers(values: dict[str, Any]) -> Any:
    """Every movement of the ledger."""
    return service.transfers(**values)


@bp.route("/ledger/gateways", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, GatewayMoneyList)
def list_gateway_money() -> dict[str, Any]:
    """What lies at each gateway, and what of it is the operator's own."""
    return _gateway_money()


@bp.route("/ledger/own-money", methods=["POST"])
@access(Role.ADMIN, fresh=True)
@commits(needs_key=True)
@bp.arguments(OwnMoneyCreate)
@bp.response(201, GatewayMoneyList)
def book_own_money(values: dict[str, Any]) -> dict[str, Any]:
    """Book own money that came into or left the bank account of transfers, or a charge of the bank.

    Of Stripe it is booked by itself: top-ups, payouts to the operator's bank, and fees.
    """
    manual_own_money.book(current_actor(), **values)
    return _gateway_money()


def _gateway_money() -> dict[str, Any]:
    return {
        "items": operator_money.at_gateways(),
        "currencies": operator_money.in_currencies(),
    }


@bp.route("/ledger/statement-checks", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(StatementFile)
@bp.response(200, ComparisonRead)
def compare_statement(values: dict[str, Any]) -> dict[str, Any]:
    """Our lines beside the statement of a bank, or of Stripe. Nothing is kept or posted."""
    found = statement_comparison.compare(**values)
    counts = {state.value: found.count(state) for state in LineState}
    return {"since": found.since, "until": found.until, "lines": found.lines, **counts}


def _account(side: str) -> Columns:
    of = f"{side}_account"
    return {
        side: at(of, "kind"),
        f"{side}_owner": at(of, "owner_id"),
        f"{side}_reference": at(of, "reference"),
        f"{side}_account": at(of, "id"),
    }


_COLUMNS: Columns = {
    "id": at("id"),
    "at": at("at"),
    "kind": at("kind"),
    "amount": amount("money"),
    "currency": at("currency"),
    **_account("debit"),
    **_account("credit"),
    **{
        name: at(name)
        for name in (
            "reference", "subject", "payment_id", "reverses_id", "idempotency_key", "actor",
        )
    },
}  # fmt: skip


@bp.route("/ledger/transfers.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(TransferFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_ledger_transfers(values: dict[str, Any]) -> Response:
    """The same movements as CSV, the oldest first; amounts in units of their currency."""
    return csv_file(
        "transfers", _COLUMNS, lambda page: service.transfers(page, **values), order="at"
    )
