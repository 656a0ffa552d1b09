"""Deposits that an admin confirms from the bank's statement, and the list of all deposits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.audit.service import record
from app.core.actor import Actor, UserStatus
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.extensions import db
from app.core.money import Money
from app.core.paging import Page, PageRequest, paginate
from app.identity.standing import hold_accounts
from app.payments import inbox, manual_wallet_returns, queries
from app.payments.errors import AmountDiffers, SponsorClosed, as_json
from app.payments.gateways import manual
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.lifecycle import DEPOSIT, DepositEvent
from app.payments.models import Deposit
from app.payments.statement_entries import booked_as, check_entry


def all_deposits(page: PageRequest, *, search: str | None = None, **filters: Any) -> Page[Deposit]:
    """Every deposit (for admins); `search` finds a reference or an id, spaces aside."""
    statement = queries.filtered(_deposits(), Deposit, **filters)
    if search:
        plain = search.replace(" ", "")
        statement = statement.where(
            (Deposit.external_id == plain.upper()) | (Deposit.id == plain.lower())
        )
    return paginate(
        statement,
        page,
        sorts={"created_at": Deposit.created_at},
        default="-created_at",
        id_column=Deposit.id,
    )


def get_any_deposit(deposit_id: str, *, locked: bool = False) -> Deposit:
    """A deposit of any sponsor (for admins). Raises NotFound."""
    return _get(deposit_id, locked=locked)


def confirm(
    actor: Actor,
    *,
    deposit_id: str,
    amount: Money,
    entry_id: str,
    return_entry_id: str | None = None,
) -> Deposit:
    """Book what came for a manual deposit, by its entry in the bank's statement.

    Into the wallet of a closed account it comes only together with its way out: the entry by
    which it was sent back. Raises NotFound, RefusedTransition for a deposit that is paid or of
    another gateway, AmountDiffers, SponsorClosed without that entry, Invalid for one of a sponsor
    who is there, and EntryBooked when an entry counted for something else. Nothing is changed
    then.
    """
    row = _manual(deposit_id, DepositEvent.SETTLE)
    closed = _is_closed(actor, row.sponsor_id)
    if closed and return_entry_id is None:
        raise SponsorClosed(
            "Nobody could use this money. Nothing was changed. Send it back at the bank, then "
            "confirm it with `return_entry_id`, the entry by which it was sent back."
        )
    if return_entry_id is not None and not closed:
        raise Invalid(return_entry_id="Leave this out: the account of the sponsor is not closed.")
    expected = row.payment.money
    if amount != expected:
        raise AmountDiffers(
            f"{amount} came, the deposit is of {expected}. Nothing was changed. Send the money "
            f"back and decline this deposit; the sponsor then opens one of the right amount.",
            expected=as_json(expected),
        )
    fact = GatewayFact(
        event_id=f"confirm:{row.id}:{booked_as(entry_id)}",
        kind=FactKind.DEPOSIT_SETTLED,
        subject=row.id,
        amount=amount.amount,
        currency=amount.currency,
        entry_id=booked_as(entry_id),
        statement_id=booked_as(entry_id),
    )
    check_entry(manual.NAME, fact)
    _take_in(actor, row, fact, "deposit.confirmed", entry_id=entry_id)
    if return_entry_id is not None:
        manual_wallet_returns.give_back(
            actor,
            sponsor_id=row.sponsor_id,
            amount=amount,
            entry_id=return_entry_id,
            reason="It came after the account was closed.",
        )
    return _get(row.id)


def decline(actor: Actor, *, deposit_id: str, reason: str) -> Deposit:
    """Say that nothing (or not the right amount) came for a manual deposit.

    Raises NotFound, RefusedTransition for one that is not open or of another gateway.
    """
    row = _manual(deposit_id, DepositEvent.DECLINE)
    fact = GatewayFact(
        event_id=f"decline:{row.id}",
        kind=FactKind.DEPOSIT_DECLINED,
        subject=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        reason=reason,
    )
    _take_in(actor, row, fact, "deposit.declined")
    return _get(row.id)


def _take_in(actor: Actor, row: Deposit, fact: GatewayFact, action: str, **details: str) -> None:
    event = inbox.receive(manual.NAME, fact)
    if event.error is not None:
        raise RefusedTransition(f"Nothing was changed: {event.error}.")
    record(
        actor,
        action,
        subject_type="deposit",
        subject_id=row.id,
        amount=fact.amount,
        currency=fact.currency,
        **details,
    )


def _is_closed(actor: Actor, sponsor_id: str) -> bool:
    """Whether nobody signs in for a sponsor any more; nobody closes the account meanwhile."""
    held = hold_accounts(actor, sponsor_id=sponsor_id)
    owners = [status for user_id, status in held.items() if user_id != actor.user_id]
    return bool(owners) and all(status is UserStatus.CLOSED for status in owners)


def _manual(deposit_id: str, event: DepositEvent) -> Deposit:
    row = _get(deposit_id, locked=True)
    if row.gateway != manual.NAME:
        raise RefusedTransition(
            f"The gateway {row.gateway} tells us of this deposit by itself. Nothing was changed.",
            state=row.status.value,
        )
    if not DEPOSIT.allows(row.status, event):
        raise RefusedTransition(
            f"This deposit is {row.status.value}. Nothing was changed.", state=row.status.value
        )
    return row


def _get(deposit_id: str, *, locked: bool = False) -> Deposit:
    found = _deposits().where(Deposit.id == deposit_id)
    if locked:
        found = found.with_for_update(of=Deposit)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _deposits() -> Select[Deposit]:
    return select(Deposit).options(
        joinedload(Deposit.payment, innerjoin=True), joinedload(Deposit.sponsor, innerjoin=True)
    )
