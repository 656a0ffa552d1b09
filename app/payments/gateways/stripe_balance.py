"""What the lines of Stripe's balance mean to us, besides deposits and payouts: costs, and the
operator's own money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.money import MAX_AMOUNT, is_known_currency
from app.payments.gateways.base import FactKind, GatewayFact, MalformedEvent
from app.payments.gateways.stripe_money import from_stripe

# Lines that are a cost as a whole; of every other line its `fee` is one.
_COSTS = frozenset({"stripe_fee", "stripe_fx_fee", "network_cost", "tax_fee"})
# What the operator pays in from their bank, or takes out to it.
_OWN = frozenset({"topup", "topup_reversal", "payout", "payout_cancel", "payout_failure"})


def facts_of(line: Mapping[str, Any]) -> Iterator[GatewayFact]:
    """What a balance transaction says of costs and of the operator's own money.

    Raises MalformedEvent for amounts that are no money of ours.
    """
    amount, fee, kind = line["amount"], line["fee"], line["type"]
    if kind in _COSTS:
        fee -= amount
    elif kind in _OWN:
        yield from _fact(line, amount, "own", FactKind.OWN_MONEY_IN, FactKind.OWN_MONEY_OUT)
    yield from _fact(line, fee, "cost", FactKind.COST_CHARGED, FactKind.COST_RETURNED)


def read(line: Mapping[str, Any]) -> list[GatewayFact]:
    """`facts_of` a line; one that cannot be read is a fact too, so that it holds up no other and
    is seen."""
    try:
        return list(facts_of(line))
    except MalformedEvent:
        said = f"{line['type']} of {line['amount']} {line['currency']}, fee {line['fee']}"
        name = str(line["id"])
        reason = f"the line of the balance is no amount of money: {said}"[:300]
        return [GatewayFact(f"line_{name}", FactKind.UNREADABLE, name, 0, "XXX", reason=reason)]


def _fact(
    line: Mapping[str, Any], units: int, what: str, above: FactKind, below: FactKind
) -> Iterator[GatewayFact]:
    if units == 0:
        return
    currency = str(line["currency"]).upper()
    amount = from_stripe(abs(units), currency) if is_known_currency(currency) else None
    if amount is None or amount > MAX_AMOUNT:
        raise MalformedEvent(f"{line['id']} is no amount of money")
    name = str(line["id"])
    yield GatewayFact(
        event_id=f"{what}_{name}",
        kind=above if units > 0 else below,
        subject=name,
        amount=amount,
        currency=currency,
        entry_id=f"{name}:{what}",
        reason=str(line.get("description") or line["type"])[:300],
    )
