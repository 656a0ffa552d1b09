"""Jobs of the reports."""

from __future__ import annotations

from typing import Any

from app.core.jobs import job
from app.reporting import proof_record


@job("reporting.prove_ledger")
def prove_ledger() -> dict[str, Any]:
    """Prove that no money is missing, doubled or below zero, and keep what was found."""
    return {"broken": proof_record.prove_and_keep().broken}
