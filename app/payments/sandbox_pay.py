"""The sandbox's pay page: the payer chooses what the gateway shall play."""

from __future__ import annotations

import hmac

from app.audit.service import record
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.extensions import db
from app.core.jobs import enqueue
from app.payments import queries
from app.payments.gateways.registry import sandbox
from app.payments.gateways.sandbox import OUTCOMES, PAGE, SandboxGateway
from app.payments.lifecycle import DepositStatus
from app.payments.models import Deposit

__all__ = ["OUTCOMES", "choose", "pay_page", "waits_for_choice"]


def pay_page(deposit_id: str, key: str) -> Deposit:
    """The deposit of a pay page. Raises NotFound for a wrong key and where no sandbox is."""
    return _found(deposit_id, key, locked=False)[1]


def waits_for_choice(row: Deposit) -> bool:
    """Whether nothing was chosen on its page yet."""
    return row.status is DepositStatus.OPEN and row.outcome == PAGE


def choose(deposit_id: str, key: str, outcome: str) -> Deposit:
    """Pay, or not, as `outcome` says (inside a unit of work): once a deposit.

    Raises NotFound as `pay_page`, Invalid for an unknown outcome, RefusedTransition when it was
    chosen before.
    """
    gateway, row = _found(deposit_id, key, locked=True)
    if outcome not in OUTCOMES:
        raise Invalid(outcome=f"Choose one of: {', '.join(OUTCOMES)}.")
    if not waits_for_choice(row):
        raise RefusedTransition("This page was used before. Nothing was paid a second time.")
    row.outcome = outcome
    db.session.flush()
    record(
        SYSTEM,
        "deposit.outcome_chosen",
        subject_type="deposit",
        subject_id=row.id,
        outcome=outcome,
    )
    enqueue("payments.open_deposit", run_after=now() + gateway.delay(outcome), deposit_id=row.id)
    return row


def _found(deposit_id: str, key: str, *, locked: bool) -> tuple[SandboxGateway, Deposit]:
    gateway = sandbox()
    if gateway is None or not hmac.compare_digest(
        gateway.page_key(deposit_id).encode(), key.encode("utf-8", "replace")
    ):
        raise NotFound
    row = db.session.scalar(queries.deposit(deposit_id, locked=locked))
    if row is None or row.gateway != gateway.name:
        raise NotFound
    return gateway, row
