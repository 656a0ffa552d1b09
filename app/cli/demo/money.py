"""What people of the demo did with their money: one was paid, one waits for a bank transfer."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from app.core.actor import Actor
from app.core.extensions import db
from app.core.jobs import Job, run_job
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import manual_deposits, payout_batches, payout_details
from app.payments import service as payments
from app.payments.payout_models import PayoutMethod

# Made by hand for the demo; the account number is the one that documents of banks show.
ACCOUNT = {"name": "Demo account", "country": "DE", "iban": "DE89370400440532013000"}
SMALLEST = 10_000
TRANSFER = Money(90_000, "EUR")


def deposit(sponsor: Actor, amount: Money, gateway: str) -> str:
    """Deposit and let the gateway do its part; returns the deposit's id."""
    row_id = unit_of_work(lambda: payments.deposit(sponsor, amount=amount, gateway=gateway).id)
    _run_latest_of(sponsor)
    return row_id


def move_money(admin: Actor, sponsor: Actor, influencers: Mapping[str, Actor]) -> None:
    """Withdraw of what is available; where the instance takes bank transfers, let one come in,
    and collect a payout into a batch."""
    able = [actor for actor in influencers.values() if _available(actor) >= SMALLEST]
    _withdraw(able[0])
    if "manual" not in payments.gateways():
        return
    deposit_id = deposit(sponsor, TRANSFER, "manual")
    unit_of_work(
        lambda: manual_deposits.confirm(
            admin, deposit_id=deposit_id, amount=TRANSFER, entry_id="demo-statement-1"
        )
    )
    paid_by_bank = able[1]
    unit_of_work(
        lambda: payout_details.change(
            paid_by_bank, method=PayoutMethod.BANK, destination={**ACCOUNT}
        )
    )
    _withdraw(paid_by_bank)
    unit_of_work(lambda: payout_batches.collect(admin, currency="EUR"))


def _withdraw(actor: Actor) -> None:
    # Half, in whole units, and not more than the bank transfer that pays for it.
    half = min(_available(actor) // 200 * 100, TRANSFER.amount)
    unit_of_work(lambda: payments.withdraw(actor, amount=Money(half, TRANSFER.currency)))
    _run_latest_of(actor)


def _available(actor: Actor) -> int:
    """What the influencer may withdraw, in cents of euros."""
    balances = payments.earnings(actor.influencer_id or "").balances
    db.session.rollback()
    return sum(one.available for one in balances if one.currency == TRANSFER.currency)


def _run_latest_of(actor: Actor) -> None:
    job_id = db.session.scalar(
        select(Job.id).where(Job.requested_by == actor.user_id).order_by(Job.created_at.desc())
    )
    db.session.rollback()
    if job_id is not None:
        run_job(job_id)
