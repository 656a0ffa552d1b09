"""Stripe: Checkout for deposits, Connect transfers and payouts for withdrawals.

Each call carries an idempotency key of ours, a timeout and few retries. A payout has two steps: a
transfer to the payee's connected account, then a payout from there to their bank. If the second
is refused, the first is reversed, so that a withdrawal has failed only once its money is back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import stripe

from app.payments.gateways import stripe_balance, stripe_events
from app.payments.gateways.base import (
    Checkout,
    DepositOrder,
    Event,
    FactKind,
    GatewayFact,
    GatewayUnreachable,
    NotYet,
    PayoutAnswer,
    PayoutOrder,
    PaysBy,
    Refused,
)
from app.payments.gateways.stripe_money import to_stripe

T = TypeVar("T")

CONNECT_SECONDS = 5
READ_SECONDS = 10
RETRIES = 2
LARGEST_UNITS = 99_999_999
# What Stripe answers with when it is certain that it did nothing.
_REFUSALS = (stripe.InvalidRequestError, stripe.CardError, stripe.PermissionError)

# What came in lately is not available yet; the same call succeeds days later.
_NOT_YET = ("balance_insufficient", "insufficient_funds")


@lru_cache(maxsize=8)
def stripe_gateway(key: str, secrets: tuple[str, ...], api_base: str) -> StripeGateway:
    """The gateway of these settings, made once so that its connections are kept."""
    return StripeGateway(key, secrets, api_base)


class StripeGateway:
    """`webhook_secrets` may be several: the endpoint for connected accounts has its own."""

    name = "stripe"
    outcomes: tuple[str, ...] = ()
    pays_by = PaysBy.PAGE
    patience: timedelta | None = timedelta(hours=1)

    def __init__(self, key: str, webhook_secrets: tuple[str, ...], api_base: str = "") -> None:
        self.webhook_secrets = webhook_secrets
        self.client = stripe.StripeClient(
            key,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
            max_network_retries=RETRIES,
            base_addresses={"api": api_base} if api_base else None,
        ).v1

    # --- deposits -------------------------------------------------------------------------------

    def delay(self, outcome: str | None) -> timedelta:
        """There is nothing to wait for."""
        return timedelta()

    def refusal(self, order: DepositOrder) -> str | None:
        """Stripe has a largest amount, and currencies of which it takes whole units only."""
        units = to_stripe(order.amount, order.currency)
        if units is None:
            return "Stripe takes only rounder amounts of this currency."
        if units > LARGEST_UNITS:
            return "Stripe takes no more than 999,999.99 at once: make several deposits."
        return None

    def instructions(self, order: DepositOrder) -> dict[str, str] | None:
        """None: it has a page."""
        return None

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """A Checkout Session; asked for twice with one key, Stripe gives the same one."""
        ours = {"deposit_id": order.deposit_id}
        line = {
            "quantity": 1,
            "price_data": {
                "currency": order.currency.lower(),
                "unit_amount": to_stripe(order.amount, order.currency),
                "product_data": {"name": "Deposit into your wallet"},
            },
        }
        params: Any = {
            "mode": "payment",
            "line_items": [line],
            "client_reference_id": order.deposit_id,
            "metadata": ours,
            "payment_intent_data": {"metadata": ours},
            "success_url": order.return_url,
            "cancel_url": f"{order.return_url}&cancelled=1",
        }
        try:
            session = _call(
                lambda: self.client.checkout.sessions.create(params, _key(order.deposit_id))
            )
        except Refused as refusal:
            return Checkout(
                external_id=f"refused_{order.deposit_id}",
                facts=(stripe_events.deposit_refused(order, str(refusal)),),
            )
        return Checkout(external_id=session.id, pay_url=session.url)

    def find_deposit(self, order: DepositOrder) -> GatewayFact | None:
        """What became of its Checkout Session."""
        name = order.external_id
        if name is None or not name.startswith("cs_"):
            return None
        session = _call(lambda: self.client.checkout.sessions.retrieve(name))
        return stripe_events.of_session(_plain(session), event_id=f"look_{session.id}")

    # --- payouts --------------------------------------------------------------------------------

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
            transfer = _call(lambda: self.client.transfers.create(params, _key(_fresh(order, ""))))
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
            return _call(lambda: self.client.transfers.retrieve(name))
        found = _call(
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
        page = _call(
            lambda: self.client.payouts.list(
                {"limit": 100, "created": {"gte": since}}, {"stripe_account": account}
            )
        )
        ours = (
            payout
            for payout in _call(lambda: list(page.auto_paging_iter()))
            if payout.metadata is not None
            and _plain(payout.metadata).get("withdrawal_id") == order.withdrawal_id
        )
        return next(ours, None)

    def _pay_to_bank(self, order: PayoutOrder, account: str, units: int) -> Any:
        params: Any = {
            "amount": units,
            "currency": order.currency.lower(),
            "metadata": {"withdrawal_id": order.withdrawal_id},
        }
        options: Any = {**_key(_fresh(order, ":payout")), "stripe_account": account}
        return _call(lambda: self.client.payouts.create(params, options))

    def _take_back(self, order: PayoutOrder, transfer: Any, reason: str) -> PayoutAnswer:
        """Reverse the transfer: it failed. Raises GatewayUnreachable while that is not certain."""
        self._reverse(transfer)
        return _failed(order, reason, transfer.id)

    def _reverse(self, transfer: Any) -> None:
        # Without a key of ours, by which Stripe would repeat a refusal for a day: a transfer that
        # was reversed cannot be reversed again.
        try:
            _call(lambda: self.client.transfers.reversals.create(transfer.id, {}))
        except (Refused, NotYet) as refusal:
            raise GatewayUnreachable(f"the transfer cannot be taken back: {refusal}") from refusal

    # --- payees ---------------------------------------------------------------------------------

    def open_payee(self, payee_id: str, *, email: str, country: str) -> str:
        """An Express account whose payouts are made by us alone."""
        params: Any = {
            "type": "express",
            "country": country,
            "email": email,
            "capabilities": {"transfers": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "manual"}}},
            "metadata": {"payee_id": payee_id},
        }
        try:
            opened = _call(lambda: self.client.accounts.create(params, _key(f"payee:{payee_id}")))
        except GatewayUnreachable as error:
            if isinstance(error.__cause__, stripe.IdempotencyError):
                raise Refused(
                    "An account with another country or e-mail address was opened a moment ago. "
                    "Choose the same as before, or repeat this in a day."
                ) from error
            raise
        return str(opened.id)

    def payee_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """Stripe's own pages for the account; a link works once and for minutes."""
        params: Any = {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        }
        return str(_call(lambda: self.client.account_links.create(params)).url)

    def payee_ready(self, account_id: str) -> bool:
        """Whether Stripe lets the account be paid out."""
        return bool(_call(lambda: self.client.accounts.retrieve(account_id)).payouts_enabled)

    def check_key(self) -> None:
        """Read our balance, only to see whether Stripe answers and takes the key.

        Raises Refused when it does not take it, GatewayUnreachable when it does not answer.
        """
        try:
            _call(lambda: self.client.balance.retrieve())
        except GatewayUnreachable as error:
            if isinstance(error.__cause__, stripe.AuthenticationError):
                raise Refused("Stripe does not take this key.") from error
            raise

    def costs(self, since: datetime) -> list[GatewayFact]:
        """What Stripe charged, and what the operator paid in or took out, from `since` on: of
        every line of its balance that is not about a deposit or a payout of ours.

        Raises GatewayUnreachable.
        """
        params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        page = _call(lambda: self.client.balance_transactions.list(params))
        lines = _call(lambda: list(page.auto_paging_iter()))
        return [fact for line in lines for fact in stripe_balance.facts_of(_plain(line))]

    # --- events ---------------------------------------------------------------------------------

    def read_event(self, headers: Mapping[str, str], body: bytes) -> Event:
        """What a webhook says. Raises BadSignature or MalformedEvent."""
        return stripe_events.read(self.webhook_secrets, headers, body)


def _call(ask: Callable[[], T]) -> T:
    """What Stripe answers. Raises Refused when it did nothing for certain, else
    GatewayUnreachable: whether it acted is unknown; NotYet is one of which it is certain that it
    did not, and may later."""
    try:
        return ask()
    except _REFUSALS as error:
        if error.code in _NOT_YET:
            raise NotYet(f"not yet: {error.code}") from error
        raise Refused(error.user_message or "Stripe refused this.") from error
    except stripe.StripeError as error:
        raise GatewayUnreachable(f"{type(error).__name__}: {error.code or error}") from error


def _key(name: str) -> Any:
    return {"idempotency_key": name}


def _fresh(order: PayoutOrder, step: str) -> str:
    """The key of a step. Stripe keeps its first answer under a key, refusals included, so after
    each "not yet" there is another one."""
    return f"{order.withdrawal_id}{step}" + (f":{order.refusals}" if order.refusals else "")


def _plain(resource: Any) -> dict[str, Any]:
    found: dict[str, Any] = resource.to_dict()
    return found


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
