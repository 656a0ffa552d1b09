"""The proof of the money, run by a job and kept, so that no page has to wait for it."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from app.core.caching import invalidate
from app.core.clock import now
from app.core.extensions import db
from app.core.retention import drop
from app.core.transaction import unit_of_work
from app.reporting import ledger_proof
from app.reporting.models import LedgerProof

log = logging.getLogger(__name__)

AREA = "admin_summary"
"""The cache area of the admin's first page, which shows the newest proof."""
KEPT = timedelta(days=30)


def prove_and_keep() -> LedgerProof:
    """Run every proof and keep what was found (opens its own units of work)."""
    at = now()
    broken = [check.name for check in ledger_proof.prove() if not check.ok]
    if broken:
        log.error("the proof of the ledger failed: %s", ", ".join(broken))

    def keep() -> LedgerProof:
        row = LedgerProof(at=at, broken=broken)
        db.session.add(row)
        db.session.flush()
        invalidate(AREA)
        return row

    kept = unit_of_work(keep)
    drop(LedgerProof, LedgerProof.at < at - KEPT)
    return kept


def latest() -> LedgerProof | None:
    """The newest proof; None before the first one."""
    return db.session.scalar(
        select(LedgerProof).order_by(LedgerProof.at.desc(), LedgerProof.id.desc()).limit(1)
    )
