"""Payouts through Stripe Connect: a transfer to the payee's connected account, then a payout from
there to their bank. If the second is refused, the first is reversed, so that a withdrawal has
failed only once its money is back.
"""

from __future__ import annotations

from typing import Any

from app.payments.gateways import stripe_events
from app.payments.gateways.base import (
    FactKind,
    GatewayFact,
    GatewayUnreachable,
    NotYet,
    PayoutAnswer,
    PayoutOrder,
    Refused,
)
from app.payments.gateways.stripe_calls import call, key_of, plain
from app.payments.gateways.stripe_money import to_stripe


class StripePayouts:
    """The part of the gateway that pays out, with the client of its settings."""

    client: Any

    def send_payout(self, order: PayoutOrder) -> PayoutAnswer:
        """Transfer to the connected account, if that can be paid out, then pay out from it."""
        account = order.destination.get("account_id", "")
        units = to_stripe(order.amount, order.currency)
        if not account or units is None:
            reason = "Stripe pays only whole units of this currency."
            return _failed(order, reason if account else "The Stripe account is not connected.")
        try:
            ready = self.payee_ready(account)
        except Refused as refusal:
            return _failed(order, str(refusal))
        if not ready:
            return _failed(
                order, "The Stripe account is not complete yet. Complete it, then withdraw again."
            )
        params: Any = {
            "amount": units,
            "currency": order.currency.lower(),
            "destination": account,
            "transfer_group": order.withdrawal_id,
            "metadata": {"withdrawal_id": order.withdrawal_id},
        }
        try:
            transfer = call(lambda: self.client.transfers.create(params, key_of(_fresh(order, ""))))
        except Refused as refusal:
            return _failed(order, str(refusal))
        return self._pay_on(order, transfer)

    def find_payout(self, order: PayoutOrder) -> PayoutAnswer | None:
        """The transfer and what became of its payout; takes the next step itself."""
        transfer = self._transfer_of(order)
        return None if transfer is None else self._pay_on(order, transfer)

    def find_return(self, order: PayoutOrder) -> GatewayFact | None:
        """A bank may send a payout back days after it was paid: the transfer is reversed then."""
        transfer = self._transfer_of(order)
        if transfer is None:
            return None
        assert isinstance(transfer.destination, str)  # its id: nothing asks for it expanded
        try:
            payout = self._payout_of(order, transfer.destination, transfer.created)
        except Refused:
            return None  # the account cannot be seen any more, so nothing says that it came back
        if payout is None or payout.status not in ("failed", "canceled"):
            return None
        if not transfer.reversed:
            self._reverse(transfer)
        reason = payout.failure_message or "The bank sent it back."
        return stripe_events.returned(order, transfer.id, reason)

    def _transfer_of(self, order: PayoutOrder) -> Any:
        """The transfer of a withdrawal: by its name where that is known, else by its group."""
        name = order.external_id or ""
        if name.startswith("tr_"):
            return call(lambda: self.client.transfers.retrieve(name))
        found = call(
            lambda: self.client.transfers.list({"transfer_group": order.withdrawal_id, "limit": 1})
        )
        return found.data[0] if found.data else None

    def _pay_on(self, order: PayoutOrder, transfer: Any) -> PayoutAnswer:
        """Continue a transfer to its end, from wherever it stands."""
        if transfer.reversed:
            return _failed(order, "The payout was refused.", transfer.id)
        account = transfer.destination
        try:
            payout = self._payout_of(order, account, transfer.created)
            payout = payout or self._pay_to_bank(order, account, transfer.amount)
        except NotYet as later:
            raise NotYet(str(later), begun=transfer.id) from later
        except Refused as refusal:
            return self._take_back(order, transfer, str(refusal))
        if payout.status in ("failed", "canceled"):
            reason = payout.failure_message or "The bank refused the payout."
            return self._take_back(order, transfer, reason)
        if payout.status != "paid":
            return PayoutAnswer(external_id=transfer.id)
        return PayoutAnswer(transfer.id, stripe_events.paid(order, transfer.id))

    def _payout_of(self, order: PayoutOrder, account: str, since: int) -> Any:
        """The payout of a withdrawal on the connected account, if it was made."""
        page = call(
            lambda: self.client.payouts.list(
                {"limit": 100, "created": {"gte": since}}, {"stripe_account": account}
            )
        )
        ours = (
            payout
            for payout in call(lambda: list(page.auto_paging_iter()))
            if payout.metadata is not None
            and plain(payout.metadata).get("withdrawal_id") == order.withdrawal_id
        )
        return next(ours, None)

    def _pay_to_bank(self, order: PayoutOrder, account: str, units: int) -> Any:
        params: Any = {
            "amount": units,
            "currency": order.currency.lower(),
            "metadata": {"withdrawal_id": order.withdrawal_id},
        }
        options: Any = {**key_of(_fresh(order, ":payout")), "stripe_account": account}
        return call(lambda: self.client.payouts.create(params, options))

    def _take_back(self, order: PayoutOrder, transfer: Any, reason: str) -> PayoutAnswer:
        """Reverse the transfer: it failed. Raises GatewayUnreachable while that is not certain."""
        self._reverse(transfer)
        return _failed(order, reason, transfer.id)

    def _reverse(self, transfer: Any) -> None:
        # Without a key of ours, by which Stripe would repeat a refusal for a day: a transfer that
        # was reversed cannot be reversed again.
        try:
            call(lambda: self.client.transfers.reversals.create(transfer.id, {}))
        except (Refused, NotYet) as refusal:
            raise GatewayUnreachable(f"the transfer cannot be taken back: {refusal}") from refusal

    def payee_ready(self, account_id: str) -> bool:
        """Whether Stripe lets the account be paid out."""
        return bool(call(lambda: self.client.accounts.retrieve(account_id)).payouts_enabled)


def _fresh(order: PayoutOrder, step: str) -> str:
    """The key of a step. Stripe keeps its first answer under a key, refusals included, so after
    each "not yet" there is another one."""
    return f"{order.withdrawal_id}{step}" + (f":{order.refusals}" if order.refusals else "")


def _failed(order: PayoutOrder, reason: str, external_id: str | None = None) -> PayoutAnswer:
    fact = GatewayFact(
        event_id=f"failed_{order.withdrawal_id}",
        kind=FactKind.PAYOUT_FAILED,
        subject=order.withdrawal_id,
        amount=order.amount,
        currency=order.currency,
        reason=reason[:300],
    )
    return PayoutAnswer(external_id or f"refused_{order.withdrawal_id}", fact)
