"""The ledger and its proofs."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.security import access
from app.core.actor import Role
from app.payments import service
from app.payments.schemas import InvariantsRead, TransferPage, TransferQuery
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
