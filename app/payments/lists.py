"""Pages of payments, deposits, withdrawals and transfers, newest first by default."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select

from app.core.actor import Actor
from app.core.clock import end_of_day
from app.core.paging import Page, PageRequest, paginate
from app.payments import queries
from app.payments.models import Payment, Transfer, Withdrawal
from app.payments.readers import reader_of


def payments_of_sponsor(actor: Actor, page: PageRequest, **filters: Any) -> Page[Payment]:
    """What the actor's sponsor sees of its money; days are those of the actor's time zone."""
    return _payments(actor, queries.payments_of_sponsor(actor.sponsor_id), page, **filters)


def payments_of_influencer(actor: Actor, page: PageRequest, **filters: Any) -> Page[Payment]:
    """What the actor sees of their earnings; days are those of their time zone."""
    return _payments(actor, queries.payments_of_influencer(actor.influencer_id), page, **filters)


def withdrawals_of(actor: Actor, page: PageRequest) -> Page[Withdrawal]:
    """The actor's withdrawals."""
    return paginate(
        queries.withdrawals_of(actor.influencer_id),
        page,
        sorts={"created_at": Withdrawal.created_at},
        default="-created_at",
        id_column=Withdrawal.id,
    )


def transfers(page: PageRequest, **filters: Any) -> Page[Transfer]:
    """All transfers (for admins). `account_id` finds both directions."""
    account_id = filters.pop("account_id", None)
    statement = queries.filtered(queries.transfers(), Transfer, **filters)
    if account_id is not None:
        statement = statement.where(
            (Transfer.debit_account_id == account_id) | (Transfer.credit_account_id == account_id)
        )
    return paginate(
        statement, page, sorts={"at": Transfer.at}, default="-at", id_column=Transfer.id
    )


def _payments(
    actor: Actor,
    statement: Select[Payment],
    page: PageRequest,
    *,
    since: date | None = None,
    until: date | None = None,
    **filters: Any,
) -> Page[Payment]:
    """Payments of the days from `since` to `until`, both included, as the actor counts them."""
    statement = queries.filtered(statement, Payment, **filters)
    zone = reader_of(actor).time_zone if since or until else "UTC"
    if since is not None:
        begins = end_of_day(since - timedelta(days=1), zone)
        statement = statement.where(Payment.created_at >= begins)
    if until is not None:
        statement = statement.where(Payment.created_at < end_of_day(until, zone))
    return paginate(
        statement,
        page,
        sorts={"created_at": Payment.created_at, "amount": Payment.amount},
        default="-created_at",
        id_column=Payment.id,
    )
