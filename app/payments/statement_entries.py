"""An entry of a bank's statement counts for one thing: a deposit, payouts, payouts that came back,
money that a sponsor got back, a cost, or the operator's own money."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

from sqlalchemy import ColumnElement, and_, not_, select

from app.core.extensions import db
from app.payments.errors import EntryBooked
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import GatewayEntry

_OUT = (
    FactKind.PAYOUT_PAID, FactKind.COST_CHARGED, FactKind.OWN_MONEY_OUT, FactKind.WALLET_RETURNED,
)  # fmt: skip
_OF_PAYOUTS = (FactKind.PAYOUT_PAID, FactKind.PAYOUT_FAILED, FactKind.PAYOUT_RETURNED)
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


def booked_as(entry_id: str) -> str:
    """The entry that admins name, as it is booked: they type it in small letters or in capitals."""
    return entry_id.translate(_CAPITALS)


def check_entry(gateway: str, fact: GatewayFact) -> None:
    """Refuse an entry that counted for something else: each is of one deposit, of payouts, of
    payouts that came back, or of what was returned of one wallet.

    It is certain once the gateway's cash account is locked. Raises EntryBooked.
    """
    if fact.statement_id is None:
        return
    booked = db.session.scalar(
        select(GatewayEntry.subject)
        .where(
            GatewayEntry.gateway == gateway,
            GatewayEntry.statement_id == fact.statement_id,
            not_(_alike(fact)),
        )
        .order_by(GatewayEntry.id)
        .limit(1)
    )
    if booked is not None:
        raise EntryBooked(
            f"It counted for {booked}. Nothing was changed. Look for another entry in the bank's "
            "statement.",
            booked_for=booked,
        )


def signed_amount(fact: GatewayFact) -> int:
    """What a fact moves at the gateway: in (+) or out (−)."""
    return -fact.amount if fact.kind in _OUT else fact.amount


def _alike(fact: GatewayFact) -> ColumnElement[bool]:
    """Lines that one entry may stand for together with this fact."""
    if fact.kind not in _OF_PAYOUTS:
        return GatewayEntry.subject == fact.subject
    way = GatewayEntry.amount < 0 if signed_amount(fact) < 0 else GatewayEntry.amount > 0
    return and_(way, GatewayEntry.currency == fact.currency, GatewayEntry.subject.like("wdr%"))
