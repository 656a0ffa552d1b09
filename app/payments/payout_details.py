"""Where an influencer is paid to: encrypted, shown as a masked label only, kept in versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, select, update

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.encryption import decrypt, encrypt
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.statements import changed_rows
from app.core.transaction import unit_of_work
from app.identity.models import Influencer
from app.payments import payout_rules
from app.payments.events import PayoutDetailsChanged
from app.payments.lifecycle import OPEN_WITHDRAWALS
from app.payments.models import Withdrawal
from app.payments.payout_models import PayoutDetails, PayoutMethod

_NAMED = {PayoutMethod.SANDBOX: "Sandbox", PayoutMethod.STRIPE: "Stripe"}


@dataclass(frozen=True)
class Shown:
    """What an influencer sees of their payout details. `held_until` is when withdrawals that are
    asked for now are sent at the earliest; `methods` are those that a gateway in use can pay."""

    row: PayoutDetails | None
    method: PayoutMethod | None
    label: str | None
    changed_at: datetime | None
    held_until: datetime | None
    methods: list[PayoutMethod]


def current(influencer_id: str, *, locked: bool = False) -> PayoutDetails | None:
    """The details in force; `locked`: they stay so until the unit of work ends."""
    if locked:
        db.session.scalar(
            select(Influencer.id).where(Influencer.id == influencer_id).with_for_update(read=True)
        )
    return db.session.scalar(
        select(PayoutDetails).where(
            PayoutDetails.influencer_id == influencer_id, PayoutDetails.replaced_at.is_(None)
        )
    )


def shown(influencer_id: str) -> Shown:
    """The details in force, masked."""
    row = current(influencer_id)
    return Shown(
        row,
        row.method if row else None,
        row.label if row else None,
        row.created_at if row else None,
        payout_rules.held_until(row),
        payout_rules.methods(),
    )


def change(actor: Actor, *, method: PayoutMethod, destination: Mapping[str, str]) -> PayoutDetails:
    """Pay the actor there from now on.

    The very first details count at once; after any change withdrawals wait. Saying the same again
    changes nothing. Withdrawals that were asked for before go where they were to go.
    """
    influencer_id = _locked_influencer(actor)
    before = current(influencer_id)
    wanted = {"method": method.value, **destination}
    if before is not None and destination_of(before) == wanted:
        return before
    known = db.session.scalar(
        select(PayoutDetails.id).where(PayoutDetails.influencer_id == influencer_id).limit(1)
    )
    if before is not None:
        _replace(before)
    row = PayoutDetails(
        influencer_id=influencer_id,
        method=method,
        label=masked(method, destination),
        secret=encrypt(json.dumps(wanted, sort_keys=True)),
        held=known is not None,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "payout_details.changed",
        subject_type="influencer",
        subject_id=influencer_id,
        details_id=row.id,
        method=method.value,
    )
    publish(PayoutDetailsChanged(influencer_id, row.label))
    return row


def remove(actor: Actor) -> None:
    """Forget where the actor is paid. Raises NotFound when there is nothing to forget."""
    influencer_id = _locked_influencer(actor)
    before = current(influencer_id)
    if before is None:
        raise NotFound("There are no payout details.")
    _replace(before)
    record(
        actor,
        "payout_details.removed",
        subject_type="influencer",
        subject_id=influencer_id,
        details_id=before.id,
    )
    publish(PayoutDetailsChanged(influencer_id, None))


def destination_of(row: PayoutDetails | None) -> dict[str, str]:
    """The details in clear, for a gateway. Raises CannotDecrypt."""
    if row is None:
        return {"method": PayoutMethod.SANDBOX.value}
    if row.secret is None:
        raise LookupError(f"the payout details {row.id} were dropped")
    found: dict[str, str] = json.loads(decrypt(row.secret))
    return found


def masked(method: PayoutMethod, destination: Mapping[str, str]) -> str:
    """The name under which details are shown: never more than the last four characters."""
    if method is PayoutMethod.BANK:
        number = destination.get("iban") or destination["account"]
        country = destination["country"]
        return f"Bank account {country} ••••{number[-4:]}"
    if method is PayoutMethod.STRIPE:
        return f"Stripe ••••{destination['account_id'][-4:]}"
    return _NAMED[method]


def drop_unused() -> int:
    """Drop the encrypted part of details that were replaced and that no open withdrawal needs;
    returns how many (opens its own unit of work)."""

    def work() -> int:
        return changed_rows(_droppable())

    return unit_of_work(work)


def _droppable() -> Update:
    still_needed = select(Withdrawal.id).where(
        Withdrawal.payout_details_id == PayoutDetails.id,
        Withdrawal.status.in_(OPEN_WITHDRAWALS),
    )
    return (
        update(PayoutDetails)
        .where(
            PayoutDetails.replaced_at.is_not(None),
            PayoutDetails.secret.is_not(None),
            ~still_needed.exists(),
        )
        .values(secret=None)
        .execution_options(synchronize_session=False)
    )


def _replace(row: PayoutDetails) -> None:
    row.replaced_at = now()
    row.touch()
    db.session.flush()


def _locked_influencer(actor: Actor) -> str:
    # Two changes at once come one after the other.
    found = db.session.scalar(
        select(Influencer.id)
        .where(Influencer.id == actor.influencer_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound
    return found
